/**
 * Somebody saw me work: is it right? From the squares on the assessor's phone, from a typed code, or from a list. What
 * is said is kept here at once, also before the observation itself has reached the server.
 */

import type { Practice } from '../../core/api.ts';
import type { Answering, Draft, Watching } from '../../core/attempt.ts';
import { shownAs } from '../../core/outbox.ts';
import { newId, newRecord, type Kept } from '../../core/records.ts';
import type { Person } from '../../store/phone.ts';
import { sha256Hex } from '../../sync/api.ts';
import type { Tools } from './tools.ts';
import { day, firstName } from '../say.ts';
import { asShown, cleanShort, spoken, toldBy, type Told } from './link.ts';
import { keptNow } from './news.ts';
import { aCopy, box, decided, inTurn, listOf, named, nextStep, quoted, section, textOf, titleOf, words, type Line } from './pieces.ts';
import { namesSomebody } from './rules.ts';

type Confirmed = Kept<'observation.confirmed'>;

const isConfirmed = (record: Kept): record is Confirmed => record.kind === 'observation.confirmed';
const isAnswering = (one: Draft | Watching | Answering): one is Answering => 'comment' in one;
const turn = inTurn();

/** What the person said to it on this phone, if they did. */
export const answerTo = (told: Pick<Told, 'short' | 'observation'>, own: readonly Kept[]): Confirmed | undefined =>
  own.filter(isConfirmed).find(({ data }) => (told.observation !== null && data.observation === told.observation) || data.short === told.short);

/** What still waits for this person's word, as the server tells it, without what was said on this phone since. */
export const stillToConfirm = (practice: Practice | undefined, own: readonly Kept[]): Practice['to_confirm'] =>
  (practice?.to_confirm ?? []).filter(({ id, short }) => !answerTo({ short, observation: id }, own));

/** Draw into `host`. */
export function confirm(host: HTMLElement, tools: Tools): void {
  let drawn: string | null = null;
  /** Something is being said: nothing that happens elsewhere draws over it. */
  let open = false;
  const again = async (): Promise<void> => {
    const moved = drawn !== null && drawn !== location.hash;
    if (open && !moved) return;
    const { hash } = location;
    const told = hash.length > 1 ? toldBy(hash) : null;
    const who = await tools.currentPerson(tools.deps);
    if (!who) return void tools.draw(host, ...notHere(tools, told));
    const [practice, snapshot, own, half] = await Promise.all([tools.state(who.id, 'practice'), tools.state(who.id, 'snapshot'), tools.records(who.id), tools.unfinished(who.id)]);
    if (hash !== location.hash) return;
    drawn = hash;
    open = false;
    const standards = snapshot?.standards ?? [];
    if (!told) return list({ host, tools, practice, own, standards, moved, broken: hash.length > 1 });
    const said = answerTo(told, own);
    if (said) return thanks(tools, host, said, moved);
    open = true;
    const begun = half.filter(isAnswering).find((one) => one.module === `confirm-${told.short}`);
    ask({ host, tools, who, practice, standards, moved, told, begun, done: () => {
      open = false;
      keptNow(tools);
      tools.announce('Saved on this phone.');
      thanksSoon = true;
    } });
  };
  /** Once it is said the focus goes to the thanks, as the screen is another. */
  let thanksSoon = false;
  const thanks = (its: Tools, place: HTMLElement, said: Confirmed, moved: boolean): void => {
    afterwards(its, place, said, moved || thanksSoon);
    thanksSoon = false;
  };
  addEventListener('hashchange', () => void again().catch(console.error));
  tools.whenChanged(again);
}

/** The camera may open a browser that knows nobody, as on an iPhone with the app on its home screen: the code does there. */
function notHere(tools: Tools, told: Told | null): HTMLElement[] {
  return [
    ...(told ? [section(tools, 'home-screen', 'Have you got Between Visits on your home screen?', words(tools, 'Open it there. In My record, press “Somebody saw me work” and type this code:'), tools.make('p', { class: 'bv-watch__code' }, spoken(told.short)))] : []),
    tools.notJoined(),
  ];
}

