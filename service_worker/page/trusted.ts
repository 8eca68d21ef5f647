/**
 * The page's policy for what could run: the one file that hands the browser HTML or a script's address. Every page's
 * header says `require-trusted-types-for 'script'; trusted-types bv`, so a browser that knows them refuses any other way
 * in; one that does not takes the plain text.
 */

/** What the browser asks before it takes a text as HTML or as a script's address. */
interface Policy {
  createHTML(html: string): string;
  createScriptURL(address: string): string;
}

const own: Policy = {
  // Only an edition's words come here, and what a provider adds. The server's sanitiser made them. Their hash proved the
  // first on the way; the others came with the catalogue, for this person's token, from the server the phone knows.
  createHTML: (html) => html,
  // There is one worker, whatever address is asked for.
  createScriptURL: () => '/sw.js',
};
const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
// The worker's own policy is made in worker/load.ts, before this file is there.
const policy = (globalThis.document && trustedTypes?.createPolicy('bv', own)) || own;

/** Put an edition's HTML into an element. */
export function setHtml(element: Element, html: string): void {
  element.innerHTML = policy.createHTML(html);
}

/**
 * A script of this build that only some screens need: it is fetched when it is called for, and not kept. Firefox does not ask again for an address that
 * failed while a page lives; what stands behind # makes it another one, and is never sent.
 */
export const load = (address: string): Promise<unknown> => import(address).catch(() => import(`${address}#${(tries += 1)}`));

let tries = 0;

/** Register the one worker there is. Its script is always asked for anew; what that loads never changes under its name. */
export const registerWorker = (): Promise<ServiceWorkerRegistration> =>
  navigator.serviceWorker.register(policy.createScriptURL('/sw.js'), { updateViaCache: 'imports' });

/** The same where nothing waits for it: without signal, or in a browser without workers, the page goes on. */
export const beginWorker = (): void => void (navigator.serviceWorker && registerWorker().catch(() => undefined));
