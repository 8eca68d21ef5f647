/**
 * Easy-read letters (Andika): fetched when somebody switches them on, then kept for when there is no signal. The worker
 * finds them by their address in whatever cache they lie, as it does all built files.
 */

import type { Deps } from '../../sync/deps.ts';
import { keepFiles } from '../keep-file.ts';

/** The files this build's stylesheet has for them. */
function lettersNamed(): string[] {
  return [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].flatMap((rule) => {
      const file = rule instanceof CSSFontFaceRule ? /url\("?([^")]+)/.exec(rule.style.getPropertyValue('src'))?.[1] : undefined;
      return file ? [new URL(file, sheet.href ?? location.href).pathname] : [];
    }),
  );
}

/**
 * Get what is missing of these files and let go of those of an earlier build. Returns whether all of them are here;
 * what did not come is asked for again with the next call.
 */
export const keepLetters = async (deps: Deps, addresses: readonly string[] = lettersNamed()): Promise<boolean> =>
  // No stylesheet, no news: what is here stays.
  addresses.length > 0 && keepFiles(deps, addresses, 'letters', 'font/woff2');
