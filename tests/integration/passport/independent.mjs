// Lets programs that are not ours judge learning records and presentations. Reads {documents, fetched, records,
// presentations} as JSON from standard input, prints {records: [{vc, core}], presentations: [bool]}. Nothing goes over a
// network: an address that was not given is an error.
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as vc from "@digitalbazaar/vc";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { text } from "node:stream/consumers";

const { documents, fetched, records, presentations } = JSON.parse(await text(process.stdin));

globalThis.fetch = async (asked) => {
  const url = String(asked.url ?? asked);
  // Vocabularies that it does not bring itself lie where they are published.
  const found = fetched[url] ?? documents[url];
  if (!found) return new Response("not here", { status: 404 });
  return new Response(JSON.stringify(found), { headers: { "Content-Type": "application/json" } });
};
const core = await import("@digitalcredentials/verifier-core");

const documentLoader = async (url) => {
  const [whole] = url.split("#");
  let document = documents[url] ?? documents[whole];
  if (document === undefined) throw new Error(`not given: ${url}`);
  if (url !== whole && whole.startsWith("did:")) {
    const method = document.verificationMethod.find((each) => each.id === url);
    document = { "@context": "https://w3id.org/security/multikey/v1", ...method };
  }
  return { contextUrl: null, documentUrl: url, document };
};
const suite = () => new DataIntegrityProof({ cryptosuite });

const judged = { records: [], presentations: [] };
for (const credential of records) {
  const byVc = await vc.verifyCredential({ credential: structuredClone(credential), suite: suite(), documentLoader });
  const byCore = await core.verifyCredential({ credential: structuredClone(credential), knownDIDRegistries: [] });
  const log = Object.fromEntries((byCore.log ?? []).map((each) => [each.id, each.valid]));
  judged.records.push({ vc: byVc.verified, core: log.valid_signature === true, why: JSON.stringify(byCore.errors ?? byCore.log ?? "").slice(0, 400) });
}
for (const presentation of presentations) {
  const done = await vc.verify({ presentation, unsignedPresentation: true, suite: suite(), documentLoader, checkStatus });
  judged.presentations.push(done.verified);
}
process.stdout.write("\n" + JSON.stringify(judged));
