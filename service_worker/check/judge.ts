/**
 * Is a credential genuine, and does it hold today? The server's verdicts in the server's words (app/credentials/checking.py),
 * from what this phone keeps, with no network. Both sides run the cases in tests/contract/credentials/.
 */

import { unpacked, type Issuer, type Known } from './known.ts';
import { fromBase64Url, isToken, part, single } from './reading.ts';
import { isNamed, strictJson, Unreadable, type Named } from './strict-json.ts';

export type Verdict = 'valid' | 'valid-withdrawal-not-checked' | 'out-of-date' | 'withdrawn' | 'unknown-issuer' | 'altered';

/** What a credential says of itself. Times are ms. */
export interface Said {
  uuid: string;
  name: string;
  person: string;
  issuer: string;
  issuedAt: number;
  validUntil: number | null;
  evidence: string[];
  codes: string[];
}

/** What a check found. Nothing of a credential is told whose signature did not hold: then `said` is null. */
export interface Checked {
  verdict: Verdict;
  words: string;
  reason: string;
  said: Said | null;
}

/** It is signed in a way that takes the server to check. */
export const NEEDS_SERVER = 'needs-signal';

const WORDS: { [verdict in Verdict]: string } = {
  valid: 'Valid now',
  'valid-withdrawal-not-checked': 'Valid, withdrawal not checked',
  'out-of-date': 'Out of date',
  withdrawn: 'Withdrawn',
  'unknown-issuer': 'Not by an issuer we know',
  altered: 'Altered',
};
const CHANGED = 'Its signature does not fit what it says: something was changed after it was signed.';
const NOT_ACCEPTED = 'It is signed in a way that is not accepted here.';
const ANOTHER_KEY = "It is signed with a key that is not one of this issuer's, or is not any more.";
const HEADERS = ['alg', 'typ', 'kid', 'cty', 'jku', 'jwk', 'x5u', 'x5c', 'x5t', 'x5t#S256'];
const TOKEN_TYPES = ['JWT', 'vc+jwt', 'vc+ld+jwt'];
const LONGEST_HEADER = 512;
const LIST_LASTS = 7 * 86_400_000;
const CLOCKS = 5 * 60_000;

/** A verdict that needs no further look. */
class Stop extends Error {
  constructor(
    readonly verdict: Verdict,
    readonly reason: string,
  ) {
    super(reason);
  }
}

const altered = (reason: string): Stop => new Stop('altered', reason);

/** Say what there is to say about a credential's bytes at `now` (ms). Never throws. */
export async function check(data: Uint8Array, known: Known, now: number): Promise<Checked | typeof NEEDS_SERVER> {
  try {
    const text = single(data);
    return isToken(text) ? await judged(text, known, now) : aside(strictJson(text));
  } catch (error) {
    if (error instanceof Stop) return found(error.verdict, error.reason);
    return found('altered', error instanceof Unreadable ? error.message : 'It is not put together as a credential is.');
  }
}

const found = (verdict: Verdict, reason: string, said: Said | null = null, words = WORDS[verdict]): Checked => ({ verdict, words, reason, said });

/** What JSON-LD signs has to be worked out from its vocabularies, which is too much for this file. */
function aside({ proof }: Named): typeof NEEDS_SERVER {
  if (!isNamed(proof) || '@context' in proof) throw new Unreadable('Nobody signed this, or not in a way that is known here.');
  return NEEDS_SERVER;
}

async function judged(token: string, known: Known, now: number): Promise<Checked | typeof NEEDS_SERVER> {
  const [head, body, signature] = token.split('.') as [string, string, string];
  const header = part(head);
  const { iss, jti, sub, nbf, exp, iat: _, ...credential } = part(body);
  const did = issuerOf(credential);
  const entries = entriesOf(credential);
  const issuer = known.issuers.find((each) => each.did === did);
  // Whoever endorses stands below their provider, with its keys; a phone does not keep who they are.
  if (!issuer && known.issuers.some((each) => did.startsWith(`${each.did}:assessors:`))) return NEEDS_SERVER;
  if (!issuer) throw new Stop('unknown-issuer', `It says it is from ${who(did)}. Nobody here knows that issuer.`);
  if (header['alg'] !== 'ES256' || (header['typ'] !== undefined && !TOKEN_TYPES.includes(header['typ'] as string)) || Object.keys(header).some((name) => !HEADERS.includes(name))) throw altered(NOT_ACCEPTED);
  const key = keyOf(issuer, header['kid']);
  if (head.length > LONGEST_HEADER || !(await holds(key, `${head}.${body}`, signature))) throw altered(CHANGED);
  checkClaims(credential, { iss, jti, sub, nbf, exp });
  const said = whatItSays(credential, issuer);
  return doesItHold(entries, issuer, said, now);
}

