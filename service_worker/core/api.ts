/** The shapes of the server's answers (`/api/v1/…`). What the phone shows = the last snapshot + its own records. */

import type { Decision, Envelope, Method, ReceiptWord } from './records.ts';
import type { EditionStep, Status } from './status.ts';

export const PROTO = 1;

export interface Receipt {
  id: string;
  r: ReceiptWord;
  code?: string;
  result?: unknown;
}

/** Count and XOR (16 hex digits) of the first 8 bytes of SHA-256(id) over the ids one phone knows the server to hold. */
export interface Held {
  n: number;
  x: string;
}

export interface Batch {
  proto: number;
  server: string;
  dev: string;
  person: string;
  batch: string;
  app: string;
  now: string;
  held: Held;
  records: Envelope[];
}

export interface BatchReply {
  proto: number;
  server: string;
  batch: string;
  now: string;
  receipts: Receipt[];
  have?: string[];
  rotate?: boolean;
}

export interface CatalogueMedia {
  sha: string;
  bytes: number;
  type: string;
  kind: 'picture' | 'sound';
}

export interface CatalogueModule {
  key: string;
  edition: number;
  sha: string;
  /** Size on the wire (Brotli). */
  bytes: number;
  title: string;
  /** With what was asked of this person; of the others only a server of an earlier release says it here. */
  summary?: string;
  minutes: number;
  topic: string;
  pack: string;
  /** Size of all its pictures and sounds; left out where there are none. The edition lists them. */
  media_bytes?: number;
  /** As servers of an earlier release list them: empty from a newer one, and of no more use than their sum. */
  media: CatalogueMedia[];
  assigned: boolean;
  due: string | null;
  supersedes?: string[];
  /** Every published edition, oldest first; what `standing` needs. */
  chain?: EditionStep[];
  change?: 'minor' | 'major';
  /** The provider's own: its files are sent only with the reading token. */
  private?: true;
}

/** Bytes on the wire of a module's pictures and sounds. */
export const mediaBytes = ({ media_bytes, media }: CatalogueModule): number => media_bytes ?? media.reduce((sum, one) => sum + one.bytes, 0);

/** What is new, each whole and only where it changed; `own`: parts (core/parts.ts) of the modules this person is asked for. */
export interface News {
  proto: number;
  server: string;
  /** What to say next time that the phone has. */
  here: string;
  /** One figure for the modules this person is not asked for. */
  library: string;
  state?: Snapshot;
  about?: Pick<Catalogue, 'glossary' | 'topics' | 'withdrawn' | 'local'>;
  words?: { [word: string]: string };
  own?: { [part: string]: CatalogueModule[] };
}

/** What modules are about, by key. */
export interface Summaries {
  proto: number;
  server: string;
  summaries: { [module: string]: string };
}

export interface Catalogue {
  proto: number;
  server: string;
  catalogue: string;
  glossary: { sha: string; bytes: number } | null;
  topics: { pack: string; key: string; title: string; standard: number | null }[];
  modules: CatalogueModule[];
  withdrawn: { key: string; sha: string; reason: string; safety: boolean }[];
  /** What the provider adds to modules, as sanitised HTML by module, and its name; left out where it adds nothing. */
  local?: { from: string; pages: { [module: string]: string } };
}

export interface SnapshotResult {
  record: string;
  module: string;
  edition: number;
  sha: string;
  at: string;
  received: string;
  /** How long it took; a server of an earlier release does not say. */
  seconds?: number;
  score: number;
  passed: boolean;
  questions: { id: string; first: number | null; last: number | null; tries: number }[];
  feedback?: { [question: string]: unknown };
}

/** A goal of a development plan; `by` is a day, `comment` the latest of a manager. */
export interface Goal {
  id: string;
  text: string;
  by: string | null;
  done: boolean;
  from: 'me' | 'manager';
  comment: string | null;
}

/** One kind of talk with one's manager: when it comes next, when it was last, and what was shared and agreed then. */
export interface Meeting {
  kind: string;
  next_on: string | null;
  held_on: string | null;
  notes: string | null;
  actions: { text: string; by: string | null; done: boolean }[];
}

