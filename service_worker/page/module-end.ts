/** The end of a module: the go is finished and kept, once, and what came of it is said in words. */

import { firstUnanswered, goesOf } from '../core/attempt.ts';
import type { Edition } from '../core/edition.ts';
import { canMark, mark, outcome, wordFor, type Result } from '../core/marking.ts';
import type { Kept } from '../core/records.ts';
import { records, state } from '../store/person.ts';
import type { Person } from '../store/phone.ts';
import { NoAnswer } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { fetchNews } from '../sync/fetch-news.ts';
import { sendAll } from '../sync/send.ts';
import { confirmed, withAnswers } from './answers-came.ts';
import { changed, whenChanged } from './changes.ts';
import { announce, buttonLink, button, filled, icon, make } from './elements.ts';
import { feedbackOf } from './feedback.ts';
import { leftFor, outcomeWords, took, type Left } from './end-words.ts';
import { Go, editionOf, goesLeftToday, partAddress, placeOf, type Place } from './go.ts';
import { onStop, pageKeptAside } from './in-lesson.ts';
import { troublePlace } from './not-saved.ts';
import { linkRow, paragraph, sign } from './pieces.ts';
import { keepLine } from './pocket-line.ts';
import { minutes } from './say.ts';

type Finished = Kept<'quiz.answered'>;

/** Draw the end of the module into `host`; the pocket line is in it already. */
export async function moduleEnd(host: HTMLElement, deps: Deps): Promise<void> {
  const place = placeOf(host.closest('main')!);
  let go: Go;
  try {
    go = await Go.open(deps, place);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    host.prepend(make('p', {}, 'No signal just now. What you did is saved on this phone. Open this page again when there is signal.'));
    return;
  }
  const elsewhere = go.elsewhere('end');
  if (elsewhere) return location.replace(elsewhere);
  pageKeptAside();
  await endScreen(host, deps, place, go);
}

/** The part whose question keeps people safe and is not right yet, or null. */
function mustYet({ edition, draft }: Go): number | null {
  const index = edition.parts.findIndex((part) => {
    if (part.kind !== 'question' || !part.question.must || !canMark(part.question)) return false;
    const tries = draft.answers[part.question.id] ?? [];
    return outcome(part.question, tries[tries.length - 1]) < 100;
  });
  return index < 0 ? null : index + 1;
}

/** How many questions have no answer. */
const unanswered = ({ edition, draft: { answers } }: Go): number =>
  edition.parts.filter((part) => part.kind === 'question' && !part.question.practise && !answers[part.question.id]?.length).length;

/** The way out stays in the bar; it is the one thing to do only when nothing else is. */
const leaving = (main: boolean): void => void document.querySelector('[data-bar] [data-next]')?.classList.toggle('bv-button--main', main);

async function lastFinished(id: string, module: string): Promise<Finished | null> {
  return goesOf(await records(id), module).reduce<Finished | null>((last, record) => (last && last.id > record.id ? last : record), null);
}

/** Send the go that was finished just now; answers that stayed on the server come with the next snapshot. */
async function send(deps: Deps, { edition }: Go, person: Person, record: Finished): Promise<void> {
  // Another tab, or this page's own start, may be sending just now: its run may have begun before this record was kept.
  for (let tries = 0; tries < 5 && !(await sendAll(deps, { person: person.id })).ran; tries += 1) await new Promise<void>((ring) => deps.timer(2000, ring));
  changed();
  if (mark(edition, record.data.answers).pending.length && (await fetchNews(deps, person.id)) === 'new') changed();
}

/** How the record stands: saved here, sent, or not sent. */
function sendingSign({ st, received }: Kept): HTMLElement {
  if (st === 'refused') return make('a', { href: '/waiting' }, sign('Not sent. See why', 'triangle', 'late'));
  if (st !== 'receipted') return sign('Saved on this phone. Waiting to send', 'clock', 'wait');
  const time = received ? new Date(received).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }) : '';
  return make('span', { class: 'bv-status', 'data-sent': true }, icon('tick'), make('span', {}, `Sent ${time}`));
}

