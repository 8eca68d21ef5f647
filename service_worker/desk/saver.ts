/**
 * Saving by itself: a while after the last keystroke, never two at once, and never a word lost. What the server has not
 * taken lies in this browser. Everything outside comes in through `Surroundings`. No DOM.
 */

/** What the server said to a text. */
export type Reply =
  | { kind: 'saved'; revision: number }
  | { kind: 'moved'; revision: number; by: string; at: string; text: string }
  /** The server cannot be reached, has trouble of its own, or does not know who is asking any more. */
  | { kind: 'no-signal' | 'trouble' | 'signed-out' }
  /** It will not take this text. */
  | { kind: 'refused'; message: string };

export type Moved = Extract<Reply, { kind: 'moved' }>;

/** Words that were not saved, as this browser keeps them. `base` is the text they began with. */
export interface Copy {
  text: string;
  base: string;
  revision: number;
  at: number;
}

export interface Surroundings {
  text(): string;
  send(text: string, basedOn: number): Promise<Reply>;
  /** Keep a copy in this browser, or take it away. Returns whether it is kept. */
  keep(copy: Copy | null): boolean;
  now(): number;
  timer(ms: number, ring: () => void): () => void;
  /** Say how things stand. */
  say(state: State): void;
}

export type State =
  | { kind: 'saved'; at: number; revision: number }
  | { kind: 'saving' | 'changed' }
  | { kind: 'not-saved'; why: 'no-signal' | 'trouble' | 'signed-out'; kept: boolean }
  | { kind: 'refused'; message: string; kept: boolean }
  | { kind: 'moved'; moved: Moved };

/** After the last keystroke; at the latest while somebody goes on typing; before another try (ms). */
export const PAUSE = 1500;
export const LONGEST = 15_000;
export const AGAIN = 10_000;

export class Saver {
  private callOff: (() => void) | null = null;
  private since: number | null = null;
  private sending: Promise<void> | null = null;
  /** Somebody else's text stands in the way until somebody decides. */
  private moved: Moved | null = null;
  private leaving = false;

  constructor(
    private readonly around: Surroundings,
    /** The text the server has, and its number. */
    private text: string,
    private revision: number,
  ) {}

  get base(): string {
    return this.text;
  }

  get clean(): boolean {
    return this.around.text() === this.text;
  }

  /**
   * The page is being left. Its successor may be on the way already with the text of before a save that is answered now,
   * so the copy stays for it to compare.
   */
  leave(): void {
    this.leaving = true;
  }

  /** Something was typed. */
  changed(): void {
    this.leaving = false;
    if (this.clean) {
      this.keep();
      return;
    }
    const now = this.around.now();
    this.since ??= now;
    this.keep();
    if (this.moved) return;
    this.around.say({ kind: 'changed' });
    this.later(Math.max(0, Math.min(PAUSE, this.since + LONGEST - now)));
  }

  /** Keep what is not saved in this browser, at once. */
  keep(): boolean {
    if (this.clean) return !this.leaving && this.around.keep(null);
    return this.around.keep({ text: this.around.text(), base: this.text, revision: this.revision, at: this.around.now() });
  }

  /** Save now, after whatever is under way. Resolves when the server has said something, whatever it was. */
  async save(): Promise<void> {
    while (this.sending) await this.sending;
    if (this.moved || this.clean) return;
    this.sending = this.send().finally(() => (this.sending = null));
    await this.sending;
  }

  /** Somebody decided what the text is now, knowing the other one's. */
  settle(): void {
    if (!this.moved) return;
    [this.text, this.revision, this.moved] = [this.moved.text, this.moved.revision, null];
    this.changed();
    void this.save();
  }

  private later(ms: number): void {
    this.callOff?.();
    this.callOff = this.around.timer(ms, () => void this.save());
  }

  private async send(): Promise<void> {
    const text = this.around.text();
    this.callOff?.();
    this.since = null;
    this.around.say({ kind: 'saving' });
    const reply = await this.around.send(text, this.revision);
    if (reply.kind === 'saved') {
      [this.text, this.revision] = [text, reply.revision];
      this.keep();
      this.around.say({ kind: 'saved', at: this.around.now(), revision: reply.revision });
      if (!this.clean) this.later(PAUSE);
      return;
    }
    const kept = this.keep();
    if (reply.kind === 'moved') {
      this.moved = reply;
      this.around.say({ kind: 'moved', moved: reply });
    } else if (reply.kind === 'refused') this.around.say({ ...reply, kept });
    else {
      this.around.say({ kind: 'not-saved', why: reply.kind, kept });
      this.later(AGAIN);
    }
  }
}