interface Listed {
  host: HTMLElement;
  tools: Tools;
  practice: Practice | undefined;
  own: readonly Kept[];
  standards: readonly { number: number; title: string }[];
  moved: boolean;
  broken: boolean;
}

/** What waits, and the box for a code. */
function list({ host, tools, practice, own, standards, moved, broken }: Listed): void {
  const { make } = tools;
  const rows = stillToConfirm(practice, own).map((one) => tools.linkRow(one.assessor, `#${one.short}`, [titleOf(practice, one.standard, [...standards, { number: one.standard, title: one.title }]), day(one.seen_on)]));
  const field = make('input', { class: 'bv-field__input bv-field__input--code bv-field__input--short', id: 'code', autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false', 'data-key': 'code', 'aria-describedby': 'code-wrong' });
  field.value = host.querySelector<HTMLInputElement>('#code')?.value ?? '';
  const wrong = make('p', { class: 'bv-field__error', id: 'code-wrong', role: 'alert' });
  const form = make('form', { novalidate: true }, make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: 'code' }, 'The code on the other phone'), wrong, field), make('button', { type: 'submit', class: 'bv-button bv-button--main' }, 'Go on'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const code = cleanShort(field.value);
    if (code) return location.assign(`#${code}`);
    wrong.textContent = 'Type all 8 letters and digits. There is no O, 0, I, 1, L or U in it.';
    field.setAttribute('aria-invalid', 'true');
    field.focus();
  });
  named('Somebody saw you work', moved);
  tools.draw(
    host,
    broken ? make('p', { class: 'bv-strong' }, 'That did not come through whole. Point the camera at it again, or type the code.') : null,
    rows.length ? section(tools, 'to-confirm', 'Is it right?', listOf(tools, ...rows)) : null,
    make('p', {}, 'Are you beside the person who watched you? Point your camera at the squares on their phone, or type the code below them.'),
    form,
  );
}

interface Asking extends Omit<Listed, 'own' | 'broken'> {
  who: Person;
  told: Told;
  begun: Answering | undefined;
  done(): void;
}

/** The words of it: the server's where they are here, else those that came with the squares. */
function contentOf({ practice, told }: Pick<Asking, 'practice' | 'told'>): { assessor: string; standard: number; title: string | null; seen_on: string; lines: Line[]; next_step: string | null; next_on: string | null; observation: string } | { observation: string | null; lines: null } {
  const known = practice?.to_confirm.find(({ id, short }) => id === told.observation || short === told.short);
  if (known) return { ...known, lines: known.decisions, observation: known.id };
  const { content, observation } = told;
  if (!content || !observation) return { observation, lines: null };
  return { ...content, title: null, lines: content.decisions.map((one) => ({ ...one, text: textOf(practice, one.code) })), next_on: null, observation };
}

