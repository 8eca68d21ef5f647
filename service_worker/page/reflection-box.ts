/** In your own words: prompts, a box, and who will read it. Saved while it is being written. */

import type { ReflectionQuestion } from '../core/edition.ts';
import { filled, freshId, make } from './elements.ts';
import type { Asking } from './question-form.ts';

/** A pause in writing after which the words are saved (ms). */
const PAUSE = 400;
/** A batch takes records of 64 KB; these are letters of up to 4 bytes. */
const LONGEST = 8000;

export const whoReads = (question: ReflectionQuestion): string =>
  question.shared_with === 'only me' ? 'Only you will read this. It stays on this phone.' : 'Your assessor will read this.';

export function reflectionBox({ question, text, labelledBy, changed, wrote }: Asking<ReflectionQuestion>): HTMLElement {
  const rule = make('p', { class: 'bv-reflect__rule', id: freshId('rule') }, `Do not use real names of people you support. ${whoReads(question)}`);
  const prompts = question.prompts.length ? make('ul', { class: 'bv-reflect__prompts', id: freshId('prompts') }, ...question.prompts.map((prompt) => filled('li', {}, prompt))) : null;
  const box = make('textarea', {
    class: 'bv-field__input bv-reflect__box',
    rows: '6',
    maxlength: String(LONGEST),
    'aria-labelledby': labelledBy,
    'aria-describedby': prompts ? `${prompts.id} ${rule.id}` : rule.id,
    autocapitalize: 'sentences',
  });
  box.value = text;
  let saved = text;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const save = (): void => {
    clearTimeout(waiting);
    if (box.value === saved) return;
    saved = box.value;
    wrote(saved);
    changed({ written: saved.trim() !== '' });
  };
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    // The first letter is saved at once: it also brings the button.
    if (!saved) save();
    else waiting = setTimeout(save, PAUSE);
  });
  box.addEventListener('blur', save);
  document.addEventListener('visibilitychange', save);
  return make('div', { class: 'bv-reflect' }, prompts, rule, box);
}
