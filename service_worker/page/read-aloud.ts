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
    if (found) reader(box, text, found);
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

/** The button in `box`, which reads and stops. */
function reader(box: HTMLElement, text: () => string, voice: SpeechSynthesisVoice): void {
  const words = make('span');
  const press = make('button', { type: 'button', class: 'bv-button bv-button--quiet bv-aloud__button' });
  const note = make('p', { class: 'bv-aloud__note' });
  /** The number of the reading under way, 0 for none: a voice that was stopped may still report an end. */
  let reading = 0;
  let turn = 0;
  let told = false;
  const show = (sign: string, said: string): void => {
    words.textContent = said;
    press.replaceChildren(icon(sign), words);
  };
  const stop = (): void => {
    reading = 0;
    speechSynthesis.cancel();
    show('speaker', 'Read aloud');
  };
  const start = (rate: number): void => {
    const mine = (reading = turn += 1);
    const pieces = sentences(text());
    show('stop', 'Stop reading');
    const next = (): void => {
      const piece = pieces.shift();
      if (mine !== reading) return;
      if (piece === undefined) return stop();
      const said = new SpeechSynthesisUtterance(piece);
      said.voice = voice;
      said.lang = voice.lang;
      said.rate = rate;
      said.onend = next;
      said.onerror = () => mine === reading && stop();
      speechSynthesis.speak(said);
    };
    speechSynthesis.cancel();
    next();
  };
  const pressed = async (): Promise<void> => {
    if (reading) return stop();
    const settings = await settingsNow();
    if (!told && !settings['aloudTold']) {
      // Said before the first word is read, as a voice in a moving car is what it is about.
      told = true;
      note.textContent = 'Only listen when you are parked.';
      words.textContent = 'I am parked. Read aloud';
      announce('Only listen when you are parked.');
      return;
    }
    note.textContent = '';
    if (told) await setValue('settings', { ...settings, aloudTold: true }).catch(() => undefined);
    start(settings.aloudSlow ? SLOW : RATE);
  };
  show('speaker', 'Read aloud');
  press.addEventListener('click', () => void pressed());
  box.append(press, note);
  addEventListener('pagehide', stop);
}