function ask({ host, tools, who, practice, standards, moved, told, begun, done }: Asking): void {
  const { make } = tools;
  const content = contentOf({ practice, told });
  const first = firstName(who.name);
  named('Is this right?', moved);
  const told_ = content.lines
    ? [
        make('p', { class: 'bv-lead' }, `${content.assessor} saw you work on ${day(content.seen_on)}, ${first}.`),
        make('p', { class: 'bv-strong' }, titleOf(practice, content.standard, [...standards, ...(content.title ? [{ number: content.standard, title: content.title }] : [])])),
        decided(tools, content.lines),
        ...(content.lines.some(({ text }) => !text) ? [make('p', { class: 'bv-soft' }, 'The words of some are on the other phone: read them there.')] : []),
        nextStep(tools, content.next_step, content.next_on),
      ]
    : [make('p', { class: 'bv-lead' }, `The code is ${spoken(told.short)}, ${first}.`), make('p', { 'data-words-elsewhere': true }, 'This phone has not got the words. Read them on the other phone, then say here whether they are right.')];
  host.replaceChildren(...told_.filter((one) => one !== null));
  const half: Answering = begun ?? { module: `confirm-${told.short}`, attempt: newId(tools.deps.now(), tools.deps.random), started: new Date(tools.deps.now()).toISOString(), sha: '', comment: '' };
  let agrees = true;
  const store = (): Promise<void> => turn(async () => void (await tools.saveDraft(who.id, half)));
  const keepIt = (): Promise<void> =>
    turn(async () => {
      // Stored first, so that it can be finished: kept once, whatever is pressed.
      await tools.saveDraft(who.id, half);
      const saw = content.lines && (await sha256Hex(tools.deps, asShown({ ...content, decisions: content.lines })));
      const data = { observation: content.observation, short: told.short, agrees, comment: agrees ? null : half.comment.trim() || null, saw };
      await tools.keep(who.id, [{ ...newRecord(await tools.stampOf(tools.deps), 'observation.confirmed', null, data), id: half.attempt }], { finishes: half });
    });
  /** What was tried last, for "Try again". */
  let last: () => Promise<void> = store;
  const { guard } = tools.troublePlace(host.firstElementChild!, { save: () => last(), copy: async () => aCopy(tools, who, [half]) });
  let busy = false;
  const press = (says: boolean) => (): void => {
    if (busy) return;
    busy = true;
    agrees = says;
    last = () => keepIt().then(done);
    void guard(last()).then((stored) => (busy = stored));
  };
  const looksLike = make('p', { class: 'bv-strong', role: 'status' });
  const area = box(tools, 'comment', half.comment, (text) => {
    half.comment = text;
    looksLike.textContent = namesSomebody(text) ? 'That looks like a name or an address. Take it out?' : '';
    last = store;
    void guard(last());
  }, { 'aria-describedby': 'comment-hint' });
  const differently = make('section', { class: 'bv-section', hidden: !half.comment, 'data-differently': true }, make('div', { class: 'bv-field' }, make('label', { class: 'bv-field__label', for: 'comment' }, 'How do you see it?'), make('p', { class: 'bv-field__hint', id: 'comment-hint' }, 'You can leave it empty. Whoever watched you and your manager read it. Do not write names or addresses of people you support.'), area, looksLike), tools.button('Keep what I say', press(false), { look: 'main', more: { 'data-keep-differently': true } }));
  const choose = tools.button('I see it differently', () => {
    differently.hidden = false;
    area.focus();
  }, { look: 'wide', more: { 'data-differ': true } });
  host.append(make('div', { class: 'bv-stack bv-stack--close' }, tools.button('Yes, that is right', press(true), { look: 'main', more: { 'data-agree': true } }), choose), differently);
}

/** What was said, and where it lies. */
function afterwards(tools: Tools, host: HTMLElement, said: Confirmed, moved: boolean): void {
  const { make } = tools;
  const place = shownAs(said, tools.deps.now());
  const sent = place === 'sent' || place === 'held';
  named(said.data.agrees ? 'You said it is right' : 'You see it differently', moved);
  tools.draw(
    host,
    make('p', { class: 'bv-lead', 'data-said': place }, sent ? tools.sign('Sent', 'tick') : place === 'waiting' ? tools.sign('Saved on this phone, waiting to send', 'clock', 'wait') : tools.sign('Not sent', 'triangle', 'late')),
    said.data.comment ? quoted(tools, 'You wrote', said.data.comment) : null,
    make('p', {}, said.data.agrees ? 'It goes on your record when both have reached our server.' : 'Your manager looks at it with both of you. Nothing counts until then.'),
    make('p', {}, make('a', { class: 'bv-button bv-button--wide', href: '/record' }, 'My record')),
  );
}
