/**
 * What stands for `page/trusted.ts` in the file of the check page (build.mjs puts it there): a page has one policy of
 * that name, this one runs the check page's own worker, and strangers' words are shown as text alone.
 */

const ADDRESS = '/credentials/check-worker.js';
/** The worker answers for this page alone, beside the app's own where there is one. */
const SCOPE = '/credentials/check';

const own = { createScriptURL: (_: string): string => ADDRESS };
const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: typeof own): typeof own } };

export function setHtml(): never {
  throw new Error('The check page shows text alone');
}

/** Register the worker that keeps this page for when there is no signal. */
export const registerWorker = (workers: ServiceWorkerContainer): Promise<ServiceWorkerRegistration> =>
  workers.register((trustedTypes?.createPolicy('bv', own) ?? own).createScriptURL(''), { scope: SCOPE });
