/** A form for a PIN: number pad, show and hide, pasting, no time limit, and room for what was wrong with it. */

import { NotSaved } from '../store/open.ts';
import { announce, icon, make } from './elements.ts';
import { showPin } from './show-pin.ts';

/** The six digits somebody typed or pasted, or null. */
export function sixDigits(typed: string): string | null {
  const digits = typed.replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : null;
}

export interface Wrong {
  words: string;
  /** The PIN itself is to blame, not the line or the phone. */
  blame: boolean;
}

/**
 * `name` begins its ids, `person` is for a password manager, `words` stand on the button. `work` is given six digits
 * and says what was wrong, or null when it has drawn something else.
 */
export function pinForm(name: string, person: string, words: string, work: (pin: string, say: (words: string) => void) => Promise<Wrong | null>): HTMLFormElement {
  const id = `${name}-pin`;
  const field = make('input', { class: 'bv-field__input bv-field__input--short bv-field__input--code', id, name: 'pin', type: 'password', inputmode: 'numeric', autocomplete: 'current-password', maxlength: '12', 'aria-describedby': `${name}-hint`, required: true });
  const wrong = make('p', { class: 'bv-field__error', id: `${name}-wrong` });
  const box = make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: id }, 'Your PIN'), make('p', { class: 'bv-field__hint', id: `${name}-hint` }, '6 digits.'), field);
  const show = make('button', { class: 'bv-button', type: 'button', 'aria-pressed': 'false' }, 'Show the PIN');
  const go = make('button', { class: 'bv-button bv-button--main', type: 'submit', [`data-${name}-now`]: true }, words);
  const form = make('form', { novalidate: true }, make('input', { type: 'hidden', name: 'username', autocomplete: 'username', value: person }), box, make('p', {}, show), go);
  showPin(show, [field]);

  const trouble = ({ words: said, blame }: Wrong): void => {
    field.before(wrong);
    wrong.replaceChildren(icon('warning'), make('span', {}, said));
    box.classList.toggle('bv-field--wrong', blame);
    field.setAttribute('aria-describedby', `${name}-hint ${name}-wrong`);
    if (blame) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
    // Coming to the field reads it out; who is there already has to be told.
    if (document.activeElement === field) announce(said);
    field.focus();
    field.select();
  };
  let busy = false;
  const done = async (): Promise<void> => {
    const pin = sixDigits(field.value);
    const found = pin ? await work(pin, (said) => (go.textContent = said)) : { words: 'Type all 6 digits of your PIN.', blame: true };
    if (found) trouble(found);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    done()
      .catch((error: unknown) => {
        if (!(error instanceof NotSaved)) console.error(error);
        trouble({ words: 'This phone could not keep that. Have another go.', blame: false });
      })
      .finally(() => {
        busy = false;
        go.textContent = words;
      });
  });
  return form;
}
