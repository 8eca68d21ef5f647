/** What a learner does: read, answer, put down, send; and records that come in masses, or that nobody knows. */

import type { RecordData, Stamp } from '../../../service_worker/core/records.ts';
import type { EditionRow } from '../../../service_worker/store/phone.ts';
import type { Deps } from '../../../service_worker/sync/deps.ts';
import type { Phone } from '../phone.ts';
import type { ByPerson, Step } from '../steps.ts';
import { Violation } from '../violation.ts';
import { MODULES, QUESTIONS, type World } from '../world.ts';

const answers = (letters: string): { [question: string]: string[] } => Object.fromEntries(QUESTIONS.map((question, place) => [question, [letters[place]!]]));
const otherwise = (letters: string): string => [...letters].map((letter) => (letter === 'a' ? 'b' : 'a')).join('');

const stampOf = (deps: Deps, off: number | null): Stamp => ({ now: deps.now(), mono: deps.mono(), off, app: 'simulation', lang: 'en', random: deps.random });

async function editionFor(phone: Phone, module: string): Promise<EditionRow | undefined> {
  return phone.code.inUse(await phone.code.editionsOf(module));
}

/** Begin a go and put it down, as Back or a visit does. */
async function putDown(world: World, phone: Phone, step: Step, person: string): Promise<string> {
  const module = world.luck.of(MODULES);
  if (phone.draftsOf(person).some((draft) => draft.module === module)) return 'was begun before';
  return world.on(
    phone,
    async (deps) => {
      const edition = await editionFor(phone, module);
      if (!edition) return 'not on this phone';
      const attempt = `${person.slice(0, 8)}-${step.number}`;
      const started = new Date(deps.now()).toISOString();
      await phone.code.saveDraft(person, { module, edition: edition.edition, sha: edition.sha, attempt, seed: 1, started, part: 2, answers: {}, choosing: {}, text: {}, seconds: 9 });
      phone.goes.set(`${person} ${module}`, attempt);
      return `${module} ${edition.edition}`;
    },
    step.dies,
  );
}

async function learn(world: World, phone: Phone, step: Step, person: string): Promise<string> {
  const module = world.luck.of(MODULES);
  const knows = world.luck.chance(0.6);
  const halfKnows = world.luck.chance(0.3);
  const twice = world.luck.chance(0.1);
  const begun = step.do === 'quiz' ? phone.draftsOf(person).find((draft) => draft.module === module) : undefined;
  let id = '';
  const end = await world.on(
    phone,
    async (deps) => {
      const { code } = phone;
      const row = await editionFor(phone, module);
      // A go that was put down is finished with the edition it was begun with, whatever came meanwhile.
      const edition = begun ? { sha: begun.sha, number: begun.edition } : row && { sha: row.sha, number: row.edition };
      const stamp = stampOf(deps, await code.offset(deps.now()));
      const kind = edition ? (step.do as 'quiz' | 'lesson' | 'reflection') : 'look-back';
      const about = { module, edition_no: edition?.number ?? 0 };
      // What the edition on the phone calls right, or the contrary, or something of both.
      const published = edition && world.published(module, edition.number);
      const right = published?.right ?? 'bb';
      const passing = kind === 'quiz' && knows;
      const letters = knows ? right : halfKnows ? right[0] + otherwise(right)[1]! : otherwise(right);
      const attempt = begun?.attempt ?? `${person.slice(0, 8)}-${step.number}`;
      const started = begun?.started ?? new Date(stamp.now).toISOString();
      const given = answers(letters);
      const data = {
        quiz: ['quiz.answered', { ...about, attempt, seed: step.luck >>> 0, started, seconds: 60, answers: given }],
        lesson: ['lesson.read', { ...about, lesson: 'look', part: 1, seconds: 30 }],
        reflection: ['reflection.saved', { ...about, question: 'q', shared_with: 'assessor', text: 'I stay calm. É ça.' }],
        'look-back': ['look-back.answered', { items: [] }],
      } as const;
      const [name, content] = data[kind];
      const record = code.newRecord(stamp, name, edition?.sha ?? null, content as unknown as RecordData[typeof name]);
      id = record.id;
      world.done.set(id, { person, said: false, strange: null, go: kind === 'quiz' && published ? { edition: published, answers: letters } : null });
      if (kind === 'quiz' && !begun) {
        await code.saveDraft(person, { module, edition: about.edition_no, sha: record.edition!, attempt, seed: 1, started, part: 2, answers: given, choosing: {}, text: {}, seconds: 9 });
      }
      const kept = await code.keep(person, [record], kind === 'quiz' ? { finishes: { module, attempt } } : {});
      world.done.get(id)!.said = kept.length > 0;
      if (kind === 'quiz' && twice) {
        // The other tab shows the same end, and finishes the go as well.
        const again = code.newRecord(stamp, name, record.edition, content as unknown as RecordData[typeof name]);
        if ((await phone.second.keep(person, [again], { finishes: { module, attempt } })).length) throw new Violation(`one go was kept twice: ${id.slice(-6)}`);
      }
      return `${kind} ${about.module}${edition ? ` ${edition.number}` : ''}${passing ? ', passes' : ''}: saved ${id.slice(-6)}`;
    },
    step.dies,
  );
  if (begun && !phone.draftsOf(person).some((draft) => draft.attempt === begun.attempt)) {
    phone.goes.delete(`${person} ${module}`);
    // The go and its record change places in one transaction, or neither does.
    if (!phone.recordsOf(person).some((record) => record.id === id)) throw new Violation(`a go is gone, and its record is not here: ${id.slice(-6)}`);
  }
  return end;
}

/** Records that come many at once, or that no server of today can make sense of. */
async function strangeWork(world: World, phone: Phone, step: Step, person: string): Promise<string> {
  const strange = step.do === 'backlog' ? null : world.luck.of(['held', 'held', 'refused'] as const);
  const text = strange === 'refused' ? 'x'.repeat(66_000) : 'short';
  const nextSchema = world.luck.chance(0.5);
  return world.on(
    phone,
    async (deps) => {
      const kind = (strange && !nextSchema ? 'of.tomorrow' : 'look-back.answered') as 'look-back.answered';
      const content = { text, items: [] } as unknown as RecordData['look-back.answered'];
      const made = Array.from({ length: strange ? 1 : 60 }, () => phone.code.newRecord(stampOf(deps, null), kind, null, content));
      // A phone newer than the server: another shape of record, or another kind.
      if (strange && nextSchema) for (const record of made) (record as { v: number }).v = 2;
      for (const { id } of made) world.done.set(id, { person, said: false, strange, go: null });
      await phone.code.keep(person, made);
      for (const { id } of made) world.done.get(id)!.said = true;
      return `${strange ?? made.length}: saved`;
    },
    step.dies,
  );
}

export const learning: { [name: string]: ByPerson } = {
  quiz: learn,
  lesson: learn,
  reflection: learn,
  'put down': putDown,
  'strange record': strangeWork,
  backlog: strangeWork,
  refresh: (world, phone, step, person) => world.refresh(phone, person, step.dies),
  send: (world, phone, step) => world.send(phone, false, step.dies),
  'send now': (world, phone, step) => world.send(phone, true, step.dies),
  'send from two tabs': (world, phone, step) => world.send(phone, false, step.dies, true),
};
