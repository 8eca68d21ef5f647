/**
 * "Remove me from this phone". It sends first, says what would be lost, and asks: the one place where a tap cannot be
 * undone. Somebody with several places takes one off, or all; what would be lost is said of each.
 */

import type { atStake } from '../../store/removing.ts';
import type { Person } from '../../store/phone.ts';
import { enter } from '../enter.ts';
import type { Tools } from '../place-tools.ts';
import { count } from '../say.ts';

/** What has to be typed to delete what nobody else has. */
export const WORD = 'DELETE';

type Stake = Awaited<ReturnType<typeof atStake>>;

/** What would be lost, a line for each kind; empty when nothing would. */
export function stakeLines({ unsent, refused, held, drafts, notes: own }: Stake): string[] {
  return [
    unsent ? `${unsent} waiting to send.` : '',
    refused ? `${refused} not sent.` : '',
    held ? `${held} sent, for somebody to look at.` : '',
    drafts ? `${count(drafts, 'lesson')} begun. Finish it to send the answers.`.replace('lessons begun. Finish it', 'lessons begun. Finish them') : '',
    own ? `${count(own, 'note')} for yourself, never sent.` : '',
  ].filter(Boolean);
}

/** What each of `whom` would lose, with their place's name where there are several. */
export const linesOf = (whom: readonly { provider: { name: string }; stake: Stake }[], several: boolean): string[] =>
  whom.flatMap(({ provider, stake }) => stakeLines(stake).map((line) => (several ? `${provider.name}: ${line}` : line)));

/** Draw it into `host`. */
export function leave(host: HTMLElement, tools: Tools): void {
  const { button, buttonLink, changed, currentPerson, deps, make, placesOf } = tools;
  const paragraph = (words: string): HTMLElement => make('p', {}, words);
  let asking = false;
  /** Whom the buttons on screen are for: put there anew, they would slip away under a thumb. */
  let drawn: string | undefined;
  tools.whenChanged(async () => {
    const who = await currentPerson(deps);
    const all = who ? await placesOf(who) : [];
    const key = all.map(({ id }) => id).join();
    // They may have pressed one meanwhile.
    if (asking || drawn === key) return;
    drawn = key;
    const choice = (words: string, whom: readonly Person[]): HTMLElement =>
      button(words, () => {
        asking = true;
        // As their rows are now: a sign-in since has given them other tokens.
        void currentPerson(deps).then(async (now) => now && sendFirst((await placesOf(now)).filter(({ id }) => whom.some((one) => one.id === id))));
      }, { look: 'wide', sign: 'remove', more: { 'data-remove': whom.length > 1 ? 'all' : whom[0]!.id } });
    const choices = all.length > 1 ? [...all.map((one) => choice(`Take ${one.provider.name} off this phone`, [one])), choice('Take me off this phone', all)] : all.map((one) => choice('Remove me from this phone', [one]));
    host.replaceChildren(...(who ? [make('h2', { class: 'bv-section__title' }, 'Leave this phone'), paragraph('Your record stays safe on our server. It comes back when you join again.'), make('div', { class: 'bv-stack bv-stack--close' }, ...choices)] : []));
  });
  const sendFirst = async (whom: readonly Person[]): Promise<void> => {
    show('Sending first…', []);
    const ends: Awaited<ReturnType<typeof tools.sendNow>>[] = [];
    for (const one of whom) ends.push(await tools.sendNow(deps, one.id));
    const each = await Promise.all(whom.map(async (one) => ({ ...one, stake: await tools.atStake(one.id) })));
    const several = (await placesOf(whom[0]!)).length > 1;
    const lines = linesOf(each, several);
    const all = several && whom.length > 1;
    const what = several && !all ? whom[0]!.provider.name : 'me';
    const keep = button(several && !all ? `Keep ${what} here` : 'Keep me here', () => {
      asking = false;
      drawn = undefined;
      changed();
    }, { look: 'wide', more: { 'data-keep': true } });
    if (!lines.length) {
      show('Everything is sent.', [paragraph(`This takes ${what === 'me' ? 'you' : what} off this phone. It cannot be undone here.`), button(`Remove ${what}`, () => void remove(whom, false), { look: 'late wide', more: { 'data-remove-now': true } }), keep]);
      return;
    }
    const erased = whom.every(({ paused }) => paused === 'erased');
    const worst = ends.find(({ people }) => people[0]?.end === 'no-answer') ?? ends.find(({ people }) => people[0]?.end !== 'done') ?? ends[0]!;
    show('Some of it is only on this phone.', [
      make('ul', {}, ...lines.map((line) => make('li', {}, line))),
      paragraph(erased ? tools.ERASED : worst.people[0]?.end === 'no-answer' ? 'No signal just now. It has to be sent before you leave, or it is lost.' : tools.outcomeOf(worst.people[0], worst.ran)),
      ...(erased ? [] : [button('Connect and try again', () => void sendFirst(whom), { look: 'main', more: { 'data-again': true } })]),
      ...each.filter(({ stake }) => stakeLines(stake).length).map((one) => button(whom.length > 1 ? `Save a copy for ${one.provider.name}` : 'Save a copy', () => void tools.saveCopy(deps, one.id), { look: 'wide', sign: 'save', more: { 'data-save-copy': true } })),
      ...(each.some(({ stake }) => stake.notes) ? [paragraph('A copy leaves out notes for yourself.')] : []),
      typed(whom, what),
      keep,
    ]);
  };
  const typed = (whom: readonly Person[], what: string): HTMLElement => {
    const field = make('input', { class: 'bv-field__input bv-field__input--short', id: 'the-word', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false' });
    const wrong = make('p', { class: 'bv-field__error', id: 'the-word-wrong', role: 'alert' });
    const form = make('form', { class: 'bv-field', novalidate: true }, make('label', { class: 'bv-field__label', for: field.id }, `Or type ${WORD} to lose it for good`), wrong, field, make('p', {}), make('button', { type: 'submit', class: 'bv-button bv-button--late bv-button--wide', 'data-remove-now': true }, `Delete and remove ${what}`));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (field.value.trim().toUpperCase() === WORD) return void remove(whom, true);
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
  const remove = async (whom: readonly Person[], evenSo: boolean): Promise<void> => {
    let stay: Person | undefined;
    try {
      for (const [place, one] of whom.entries()) {
        stay = (await placesOf(one))[1];
        // Something may have been kept meanwhile, in another tab. What has left already is not asked for again.
        if (!(await tools.takeOff(deps, one, evenSo))) return void sendFirst(whom.slice(place));
      }
    } catch (error) {
      if ((error as Error).name !== 'NotSaved') throw error;
      host.append(make('div', { class: 'bv-alert bv-alert--warning' }, make('p', { class: 'bv-alert__title' }, 'That did not work'), paragraph('Another tab of this app is in the way. Close the other tabs, then try again.')));
      return;
    }
    const main = document.querySelector('main')!;
    const { provider, contact } = whom[0]!;
    const title = make('h1', { tabindex: '-1', 'data-gone': true }, stay ? `${provider.name} is off this phone` : 'You are off this phone');
    const at = stay;
    main.replaceChildren(title, paragraph(`Your record is safe on our server. To come back, ask ${contact ?? 'your manager'} for a new code.`), at ? button('Go on', () => void enter(deps, at, null), { look: 'main' }) : buttonLink('Go on', '/who', { look: 'main' }));
    document.title = `${title.textContent} · Between Visits`;
    if (!at) tools.left();
    title.focus();
  };
}