async function endScreen(host: HTMLElement, deps: Deps, place: Place, go: Go): Promise<void> {
  const body = make('div', { class: 'bv-end' });
  host.prepend(body);
  const trouble = troublePlace(body, go);
  onStop(go, trouble);
  let watched = false;
  /** The server's word on this go is on the screen. */
  let told = false;

  const title = (words: string): void => {
    const h1 = document.querySelector('[data-end-title]');
    if (h1) h1.textContent = words;
    document.title = `${words} · ${go.edition.title}`;
  };

  /** Nothing to show but why, and what to do. */
  const plain = (words: string, why: string, press: HTMLElement): void => {
    title(words);
    body.replaceChildren(make('p', { class: 'bv-lead' }, why), paragraph(press));
  };

  const notBegun = (): void => plain('Not begun yet', 'There is nothing to finish here yet.', buttonLink('Start', partAddress(place, 1), { look: 'wide' }));

  const before = (words: string, why: string, part: number, open: number): void => {
    leaving(false);
    title('Nearly done');
    const press = button(open === 1 ? 'Finish without it' : 'Finish without them', () => void finish().then(() => document.querySelector<HTMLElement>('[data-end-title]')?.focus()), { look: 'wide', more: { 'data-finish': true } });
    body.replaceChildren(
      make('section', { class: 'bv-card bv-card--main', 'data-before-end': true },
        make('h2', { class: 'bv-card__title' }, words),
        why ? paragraph(why) : null,
        make('div', { class: 'bv-stack' }, buttonLink(open === 1 ? 'Go to the question' : 'Go to the first one', partAddress(place, part), { look: 'main' }), press)),
    );
  };

  const finish = async (): Promise<void> => {
    const person = go.person!;
    let record: Finished | null = null;
    const stored = await trouble.guard(go.finish().then((kept) => {
      record = kept;
    }));
    if (!stored) return;
    const last = record ?? (await lastFinished(person.id, place.module));
    if (!last) return notBegun();
    changed();
    await done(person, last);
    // After the words are on screen, and not waited for: sending must not hold up anybody.
    void send(deps, go, person, last).catch(() => undefined);
  };

  const done = async (person: Person, record: Finished): Promise<void> => {
    const whole = record.edition === place.sha || !record.edition ? go.edition : await editionOf(deps, record.edition).catch(() => go.edition);
    const server = (await state(person.id, 'snapshot'))?.results.find((one) => one.record === record.id);
    const edition = withAnswers(whole, server?.feedback);
    const result = confirmed(mark(edition, record.data.answers), server);
    const left = await goesLeftToday(deps, person.id, place.module);
    const said = outcomeWords(result, left);
    const [catalogue, snapshot, own] = await Promise.all([state(person.id, 'catalogue'), state(person.id, 'snapshot'), records(person.id)]);
    const rest = leftFor(place.module, edition.criteria, catalogue, snapshot, own);
    leaving(true);
    const words = ['Done.', took(record.data.seconds)].filter(Boolean).join(' ');
    title(words);
    const signs = { read: 'tick', passed: 'tick', pending: 'clock', again: 'updated', tomorrow: 'updated' } as const;
    body.replaceChildren(
      make('p', { class: `bv-end__result bv-end__result--${said.key}`, 'data-result': said.key }, icon(signs[said.key]), make('span', {}, said.words)),
      make('p', { class: 'bv-end__sending', 'data-end-sending': true }),
      ...(said.key === 'passed' && rest.watching ? [make('p', { class: 'bv-end__watching' }, icon('eye'), make('span', {}, 'Still to come: an assessor watches you do it at work.'))] : []),
      ...(said.again ? [paragraph(buttonLink('Have another go', partAddress(place, 1), { look: 'wide' }))] : []),
    );
    const after = make('div', { class: 'bv-end__after' });
    host.querySelectorAll('.bv-end__after').forEach((old) => old.remove());
    host.append(after);
    const slip = host.querySelector<HTMLElement>('.bv-slip');
    if (slip && edition.pocket) await keepLine(slip, deps, person.id, edition);
    after.append(...questionWords(edition, record, result), ...leftWords(rest, said.key === 'passed' || said.key === 'read'));
    announce(`${words} ${said.words}`);
    await sending(person.id, record.id);
    told = server !== undefined;
    if (!watched) whenChanged(() => news(person, record));
    watched = true;
  };

  /** Something changed on this phone: the server's word on this go has come, or the record is on its way. */
  const news = async (person: Person, record: Finished): Promise<void> => {
    const known = (await state(person.id, 'snapshot'))?.results.some((one) => one.record === record.id) ?? false;
    if (known !== told) await done(person, record);
    else await sending(person.id, record.id);
  };

  /** Saved here, or sent: the truth about this very record. */
  const sending = async (id: string, record: string): Promise<void> => {
    const now = (await records(id)).find((one) => one.id === record);
    if (now) body.querySelector('[data-end-sending]')?.replaceChildren(sendingSign(now));
  };

  if (go.mode === 'unsure') return plain('One moment', 'This phone does not find your answers just now. Leave them a moment.', button('Try again', () => location.reload(), { look: 'wide' }));
  if (!go.person) return plain('You have read it all', 'Your answers were not kept, as nobody has joined on this phone.', buttonLink('Join with a code', '/join', { look: 'wide' }));
  if (!go.begun) {
    const last = await lastFinished(go.person.id, place.module);
    return last ? done(go.person, last) : notBegun();
  }
  const first = firstUnanswered(go.edition, go.draft);
  const open = unanswered(go);
  const must = mustYet(go);
  if (first) return before(open === 1 ? 'One question has no answer yet' : `${open} questions have no answer yet`, '', first, open);
  if (must) return before('One question to get right first', "It keeps people safe, so let's get it right together.", must, 1);
  await finish();
}

