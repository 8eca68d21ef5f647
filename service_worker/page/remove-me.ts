/**
 * "Remove me from this phone". It sends first, says what would be lost, and asks: the one place where a tap cannot be
 * undone. Lessons stay, as others may use them; the record stays on the server.
 */

import { NotSaved } from '../store/open.ts';
import { atStake, removePerson } from '../store/leaving.ts';
import { changePerson, people, type Person } from '../store/phone.ts';
import { ask } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { settleEditions } from '../sync/editions.ts';
import { changed, whenChanged } from './changes.ts';
import { button, buttonLink, make } from './elements.ts';
import { currentPerson } from './go.ts';
import { saveCopy } from './not-saved.ts';
import { left as leftPhone } from './opened.ts';
import { alert, paragraph } from './pieces.ts';
import { count } from './say.ts';
import { ERASED } from './sign-in.ts';
import { sendNow } from './send-now.ts';
import { outcomeOf } from './waiting-words.ts';

/** What has to be typed to delete what nobody else has. */
export const WORD = 'DELETE';

type Stake = Awaited<ReturnType<typeof atStake>>;

/** What would be lost, a line for each kind; empty when nothing would. */
export function stakeLines({ unsent, refused, held, drafts, notes: own }: Stake): string[] {
  return [
    unsent ? `${unsent} waiting to send.` : '',
    refused ? `${refused} not sent.` : '',
    held ? `${held} sent, for somebody to look at.` : '',
    drafts ? `${count(drafts, 'lesson', 'lessons')} begun. Finish it to send the answers.`.replace('lessons begun. Finish it', 'lessons begun. Finish them') : '',
    own ? `${count(own, 'note', 'notes')} for yourself, never sent.` : '',
  ].filter(Boolean);
}

/**
 * Take a person and all they have off this phone. Lessons nobody asked for any more may leave when room is needed.
 * Whoever is left alone goes on being asked for their PIN. Throws NotSaved.
 */
export async function takeOff(deps: Deps, who: Pick<Person, 'id' | 'append'>, evenSo: boolean): Promise<boolean> {
  if (await removePerson(who.id, evenSo)) return false;
  const [alone, ...others] = await people();
  if (alone?.pin && !others.length) await changePerson(alone.id, { ask: true });
  // Nothing waits for this: without signal the server goes on knowing the phone, and a manager can end it there.
  if (who.append) void ask(deps, '/api/v1/devices/end', { method: 'POST', keepalive: true, headers: { authorization: `Bearer ${who.append}` } }).catch(() => undefined);
  // They are off, whatever becomes of the tidying: the next list of lessons does it again.
  await settleEditions(deps).catch(() => undefined);
  return true;
}

/** Draw it into `host`. */
export function removeMe(host: HTMLElement, deps: Deps): void {
  let asking = false;
  /** Whom the button on screen is for: put there anew, it would slip away under a thumb. */
  let drawn: string | null | undefined;
  whenChanged(async () => {
    const who = await currentPerson(deps);
    // They may have pressed it meanwhile.
    if (asking || drawn === (who?.id ?? null)) return;
    drawn = who?.id ?? null;
    const press = (): void => {
      asking = true;
      void currentPerson(deps).then((one) => one && sendFirst(one));
    };
    const go = button('Remove me from this phone', press, { look: 'wide', sign: 'remove', more: { 'data-remove': true } });
    host.replaceChildren(...(who ? [make('h2', { class: 'bv-section__title' }, 'Leave this phone'), paragraph('Your record stays safe on our server. It comes back when you join again.'), go] : []));
  });
  const sendFirst = async (who: Person): Promise<void> => {
    show('Sending first…', []);
    const report = await sendNow(deps, who.id);
    const stake = await atStake(who.id);
    const lines = stakeLines(stake);
    const keep = button('Keep me here', () => {
      asking = false;
      drawn = undefined;
      changed();
    }, { look: 'wide', more: { 'data-keep': true } });
    if (!lines.length) {
      show('Everything is sent.', [paragraph('This takes you off this phone. It cannot be undone here.'), button('Remove me', () => void remove(who, false), { look: 'late wide', more: { 'data-remove-now': true } }), keep]);
      return;
    }
    show('Some of it is only on this phone.', [
      make('ul', {}, ...lines.map((line) => make('li', {}, line))),
      paragraph(who.paused === 'erased' ? ERASED : report.people[0]?.end === 'no-answer' ? 'No signal just now. It has to be sent before you leave, or it is lost.' : outcomeOf(report.people[0], report.ran)),
      ...(who.paused === 'erased' ? [] : [button('Connect and try again', () => void sendFirst(who), { look: 'main', more: { 'data-again': true } })]),
      button('Save a copy', () => void saveCopy(deps, who.id), { look: 'wide', sign: 'save', more: { 'data-save-copy': true } }),
      ...(stake.notes ? [paragraph('A copy leaves out notes for yourself.')] : []),
      typed(who),
      keep,
    ]);
  };
  const typed = (who: Person): HTMLElement => {
    const field = make('input', { class: 'bv-field__input bv-field__input--short', id: 'the-word', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false' });
    const wrong = make('p', { class: 'bv-field__error', id: 'the-word-wrong', role: 'alert' });
    const form = make('form', { class: 'bv-field', novalidate: true }, make('label', { class: 'bv-field__label', for: field.id }, `Or type ${WORD} to lose it for good`), wrong, field, make('p', {}), make('button', { type: 'submit', class: 'bv-button bv-button--late bv-button--wide', 'data-remove-now': true }, 'Delete and remove me'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (field.value.trim().toUpperCase() === WORD) return void remove(who, true);
      wrong.textContent = `Type the word ${WORD} first.`;
      field.setAttribute('aria-describedby', wrong.id);
      field.setAttribute('aria-invalid', 'true');
      field.focus();
    });
    return form;
  };
  const show = (title: string, content: HTMLElement[]): void => {
    const heading = make('h2', { class: 'bv-section__title', tabindex: '-1', 'data-stake': true }, title);
    host.replaceChildren(heading, make('div', { class: 'bv-stack bv-stack--close' }, ...content));
    heading.focus();
  };
  const remove = async (who: Person, evenSo: boolean): Promise<void> => {
    try {
      // Something may have been kept meanwhile, in another tab.
      if (!(await takeOff(deps, who, evenSo))) return void sendFirst(who);
    } catch (error) {
      if (!(error instanceof NotSaved)) throw error;
      host.append(alert('warning', 'That did not work', paragraph('Another tab of this app is in the way. Close the other tabs, then try again.')));
      return;
    }
    const main = document.querySelector('main')!;
    const title = make('h1', { tabindex: '-1', 'data-gone': true }, 'You are off this phone');
    main.replaceChildren(title, paragraph(`Your record is safe on our server. To come back, ask ${who.contact ?? 'your manager'} for a new code.`), buttonLink('Go on', '/who', { look: 'main' }));
    document.title = `${title.textContent} · Between Visits`;
    leftPhone();
    title.focus();
  };
}
