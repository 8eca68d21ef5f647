/** Where new pieces go in a module's text. No DOM. */

export interface Inserted {
  text: string;
  /** What is to be selected next: the words one begins with. */
  select: [start: number, end: number];
}

/** A stand-in id, which every question template has. */
const ID = /^Id: new-question$/gm;

/** An id no question of the text has: "question-1", "question-2", … It never changes, so it says nothing that may. */
export function freshIdIn(text: string): string {
  const taken = new Set([...text.matchAll(/^[ \t]*Id:[ \t]*(\S+)/gim)].map((found) => found[1]!.toLowerCase()));
  for (let number = 1; ; number += 1) if (!taken.has(`question-${number}`)) return `question-${number}`;
}

/** The end of the line `offset` stands on. */
const lineEnd = (text: string, offset: number): number => {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
};

/** After the fields at the top, which only they may stand between. */
const afterFront = (text: string): number => {
  const front = /^---[ \t]*\n[\s\S]*?\n---[ \t]*(?=\n|$)/.exec(text);
  return front ? front[0].length : 0;
};

/** The end of what `offset` stands in: before the next heading of that look, or the end. */
function endBefore(text: string, offset: number, heading: RegExp): number {
  const from = lineEnd(text, offset);
  const next = heading.exec(text.slice(from));
  return next ? from + next.index : text.length;
}

const LESSON = /\n##[ \t]/;
const ANY = /\n#{2,3}[ \t]/;

/** Where a piece goes: a lesson after this lesson, a question after this question, easier words right under their lesson. */
function placeFor(piece: string, text: string, caret: number): number {
  const front = afterFront(text);
  const offset = Math.max(caret, front);
  if (!piece.startsWith('#')) return lineEnd(text, offset);
  if (/^##[ \t]/.test(piece)) return endBefore(text, offset, LESSON);
  const above = text.slice(0, lineEnd(text, offset)).lastIndexOf('\n## ');
  const lesson = above >= front ? above + 1 : text.indexOf('\n## ', front) + 1;
  if (!lesson) return text.length;
  return endBefore(text, /^### Easier/.test(piece) ? lesson : Math.max(offset, lesson), ANY);
}

/** Put `piece` in as a paragraph of its own, where it belongs nearest the caret. */
export function inserted(text: string, caret: number, piece: string): Inserted {
  const at = placeFor(piece, text, caret);
  const before = text.slice(0, at).replace(/\s+$/, '');
  const after = text.slice(at).replace(/^\s+/, '');
  const put = piece.trim().replace(ID, `Id: ${freshIdIn(text)}`);
  const head = before ? `${before}\n\n` : '';
  // What one writes over first is selected; a picture is done, so writing goes on behind it.
  const title = /^#{2,3} (?:Question: |Scene: )?(.+)/.exec(/^### Easier/.test(put) ? '' : put);
  const end = head.length + put.length;
  const start = title ? head.length + title[0].length - title[1]!.length : end;
  return { text: `${head}${put}\n${after ? `\n${after}` : ''}`, select: [start, title ? head.length + title[0].length : end] };
}