const shown = { right: 'Right', partly: 'Partly', 'not quite': 'Not quite' } as const;
const signOf = { right: 'tick', partly: 'circle-half', 'not quite': 'updated' } as const;

/** Each question with the word for its last answer; folded away, as it is there to look up. */
function questionWords(edition: Edition, record: Finished, result: Result): HTMLElement[] {
  const rows = edition.parts.flatMap((part) => {
    if (part.kind !== 'question') return [];
    const tries = record.data.answers[part.question.id] ?? [];
    const marked = result.questions.find((one) => one.id === part.question.id);
    const word = marked ? wordFor(marked.last) : null;
    const words = !tries.length ? 'No answer' : word ? shown[word] : result.pending.includes(part.question.id) ? 'Waiting to be looked at' : 'Saved';
    const last = tries[tries.length - 1];
    const why = last !== undefined && part.question.feedback === 'after-sync' ? feedbackOf(part.question, last).explain : null;
    return [
      make(
        'li',
        { class: 'bv-end__question' },
        filled('span', { class: 'bv-end__prompt' }, part.question.prompt),
        sign(words, !tries.length ? 'dash' : word ? signOf[word] : 'clock'),
        why ? filled('div', { class: 'bv-prose bv-end__why' }, why) : null,
      ),
    ];
  });
  if (!rows.length) return [];
  return [make('details', { class: 'bv-more' }, make('summary', { class: 'bv-more__title' }, 'Your answers, one by one'), make('ul', { class: 'bv-end__questions bv-more__body' }, ...rows))];
}

/** What is left beside this module. "No more lessons" is said only when this one is behind them too. */
function leftWords({ standard, modules }: Left, finished: boolean): HTMLElement[] {
  if (!modules.length && !(standard && finished)) return [];
  const title = standard ? `Left for standard ${standard.number}: ${standard.title}` : 'Left for this topic';
  return [
    make('section', { class: 'bv-section' },
      make('h2', { class: 'bv-section__title' }, title),
      modules.length
        ? make('ul', { class: 'bv-list' }, ...modules.map((module) => linkRow(module.title, `/learn/${module.key}`, [minutes(module.minutes)])))
        : paragraph('No more lessons to do for this standard.')),
  ];
}