/** What stands under this name; a thing that is not put together as expected ends the check. */
function at(value: unknown, name: string): unknown {
  if (!isNamed(value) || !Object.hasOwn(value, name)) throw new TypeError(name);
  return value[name];
}

const word = (value: unknown): string => {
  if (typeof value !== 'string') throw new TypeError();
  return value;
};
const named = (value: unknown): Named => {
  if (!isNamed(value)) throw new TypeError();
  return value;
};
const listed = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);

function issuerOf(credential: Named): string {
  const issuer = at(credential, 'issuer');
  return word(isNamed(issuer) ? at(issuer, 'id') : issuer);
}

/** How an issuer is told to people: by the name of its server, where it has one. */
function who(did: string): string {
  if (!did.startsWith('did:web:')) return did.slice(0, 100);
  const host = did.slice(8).split(':')[0]!;
  try {
    return decodeURIComponent(host).slice(0, 100);
  } catch {
    return host.slice(0, 100);
  }
}

interface Entry {
  list: string;
  index: unknown;
}

/** Where it may have been withdrawn. One of a kind that is not known here is no reason to say it was not. */
function entriesOf(credential: Named): Entry[] {
  const entries = listed(credential['credentialStatus']);
  for (const each of entries) {
    if (at(each, 'type') !== 'BitstringStatusListEntry' || typeof at(each, 'statusListCredential') !== 'string') throw altered('Whether it was withdrawn is told in a way that is not known here.');
  }
  if (entries.length > 4) throw altered('It names more lists of withdrawals than a credential needs.');
  return entries
    .filter((each) => ['revocation', 'suspension'].includes(at(each, 'statusPurpose') as string))
    .map((each) => ({ list: at(each, 'statusListCredential') as string, index: (each as Named)['statusListIndex'] }));
}

/** The P-256 key of this name, if the issuer's document lets it sign credentials. Another's, or one that was dropped, does not do. */
function keyOf({ did, document }: Issuer, name: unknown): Named {
  const methods = document['verificationMethod'];
  if (document['id'] === did && typeof name === 'string' && listed(document['assertionMethod']).includes(name)) {
    for (const each of listed(methods)) {
      if (isNamed(each) && each['id'] === name && each['type'] === 'JsonWebKey' && each['controller'] === did) return at(each, 'publicKeyJwk') as Named;
    }
  }
  throw altered(ANOTHER_KEY);
}

async function holds(key: Named, signed: string, signature: string): Promise<boolean> {
  const jwk = Object.fromEntries(['kty', 'crv', 'x', 'y'].map((name) => [name, at(key, name)]));
  try {
    const open = await crypto.subtle.importKey('jwk', jwk as JsonWebKey, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, open, fromBase64Url(signature), new TextEncoder().encode(signed));
  } catch {
    return false;
  }
}

/** The token's own words must not say something else than the credential. */
function checkClaims(credential: Named, claims: Named): void {
  const subject = named(at(credential, 'credentialSubject'));
  const begins = moment(credential['validFrom']);
  const ends = moment(credential['validUntil']);
  const wanted: Named = { iss: issuerOf(credential), jti: credential['id'], sub: subject['id'], nbf: begins === null ? null : Math.trunc(begins / 1000), exp: ends === null ? null : Math.trunc(ends / 1000) };
  if (Object.entries(claims).some(([name, said]) => said !== undefined && said !== null && said !== wanted[name])) throw altered('It contradicts itself.');
}

