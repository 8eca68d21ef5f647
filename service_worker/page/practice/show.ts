/** One observation that is kept: showing it to whom it is about, what became of it, and taking it back. */

import { newRecord } from '../../core/records.ts';
import { day, firstName } from '../say.ts';
import { back, type Desk } from './assess.ts';
import { linkOf, spoken } from './link.ts';
import { keptNow, news } from './news.ts';
import { aCopy, box, decided, named, nextStep, quoted, section, textOf, titleOf, words } from './pieces.ts';
import { qr } from './qr.ts';
import { MOST_SAW, standingOf, type Seen } from './rules.ts';

/** ms between looks for the other's word, while this is on screen. */
const LOOK_EVERY = 20_000;

const waits = ({ state, takenBack }: Seen): boolean => state === 'waiting-for-learner' && !takenBack;

export function show(desk: Desk, id = ''): boolean {
  const one = desk.seen.find((each) => each.id === id);
  if (!one) return false;
  const { host, tools, who, practice } = desk;
  const { make, sign } = tools;
  const first = firstName(one.learner.name);
  const data = one.record?.data;
  const lines = one.decisions.map(({ code, decision }) => ({ code, decision, text: textOf(practice, code), saw: data?.decisions.find((each) => each.code === code)?.saw ?? '' }));
  const content = { assessor: who.name, standard: one.standard, seen_on: one.seen_on, decisions: lines, next_step: data?.next_step ?? null };
  const link = linkOf(location.origin, one.short, one.id, content);
  named(waits(one) ? `Show this to ${first}` : 'What you saw', desk.moved);
  tools.draw(
    host,
    make('p', { class: 'bv-lead', 'data-standing': true }, sign(...standingOf(one, first))),
    one.comment ? quoted(tools, `${first} says`, one.comment) : null,
    waits(one)
      ? make(
          'section',
          { class: 'bv-section' },
          make('p', {}, `On ${first}’s own phone: point the camera at the squares. Or open My record, Somebody saw me work, and type this code.`),
          make('p', { class: 'bv-watch__code', 'data-short': one.short }, spoken(one.short)),
          make('div', { 'data-link': link }, qr(link, 'Squares for the camera of the other phone')),
        )
      : null,
    section(tools, 'what', `${one.learner.name}, ${day(one.seen_on)}`, words(tools, titleOf(practice, one.standard)), decided(tools, lines)),
    nextStep(tools, data?.next_step ?? null, data?.next_on ?? null),
    one.takenBack || one.state === 'withdrawn' ? null : make('p', {}, make('a', { class: 'bv-button bv-button--quiet', href: `#back.${id}` }, 'I made a mistake: take it back')),
    back(tools, '#', 'My observations'),
  );
  if (waits(one)) lookAgain(desk);
  return true;
}

let calledOff: (() => void) | null = null;

/** The other may say so any moment; where there is signal it is asked for while this is on screen. */
function lookAgain({ tools, who }: Desk): void {
  calledOff?.();
  calledOff = tools.deps.timer(LOOK_EVERY, () => {
    if (!location.hash.startsWith('#show.')) return;
    const next = (): void => lookAgain({ tools, who } as Desk);
    if (document.visibilityState === 'visible') news(tools, who.id).then(next, next);
    else next();
  });
}

/** Nothing is ever deleted: a second statement takes it back, with the reason. */
export function takeBack(desk: Desk, id = ''): boolean {
  const one = desk.seen.find((each) => each.id === id);
  if (!one || one.takenBack || one.state === 'withdrawn') return false;
  const { host, tools, who } = desk;
  const { make } = tools;
  named('Take it back', desk.moved);
  const reason = box(tools, 'reason', '', () => undefined, { maxlength: String(MOST_SAW), 'aria-describedby': 'reason-hint reason-wrong' });
  const wrong = make('p', { class: 'bv-field__error', id: 'reason-wrong', role: 'alert' });
  host.replaceChildren(make('p', { class: 'bv-lead' }, `${one.learner.name}, ${day(one.seen_on)}`));
  const keepThis = async (): Promise<void> => {
    await tools.keep(who.id, [newRecord(await tools.stampOf(tools.deps), 'observation.withdrawn', null, { observation: id, reason: reason.value.trim() })]);
    location.replace(`#show.${id}`);
    tools.announce('Taken back. Saved on this phone.');
    keptNow(tools);
  };
  const { guard } = tools.troublePlace(host.firstElementChild!, { save: keepThis, copy: async () => aCopy(tools, who, []) });
  let busy = false;
  const press = (): void => {
    if (!reason.value.trim()) {
      wrong.textContent = 'Write why, in a few words.';
      reason.setAttribute('aria-invalid', 'true');
      reason.focus();
      return;
    }
    if (busy) return;
    busy = true;
    void guard(keepThis()).then((stored) => (busy = stored));
  };
  host.append(
    make('p', {}, 'It stays to be read, with your reason, and no longer counts.'),
    make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: 'reason' }, 'Why?'), make('p', { class: 'bv-field__hint', id: 'reason-hint' }, 'Do not write names or addresses of people you support.'), wrong, reason),
    tools.button('Take it back', press, { look: 'main', more: { 'data-take-back': true } }),
    back(tools, `#show.${id}`),
  );
  return true;
}
