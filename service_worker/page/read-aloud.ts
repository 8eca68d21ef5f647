/** Hear it: the phone's own voice reads what is on screen. Nothing leaves the phone but what its voice sends. */

import { setValue, value, type Settings } from '../store/phone.ts';
import { announce, icon, make } from './elements.ts';
import { bestVoice, sentences } from './sentences.ts';

/** Some browsers list their voices only a moment after they are asked (ms). */
const PATIENCE = 2000;

/** How fast it reads, 1 being the voice's own speed. */
const RATE = 0.95;
const SLOW = 0.7;

const settingsNow = async (): Promise<Settings> => (await value('settings').catch(() => undefined)) ?? {};

/** Put the speaker button first into `place`, unless it was switched off in Me. `text` gives the words at the time they are to be read. */
export function readAloud(place: HTMLElement, text: () => string, lang: string): void {
  const box = make('div', { class: 'bv-aloud' });
  place.prepend(box);
  void settingsNow().then(async ({ aloud = true }) => {
    if (!aloud) return box.remove();
    const found = await voiceFor(lang);
    if (found) new Reader(box, text, found);
    // Me says it, once; on every lesson it would only be in the way.
    else box.remove();
  });
}

/** The best voice of this phone for a language, or null. */
export function voiceFor(lang: string): Promise<SpeechSynthesisVoice | null> {
  if (typeof speechSynthesis === 'undefined' || typeof SpeechSynthesisUtterance === 'undefined') return Promise.resolve(null);
  const find = (): SpeechSynthesisVoice | null => bestVoice(speechSynthesis.getVoices(), lang);
  const now = find();
  if (now) return Promise.resolve(now);
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(late);
      speechSynthesis.removeEventListener?.('voiceschanged', done);
      resolve(find());
    };
    const late = setTimeout(done, PATIENCE);
    speechSynthesis.addEventListener?.('voiceschanged', done);
  });
}

class Reader {
  private readonly words = make('span');
  private readonly press = make('button', { type: 'button', class: 'bv-button bv-button--quiet bv-aloud__button' });
  private readonly note = make('p', { class: 'bv-aloud__note' });
  /** The number of the reading under way, 0 for none: a voice that was stopped may still report an end. */
  private reading = 0;
  private turn = 0;
  private told = false;

  constructor(
    box: HTMLElement,
    private readonly text: () => string,
    private readonly voice: SpeechSynthesisVoice,
  ) {
    this.idle();
    this.press.addEventListener('click', () => void this.pressed());
    box.append(this.press, this.note);
    addEventListener('pagehide', () => this.stop());
  }

  private idle(): void {
    this.words.textContent = 'Read aloud';
    this.press.replaceChildren(icon('speaker'), this.words);
  }

  private async pressed(): Promise<void> {
    if (this.reading) return this.stop();
    const settings = await settingsNow();
    if (!this.told && !settings['aloudTold']) {
      // Said before the first word is read, as a voice in a moving car is what it is about.
      this.told = true;
      this.note.textContent = 'Only listen when you are parked.';
      this.words.textContent = 'I am parked. Read aloud';
      announce('Only listen when you are parked.');
      return;
    }
    this.note.textContent = '';
    if (this.told) await setValue('settings', { ...settings, aloudTold: true }).catch(() => undefined);
    this.start(settings.aloudSlow ? SLOW : RATE);
  }

  private start(rate: number): void {
    const mine = (this.reading = this.turn += 1);
    const pieces = sentences(this.text());
    this.words.textContent = 'Stop reading';
    this.press.replaceChildren(icon('stop'), this.words);
    const next = (): void => {
      const piece = pieces.shift();
      if (mine !== this.reading) return;
      if (piece === undefined) return this.stop();
      const said = new SpeechSynthesisUtterance(piece);
      said.voice = this.voice;
      said.lang = this.voice.lang;
      said.rate = rate;
      said.onend = next;
      said.onerror = () => mine === this.reading && this.stop();
      speechSynthesis.speak(said);
    };
    speechSynthesis.cancel();
    next();
  }

  private stop(): void {
    this.reading = 0;
    speechSynthesis.cancel();
    this.idle();
  }
}
