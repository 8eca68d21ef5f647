/**
 * "Sign in to send 3 results": the PIN, on the phone it was chosen for. It stands above the list of what waits and
 * leaves it alone; reading and answering go on without it.
 */

import { NotSaved } from '../store/open.ts';
import { records } from '../store/person.ts';
import type { Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { sendAll, type SendReport } from '../sync/send.ts';
import { changed, whenChanged } from './changes.ts';
import { announce, icon, make } from './elements.ts';
import { firstFetch } from './enrol.ts';
import { unsentOf } from './facts.ts';
import { currentPerson } from './go.ts';
import { paragraph, sign } from './pieces.ts';
import { showPin } from './show-pin.ts';
import { signIn, signInWords, sixDigits } from './sign-in.ts';
import { outcomeOf } from './waiting-words.ts';

/** Draw the form into `host` while this person's sending is paused. */
export function signInAgain(host: HTMLElement, deps: Deps): void {
  let shown = '';
  const title = make('h2', { class: 'bv-card__title' });
  whenChanged(async () => {
    const who = await currentPerson();
    const state = who?.paused ? `${who.id} ${who.paused}` : '';
    if (who?.paused) title.textContent = signInWords(who.paused, unsentOf(await records(who.id)));
    // Drawn once: a PIN half typed, and what was said about the last one, outlive every change around them.
    if (state === shown) return;
    // The words of success stay until the next pause.
    if (who?.paused) host.replaceChildren(make('section', { class: 'bv-card bv-card--main bv-section', 'data-sign-in': who.paused }, title, ...(who.paused === 'sign-in' ? form(host, deps, who) : [forgot(who, 'The server knows this phone as somebody else’s.')])));
    else if (shown && host.querySelector('[data-sign-in]')) host.replaceChildren();
    shown = state;
  });
}

const forgot = (who: Person, words: string): HTMLElement =>
  make('div', {}, paragraph(`${words} Ask ${who.contact ?? 'your manager'} for a new code, and use it on this phone. All of this stays here until then.`), make('p', {}, make('a', { href: '/join' }, 'I have a code')));

const TRIES = 20;
const PAUSE = 500;

/** Send at once; a sender that is under way has the old tokens, so it is waited for. */
async function sendNow(deps: Deps, id: string): Promise<SendReport> {
  for (let left = TRIES; ; left -= 1) {
    const report = await sendAll(deps, { force: true, person: id });
    if (report.ran || !left) return report;
    await new Promise<void>((resolve) => deps.timer(PAUSE, resolve));
  }
}

function form(host: HTMLElement, deps: Deps, who: Person): HTMLElement[] {
  const field = make('input', { class: 'bv-field__input bv-field__input--short bv-field__input--code', id: 'sign-in-pin', name: 'pin', type: 'password', inputmode: 'numeric', autocomplete: 'current-password', maxlength: '12', 'aria-describedby': 'sign-in-hint', required: true });
  const wrong = make('p', { class: 'bv-field__error', id: 'sign-in-wrong' });
  const box = make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: field.id }, 'Your PIN'), make('p', { class: 'bv-field__hint', id: 'sign-in-hint' }, '6 digits.'), field);
  const show = make('button', { class: 'bv-button', type: 'button', 'aria-pressed': 'false' }, 'Show the PIN');
  const go = make('button', { class: 'bv-button bv-button--main', type: 'submit', 'data-sign-in-now': true }, 'Sign in and send');
  const entry = make('form', { novalidate: true }, make('input', { type: 'hidden', name: 'username', autocomplete: 'username', value: who.name }), box, make('p', {}, show), go);
  showPin(show, [field]);

  const trouble = (words: string, blame: boolean): void => {
    field.before(wrong);
    wrong.replaceChildren(icon('warning'), make('span', {}, words));
    box.classList.toggle('bv-field--wrong', blame);
    field.setAttribute('aria-describedby', 'sign-in-hint sign-in-wrong');
    if (blame) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
    // Coming to the field reads it out; who is there already has to be told.
    if (document.activeElement === field) announce(words);
    field.focus();
    field.select();
  };
  let busy = false;
  const done = async (): Promise<void> => {
    const pin = sixDigits(field.value);
    if (!pin) return trouble('Type all 6 digits of your PIN.', true);
    go.textContent = 'Signing in…';
    const given = await signIn(deps, who.id, pin);
    if (given.end !== 'ready') return trouble(given.words, given.end === 'mend');
    go.textContent = 'Sending…';
    const report = await sendNow(deps, who.id);
    const words = `You are signed in. ${outcomeOf(report.people[0], report.ran)}`;
    const news = make('p', { class: 'bv-card bv-section bv-strong', tabindex: '-1', 'data-signed-in': true }, sign(words, 'tick'));
    host.replaceChildren(news);
    news.focus();
    changed();
    // New tokens also read: what a manager asked for meanwhile comes now.
    await firstFetch(deps, who.id);
    changed();
  };
  entry.addEventListener('submit', (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    done()
      .catch((error: unknown) => {
        if (!(error instanceof NotSaved)) console.error(error);
        trouble('This phone could not keep that. Have another go.', false);
      })
      .finally(() => {
        busy = false;
        go.textContent = 'Sign in and send';
      });
  });
  return [paragraph('Your sign-in on this phone has ended. What you did is safe here.'), entry, make('div', { class: 'bv-section' }, forgot(who, 'Forgot it?'))];
}