/** What is shown of a credential whose signature holds. */
function whatItSays(credential: Named, issuer: Issuer): Said {
  const kinds = at(credential, 'type');
  const subject = at(credential, 'credentialSubject');
  if (!Array.isArray(kinds) || !kinds.includes('VerifiableCredential') || !(kinds.includes('OpenBadgeCredential') || kinds.includes('AchievementCredential'))) throw altered('It is signed, but it is no badge.');
  const achievement = at(subject, 'achievement');
  const names = listed(named(subject)['identifier']).filter((each) => named(each)['identityType'] === 'name');
  const issuedAt = moment(at(credential, 'validFrom'));
  if (issuedAt === null) throw altered('It does not say from when it holds.');
  return {
    uuid: 'id' in credential ? word(credential['id']) : '',
    name: word(at(achievement, 'name')),
    person: names.length ? word(at(names[0], 'identityHash')) : '',
    issuer: issuer.name,
    issuedAt,
    validUntil: moment(credential['validUntil']),
    evidence: listed(credential['evidence']).filter((each) => isNamed(each) && 'narrative' in each).map((each) => word(at(each, 'narrative'))),
    codes: listed(named(achievement)['alignment']).filter((each) => isNamed(each) && 'targetCode' in each).map((each) => word(at(each, 'targetCode'))),
  };
}

async function doesItHold(entries: readonly Entry[], issuer: Issuer, said: Said, now: number): Promise<Checked> {
  let unchecked: number | null = null;
  let missing = false;
  for (const { list, index } of entries) {
    const kept = issuer.lists.find(({ url }) => url === list);
    const bits = kept && (await unpacked(kept.bits));
    if (!kept || !bits) {
      missing = true;
      continue;
    }
    const number = typeof index === 'string' && /^[0-9]+$/.test(index) ? Number(index) : -1;
    if (number < 0 || number >= bits.length * 8) return found('altered', 'Its place on the list of withdrawals does not exist.', said);
    if ((bits[Math.floor(number / 8)]! >> (7 - (number % 8))) & 1) return found('withdrawn', `${issuer.name} took it back. It does not count any more.`, said);
    const checked = moment(kept.checked_at) ?? 0;
    if (now - checked > LIST_LASTS) unchecked = Math.min(checked, unchecked ?? checked);
  }
  if (said.issuedAt > now + CLOCKS) return found('out-of-date', `It holds only from ${day(said.issuedAt)}.`, said);
  if (said.validUntil !== null && said.validUntil < now) return found('out-of-date', `It was valid until ${day(said.validUntil)}.`, said);
  const signed = `${issuer.name} signed it on ${day(said.issuedAt)}, and nothing in it was changed.`;
  if (missing) return found('valid-withdrawal-not-checked', `${signed} Whether it was withdrawn could not be looked up.`, said, 'Valid, withdrawal never checked');
  if (unchecked !== null) return found('valid-withdrawal-not-checked', `${signed} Whether it was withdrawn since ${day(unchecked)} is not known.`, said, `Valid, withdrawal not checked since ${day(unchecked)}`);
  return found('valid', `${signed} It was not withdrawn.`, said);
}

/** A moment as credentials write it (dateTimeStamp of XML Schema), in ms; null for none. Throws for anything else. */
function moment(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const read = /^([1-9]\d{3})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))$/.exec(word(value));
  if (!read) throw new TypeError();
  const [year, month, date, hour, minute, second] = read.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const [away, off] = [Number(read[9] ?? 0), Number(read[10] ?? 0)];
  const there = Date.UTC(year, month - 1, date, hour, minute, second);
  // The 30th of February, and other moments there are not.
  if (new Date(there).toISOString().slice(0, 19) !== read[0].slice(0, 19) || away > 23 || off > 59) throw new TypeError();
  const moved = there + Math.trunc(Number(`0${read[7] ?? ''}`) * 1000) - (read[8] === '-' ? -1 : 1) * (away * 60 + off) * 60_000;
  if (moved >= Date.UTC(10_000, 0)) throw new TypeError();
  return moved;
}

/** "15 June 2026", as it is in England. */
export const day = (at: number): string => new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/London' });
