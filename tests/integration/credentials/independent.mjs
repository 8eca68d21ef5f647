// Lets two programs that are not ours judge credentials. Reads {documents, fetched, credentials} as JSON from standard
// input, where `documents` and `fetched` give what lies at an address; prints a list of {vc, core} as JSON.
// Nothing goes over a network: an address that was not given is an error.
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { text } from "node:stream/consumers";

const { documents, fetched, credentials } = JSON.parse(await text(process.stdin));

globalThis.fetch = async (asked) => {
  const url = String(asked.url ?? asked);
  if (!(url in fetched)) return new Response("not here", { status: 404 });
  return new Response(JSON.stringify(fetched[url]), { headers: { "Content-Type": "application/json" } });
};
// Asked for only now, so that what they keep of `fetch` is the one above.
const core = await import("@digitalcredentials/verifier-core");

const documentLoader = async (url) => {
  const [whole, part] = url.split("#");
  let document = documents[url] ?? documents[whole];
  if (document === undefined) throw new Error(`not given: ${url}`);
  if (part && whole.startsWith("did:")) {
    const method = document.verificationMethod.find((each) => each.id === url);
    document = { "@context": "https://w3id.org/security/multikey/v1", ...method };
  }
  return { contextUrl: null, documentUrl: url, document };
};

async function byVc(credential) {
  const suite = new DataIntegrityProof({ cryptosuite });
  const result = await vc.verifyCredential({ credential, suite, documentLoader, checkStatus });
  // It says that the list is genuine, and leaves it to its caller to look at the bit.
  const revoked = (result.statusResult?.results ?? []).some((each) => each.status);
  return { verified: result.verified && result.statusResult?.verified === true && !revoked, why: why(result) };
}

function why(result) {
  const found = [result.error, ...(result.error?.errors ?? [])].filter(Boolean);
  return found.map((each) => `${each.name}: ${each.message}`).join("; ").slice(0, 400);
}

async function byCore(credential) {
  const result = await core.verifyCredential({ credential, knownDIDRegistries: [] });
  const log = Object.fromEntries((result.log ?? []).map((each) => [each.id, each.valid]));
  return { log, why: (result.errors ?? []).map((each) => `${each.name}: ${each.message}`).join("; ").slice(0, 400) };
}

const judged = [];
for (const credential of credentials) {
  judged.push({ vc: await byVc(structuredClone(credential)), core: await byCore(structuredClone(credential)) });
}
process.stdout.write(JSON.stringify(judged));