/** One task a clinician found this person competent to do, for one person receiving care (`for`: an alias). `withdrawn`: why it ended. */
export interface Delegated {
  id: string;
  task: string;
  for: string;
  limits: string;
  until: string;
  by: string;
  withdrawn: string | null;
}

export interface Snapshot {
  proto: number;
  server: string;
  now: string;
  /** Which catalogue is the present one; a server of an earlier release does not say. */
  catalogue?: string;
  person: { id: string; name: string };
  provider: { id: string; name: string; contact: string };
  assignments: { module: string; due: string | null; assigned_at: string }[];
  results: SnapshotResult[];
  modules: {
    [key: string]: {
      status: Status;
      completed_at: string | null;
      valid_until: string | null;
      due: string | null;
      edition: number | null;
    };
  };
  resets: { [module: string]: string };
  held: number;
  /** Ids of the records still held; a server of an earlier release does not say. */
  holding?: string[];
  messages: { id: string; at: string; from: string; text: string; pinned: boolean; nudge?: boolean }[];
  /** The key a browser subscribes with, where this server can show messages on lock screens. */
  push?: string;
  /** The development plan, and the talks with one's manager; a server without supervision says nothing. */
  goals?: Goal[];
  meetings?: Meeting[];
  /** Delegated tasks; a server without them says nothing. */
  delegated?: Delegated[];
  standards: { number: number; title: string; know: { done: number; of: number }; shown: { done: number; of: number } }[];
  /** How many observations wait for this person's word, and how many standards they may watch; a server without practice says nothing. */
  practice?: { to_confirm: number; scope: number } | null;
}

/** What came of an observation, as the server sees it. */
export type ObservationState = 'waiting-for-learner' | 'counts' | 'disagreed' | 'out-of-scope' | 'own-practice' | 'withdrawn';

export interface Criterion {
  code: string;
  text: string;
  confirmed: boolean;
  /** May it be shown by simulation? */
  simulation: boolean;
}

/** Practice observed: what one person may watch, has watched, is to confirm, and has shown. Days are YYYY-MM-DD. */
export interface Practice {
  proto: number;
  server: string;
  /** Numbers of the standards this person may watch now. */
  scope: number[];
  people: { id: string; name: string }[];
  framework: { key: string; standards: { number: number; title: string; criteria: Criterion[] }[] } | null;
  mine: { id: string; learner: { id: string; name: string }; standard: number; seen_on: string; decisions: { code: string; decision: Decision }[]; short: string; state: ObservationState; comment: string | null; other?: boolean }[];
  to_confirm: {
    id: string;
    assessor: string;
    standard: number;
    title: string;
    method: Method;
    seen_on: string;
    decisions: { code: string; text: string; decision: Decision; saw: string }[];
    next_step: string | null;
    next_on: string | null;
    short: string;
  }[];
  shown: { [code: string]: { on: string; by: string } };
  next: { code: string; text: string; standard: number; next_step: string; next_on: string }[];
}

/** A VC-JWT taken apart: `head` and `body` are the texts it was signed over, before base64url. */
export interface Signed {
  head: string;
  body: string;
  signature: string;
}

/** One thing somebody can show. Without `id` and `signed` it is met and not signed. Times are ISO. */
export interface PassportItem {
  id?: string;
  kind: 'knowledge' | 'practice' | 'standard' | 'certificate' | 'elective';
  standard: number | null;
  name: string;
  at: string;
  until?: string;
  withdrawn?: string;
  why?: string;
  signed?: Signed;
}

/** A link somebody made to show some of it, without its token. `others`: things of another place in it. */
export interface PassportLink {
  id: string;
  form: 'link' | 'pdf';
  for: string;
  since: string;
  until: string;
  taken_back?: string;
  items: string[];
  others: number;
  looks: { kind: 'page' | 'json' | 'clr' | 'pdf' | 'said'; at: string; by?: string }[];
}

/** What one person can show of one place. `signs`: the server signs what is met. */
export interface Passport {
  proto: number;
  server: string;
  signs: boolean;
  items: PassportItem[];
  links: PassportLink[];
}

/** The answer to enrolling this phone. */
export interface Enrolment {
  proto: number;
  server: string;
  dev: string;
  append: string;
  read: string;
  person: { id: string; name: string };
  provider: { id: string; name: string };
  /** When the newest of their passkeys was added, if they have one. */
  passkey?: string | null;
}
