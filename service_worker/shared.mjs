/**
 * Files beside app.js that use what app.js has, so that nothing is on the wire twice. Their sources import it as they would
 * anything else. Here each such import becomes a place in one list, `globalThis.bv`, which app.js makes at its end: named by
 * number, as both come from the same build, and every page names both by their hash.
 */
import { relative } from 'node:path';
import { build } from 'esbuild';

const NAMESPACE = 'app';
const FOUND = /^(?:var|let|const) ([\w$]+) = \/\* @__PURE__ \*\/ fromApp\("([^"]+)"\);\n/gm;

/** What app.js of this entry shares. `options`: for every esbuild run. */
export async function sharedBy(entry, options) {
  const root = options.absWorkingDir;
  const { metafile } = await build({ ...options, stdin: entry, bundle: true, write: false, metafile: true });
  const inputs = Object.keys(metafile.inputs).filter((path) => path.endsWith('.ts'));
  const alone = await build({ ...options, entryPoints: inputs, outdir: 'unused', outbase: '.', format: 'esm', bundle: false, write: false, metafile: true });
  const names = new Map(Object.values(alone.metafile.outputs).map(({ entryPoint, exports }) => [entryPoint, exports]));
  /** "path:name", in the order of the list. */
  const list = [];

  const plugin = {
    name: 'from-app',
    setup({ onResolve, onLoad, resolve }) {
      onResolve({ filter: /^\./ }, async ({ path, pluginData, ...about }) => {
        if (pluginData === NAMESPACE) return undefined;
        const found = await resolve(path, { ...about, pluginData: NAMESPACE });
        const own = relative(root, found.path);
        return names.has(own) ? { path: own, namespace: NAMESPACE, sideEffects: false } : found;
      });
      onLoad({ filter: /./, namespace: NAMESPACE }, ({ path }) => ({
        contents: names.get(path).map((name) => `export const ${name} = /* @__PURE__ */ fromApp(${JSON.stringify(`${path}:${name}`)});`).join('\n'),
      }));
    },
  };

  return {
    /** The text of a file that uses them, not yet made small. */
    async file(source) {
      const { outputFiles } = await build({ ...options, ...source, plugins: [plugin], bundle: true, write: false, format: 'esm' });
      const places = [];
      const text = outputFiles[0].text.replace(FOUND, (_, name, key) => {
        if (!list.includes(key)) list.push(key);
        places[list.indexOf(key)] = name;
        return '';
      });
      if (text.includes('fromApp(')) throw new Error('What is used of app.js was not found.');
      return `const [${Array.from(places, (name) => name ?? '').join(', ')}] = globalThis.bv;\n${text}`;
    },
    /** What app.js says at its end. Ask after the last file. */
    entry: () => ({
      ...entry,
      contents: [
        entry.contents,
        ...list.map((key, place) => `import { ${key.split(':')[1]} as shared${place} } from './${relative(entry.resolveDir, `${root}/${key.split(':')[0]}`)}';`),
        `globalThis.bv = [${list.map((_, place) => `shared${place}`).join(', ')}];`,
      ].join('\n'),
    }),
  };
}
