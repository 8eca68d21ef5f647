/**
 * Judge one page with Lighthouse, mobile, in a Chromium that listens already: `node run.mjs <port> <address> [keep]`.
 *
 * Prints JSON: `scores` of 0 to 100 by category, and `lost`, the audits that cost something. `keep`: what the browser has
 * stored stays, as for a page that shows what is on the phone.
 */
import lighthouse from 'lighthouse';

const [port, address, keep] = process.argv.slice(2);
const flags = { port: Number(port), output: 'json', logLevel: 'error', disableStorageReset: keep === 'keep', maxWaitForLoad: 45_000 };
const { lhr } = await lighthouse(address, flags);
if (lhr.runtimeError) throw new Error(`${lhr.runtimeError.code}: ${lhr.runtimeError.message}`);
const scores = Object.fromEntries(Object.values(lhr.categories).map(({ id, score }) => [id, Math.round(score * 100)]));
const lost = Object.values(lhr.categories).flatMap(({ id, auditRefs }) =>
  auditRefs
    .filter(({ id: audit, weight }) => weight && lhr.audits[audit].score !== null && lhr.audits[audit].score < 1)
    .map(({ id: audit }) => ({ category: id, audit, score: lhr.audits[audit].score, said: lhr.audits[audit].displayValue ?? lhr.audits[audit].title, items: (lhr.audits[audit].details?.items ?? []).slice(0, 5) })),
);
console.log(JSON.stringify({ scores, lost }));
