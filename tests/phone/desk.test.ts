/** The desk's rules: lines, putting two texts together, where a new piece goes, saving by itself, and what is said of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freshIdIn, inserted } from '../../service_worker/desk/insert.ts';
import { changeOf, lineAt, rangeOf } from '../../service_worker/desk/lines.ts';
import { joined, matches, merge, type Choice } from '../../service_worker/desk/merge.ts';
import { freshGo, whereTo, PreviewGo } from '../../service_worker/desk/preview-go.ts';
import { AGAIN, LONGEST, PAUSE, Saver, type Copy, type Reply, type State } from '../../service_worker/desk/saver.ts';
import { facts, marksOf, partOfLine, summary, type Problem } from '../../service_worker/desk/words.ts';
import { mark } from '../../service_worker/core/marking.ts';
import type { Edition } from '../../service_worker/core/edition.ts';

const lines = (text: string): string[] => text.split('\n');

test('a line is found by its number, and a number by its place', () => {
  const text = 'one\n\nthree\nfour';
  assert.deepEqual([1, 2, 3, 4, 9].map((line) => text.slice(...rangeOf(text, line))), ['one', '', 'three', 'four', 'four']);
  assert.deepEqual([0, 3, 4, 5, 10, 15].map((offset) => lineAt(text, offset)), [1, 1, 2, 3, 3, 4]);
});

test('what changed between two texts is one stretch, and putting it in gives the new text', () => {
  const texts = ['', 'a', 'a\nb', 'a\nb\nc', 'b\nc', 'a\nb\nb\nc', 'x\nb\nc', 'a\na\na', 'a\na', 'c\nb\na'];
  for (const before of texts) {
    for (const after of texts) {
      const { from, gone, come } = changeOf(lines(before), lines(after));
      const now = lines(before);
      now.splice(from, gone, ...come);
      assert.equal(now.join('\n'), after);
      if (before === after) assert.equal(gone + come.length, 0);
    }
  }
});

/** The same numbers each run. */
function luck(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

function edited(base: string[], next: (below: number) => number, mark: string): string[] {
  const text = [...base];
  for (let times = 0; times < 1 + next(4); times += 1) text.splice(next(text.length + 1), next(3), ...Array.from({ length: next(3) }, (_, n) => `${mark}${times}${n}`));
  return text;
}

test('what only one of two people changed is taken, whoever it was', () => {
  const next = luck(7);
  for (let round = 0; round < 300; round += 1) {
    const base = Array.from({ length: next(12) }, () => 'abcd'[next(4)]!);
    const changed = edited(base, next, 'x').join('\n');
    const old = base.join('\n');
    for (const pieces of [merge(old, changed, old), merge(old, old, changed), merge(old, changed, changed)]) {
      assert.deepEqual(pieces.filter((piece) => piece.kind === 'both'), []);
      assert.equal(joined(pieces, []), changed);
    }
  }
});

test('no line that somebody wrote is lost when both changed the text and nothing is chosen', () => {
  const next = luck(11);
  let clashes = 0;
  for (let round = 0; round < 500; round += 1) {
    const base = Array.from({ length: 3 + next(10) }, (_, n) => `line ${n}`);
    const [mine, theirs] = [edited(base, next, 'mine '), edited(base, next, 'theirs ')];
    const pieces = merge(base.join('\n'), mine.join('\n'), theirs.join('\n'));
    const result = lines(joined(pieces, []));
    clashes += pieces.filter((piece) => piece.kind === 'both').length;
    for (const line of [...mine, ...theirs].filter((one) => !one.startsWith('line '))) assert.ok(result.includes(line), `${line} is lost in round ${round}`);
  }
  assert.ok(clashes > 50, 'the rounds hold too few clashes to mean anything');
});

test('where both wrote, the choice decides', () => {
  const pieces = merge('a\nb\nc\nd', 'a\nmine\nc\nd', 'a\ntheirs\nc\nD');
  const results = (['mine', 'theirs', 'both'] as Choice[]).map((choice) => joined(pieces, [choice]));
  assert.deepEqual(results, ['a\nmine\nc\nD', 'a\ntheirs\nc\nD', 'a\nmine\ntheirs\nc\nD']);
});

test('two texts of the largest size are put together, and two with too many lines to compare stand whole', () => {
  const base = Array.from({ length: 1500 }, (_, n) => `A line of forty letters, number ${n}`);
  const result = joined(merge(base.join('\n'), base.map((line, n) => (n % 3 ? line : `${line}.`)).join('\n'), base.map((line, n) => (n % 3 === 1 ? `${line}!` : line)).join('\n')), []);
  assert.equal(lines(result).filter((line) => line.endsWith('.')).length, 500);
  assert.deepEqual(new Set(matches(new Array(60_000).fill(''), new Array(60_000).fill('x'))), new Set([-1]));
});

const MODULE = '---\nkey: a\n---\n## One\n\nWords.\n\n### Question: What?\n\nId: question-1\n\n**Pick one.**\n\n- [x] Yes\n\n## Two\n\nMore.\n';
const PIECE = '### Question: What do you do first?\n\nId: new-question\n\n**Pick one.**\n\n- [x] This\n';

test('a new question comes after the one the caret is in, with an id of its own, its words selected', () => {
  const { text, select } = inserted(MODULE, MODULE.indexOf('**Pick'), PIECE);
  assert.equal(text.slice(...select), 'What do you do first?');
  assert.ok(text.includes('- [x] Yes\n\n### Question: What do you do first?\n\nId: question-2\n\n**Pick one.**\n\n- [x] This\n\n## Two'));
  assert.equal(freshIdIn(text), 'question-3');
});

test('a new piece never goes among the fields at the top, and at the end it comes last', () => {
  assert.ok(inserted(MODULE, 0, '> [!TIP]\n> Words').text.startsWith('---\nkey: a\n---\n\n> [!TIP]\n> Words\n\n## One'));
  assert.ok(inserted(MODULE, MODULE.length, PIECE).text.endsWith('More.\n\n### Question: What do you do first?\n\nId: question-2\n\n**Pick one.**\n\n- [x] This\n'));
  assert.equal(inserted('', 0, 'Words').text, 'Words\n');
});

test('a question begun above all lessons goes to the first, a lesson between two, easier words right under theirs', () => {
  const question = inserted(MODULE, 0, PIECE).text;
  assert.ok(question.indexOf('## One') < question.indexOf('What do you do first?') && question.indexOf('What do you do first?') < question.indexOf('What?'));
  const lesson = inserted(MODULE, MODULE.indexOf('Words'), '## A name\n\nText.\n');
  assert.ok(lesson.text.includes('- [x] Yes\n\n## A name\n\nText.\n\n## Two'));
  assert.equal(lesson.text.slice(...lesson.select), 'A name');
  assert.ok(inserted(MODULE, MODULE.indexOf('- [x]'), '### Easier words\n\nSimply.\n').text.includes('Words.\n\n### Easier words\n\nSimply.\n\n### Question'));
});

test('a picture stands on a line of its own below the caret', () => {
  const { text, select } = inserted(MODULE, MODULE.indexOf('Words'), '![Six stairs](stairs.svg)');
  assert.ok(text.includes('Words.\n\n![Six stairs](stairs.svg)\n\n### Question'));
  assert.deepEqual(select, [text.indexOf('svg)') + 4, text.indexOf('svg)') + 4], 'what is written next does not write over it');
});

const problem = (line: number, severity: Problem['severity'], accepted: string | null = null): Problem => ({ line, severity, code: 'x', message: '', suggestion: '', accepted });

test('the summary counts what is still to be done', () => {
  assert.equal(summary([]), 'Nothing to mend.');
  assert.equal(summary([problem(1, 'note'), problem(1, 'warning', 'A reason')]), 'Nothing to mend.');
  assert.equal(summary([problem(1, 'error'), problem(2, 'warning'), problem(2, 'error')]), '2 to mend, 1 to look at.');
});

test('a line is marked by the worst that stands on it', () => {
  const marks = marksOf([problem(2, 'error'), problem(2, 'warning'), problem(3, 'warning'), problem(4, 'note'), problem(5, 'warning', 'A reason')]);
  assert.deepEqual([...marks], [[2, 'error'], [3, 'warning']]);
});

test('facts say what is too much, and what cannot be told', () => {
  const checked = { problems: [], level: 12.34, words: 640, minutes: 1, bytes: 12_000, parts: [] };
  assert.deepEqual(facts(checked), ['Reading level 12.3, aim for 11 or less', '640 words', '1 minute', '12 kB']);
  assert.equal(facts({ ...checked, level: null })[0], 'Too short to tell the reading level');
});

test('the part on screen is the one the caret is in', () => {
  const parts = [{ kind: 'lesson', title: 'a', line: 5 }, { kind: 'question', title: 'b', line: 9 }] as const;
  assert.deepEqual([1, 5, 8, 9, 99].map((line) => partOfLine(parts, line)), [1, 1, 1, 2, 2]);
});

/** A text box, a browser's storage, a clock and a server that answers as told. */
class Desk {
  text = 'old';
  now = 0;
  copy: Copy | null = null;
  full = false;
  sent: [string, number][] = [];
  replies: Reply[] = [];
  said: State[] = [];
  rings: { at: number; ring: () => void }[] = [];
  readonly saver = new Saver(
    {
      text: () => this.text,
      send: async (text, basedOn) => {
        this.sent.push([text, basedOn]);
        return this.replies.shift() ?? { kind: 'saved', revision: basedOn + 1 };
      },
      keep: (copy) => {
        if (!this.full || !copy) this.copy = copy;
        return copy !== null && !this.full;
      },
      now: () => this.now,
      timer: (ms, ring) => {
        const one = { at: this.now + ms, ring };
        this.rings.push(one);
        return () => void (this.rings = this.rings.filter((other) => other !== one));
      },
      say: (state) => void this.said.push(state),
    },
    'old',
    1,
  );

  type(text: string): void {
    this.text = text;
    this.saver.changed();
  }

  async pass(ms: number): Promise<void> {
    this.now += ms;
    const due = this.rings.filter((one) => one.at <= this.now);
    this.rings = this.rings.filter((one) => one.at > this.now);
    for (const { ring } of due) ring();
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  get state(): State | undefined {
    return this.said[this.said.length - 1];
  }
}

test('a pause in writing saves, and takes the copy in the browser away', async () => {
  const desk = new Desk();
  desk.type('new');
  assert.deepEqual(desk.copy, { text: 'new', base: 'old', revision: 1, at: 0 });
  await desk.pass(PAUSE - 1);
  assert.equal(desk.sent.length, 0);
  await desk.pass(1);
  assert.deepEqual(desk.sent, [['new', 1]]);
  assert.deepEqual([desk.copy, desk.state], [null, { kind: 'saved', at: PAUSE, revision: 2 }]);
});

test('somebody who never pauses is saved all the same', async () => {
  const desk = new Desk();
  for (let n = 0; n * 1000 <= LONGEST; n += 1) {
    desk.type(`new ${n}`);
    await desk.pass(1000);
  }
  assert.equal(desk.sent.length, 1);
});

test('without signal the words stay in this browser and are sent when there is some', async () => {
  const desk = new Desk();
  desk.replies = [{ kind: 'no-signal' }];
  desk.type('new');
  await desk.pass(PAUSE);
  assert.deepEqual(desk.state, { kind: 'not-saved', why: 'no-signal', kept: true });
  assert.equal(desk.copy?.text, 'new');
  await desk.pass(AGAIN);
  assert.deepEqual([desk.sent.length, desk.copy, desk.state?.kind], [2, null, 'saved']);
});

test('nobody is told that words are kept when this browser could not keep them', async () => {
  const desk = new Desk();
  desk.full = true;
  desk.replies = [{ kind: 'signed-out' }];
  desk.type('new');
  await desk.pass(PAUSE);
  assert.deepEqual(desk.state, { kind: 'not-saved', why: 'signed-out', kept: false });
});

test("somebody else's words are never written over: nothing is sent until somebody decided", async () => {
  const desk = new Desk();
  desk.replies = [{ kind: 'moved', revision: 5, by: 'Priya', at: '2026-11-22T10:43:00Z', text: 'theirs' }];
  desk.type('mine');
  await desk.pass(PAUSE);
  assert.equal(desk.state?.kind, 'moved');
  desk.type('mine and more');
  await desk.pass(AGAIN + LONGEST);
  assert.equal(desk.sent.length, 1);
  assert.equal(desk.copy?.text, 'mine and more');
  desk.text = 'mine\ntheirs';
  desk.saver.settle();
  await desk.pass(0);
  assert.deepEqual(desk.sent[1], ['mine\ntheirs', 5]);
  assert.deepEqual([desk.copy, desk.state?.kind], [null, 'saved']);
});

test('what is typed while a text is on its way is sent after it, on top of it', async () => {
  const desk = new Desk();
  desk.type('new');
  const first = desk.saver.save();
  desk.type('newer');
  await first;
  assert.equal(desk.copy?.text, 'newer');
  await desk.pass(PAUSE);
  assert.deepEqual(desk.sent, [['new', 1], ['newer', 2]]);
});

test('a page that is left while its words are on their way leaves the copy for the next page to compare', async () => {
  const desk = new Desk();
  desk.type('new');
  const sending = desk.saver.save();
  desk.saver.leave();
  await sending;
  assert.equal(desk.state?.kind, 'saved');
  assert.equal(desk.copy?.text, 'new');
  // Somebody stayed after all.
  desk.type('newer');
  await desk.pass(PAUSE);
  assert.deepEqual([desk.sent.length, desk.copy], [2, null]);
});

test('a link of a page leads to a part of the preview, or nowhere', () => {
  const draft = '0192f0aa-0000-7000-8000-000000000001';
  assert.deepEqual(
    ['/learn/falls/3/12', '/learn/falls/3/end', `/staff/drafts/${draft}/preview/start`, `/staff/drafts/${draft}/preview/2`, '/learn/falls', '/today', '/learn', '/me#get-help', '/learn/falls/3/0', 'https://example.org/1', '/join'].map(whereTo),
    ['12', 'end', 'start', '2', 'start', 'start', 'start', null, null, null, null],
  );
});

test('a preview marks what was answered and keeps nothing', async () => {
  const options = [{ key: 'a', html: 'A', feedback: null, right: true }, { key: 'b', html: 'B', feedback: null, right: false }];
  const question = { id: 'q', kind: 'single', prompt: 'Q', instruction: 'Pick one.', criteria: [], must: false, practise: false, hint: null, feedback: 'instant', explain: null, options };
  const edition = { format: 1, key: 'm', edition: 1, lang: 'en', pass: 80, parts: [{ kind: 'question', id: 'q', lesson: 'l', title: 'Q', question }] } as unknown as Edition;
  let draft = freshGo(edition, 'f'.repeat(64), 5);
  const go = new PreviewGo(edition, { module: 'm', edition: 1, sha: draft.sha, part: 1, parts: 1 }, draft, (changed) => (draft = changed));
  await go.give('q', 'a');
  assert.deepEqual([mark(edition, draft.answers).passed, go.mode, go.begun], [true, 'unsure', false]);
  await assert.rejects(go.copy());
});
