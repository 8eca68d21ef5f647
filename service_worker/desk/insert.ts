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

/** The end of the question or lesson `offset` stands in: before the next heading, or the end. */
function blockEnd(text: string, offset: number): number {
  const from = lineEnd(text, offset);
  const next = /\n#{2,3}[ \t]/.exec(text.slice(from));
  return next ? from + next.index : text.length;
}

/** Put `piece` in as a paragraph of its own: a question after the block the caret is in, anything else after its line. */
export function inserted(text: string, caret: number, piece: string): Inserted {
  const heading = /^#{2,3}[ \t]/.test(piece);
  const offset = Math.max(caret, afterFront(text));
  const at = heading ? blockEnd(text, offset) : lineEnd(text, offset);
  const before = text.slice(0, at).replace(/\s+$/, '');
  const after = text.slice(at).replace(/^\s+/, '');
  const id = freshIdIn(text);
  const put = piece.trim().replace(ID, `Id: ${id}`);
  const head = before ? `${before}\n\n` : '';
  const words = /: (.+)$/m.exec(heading ? put.split('\n', 1)[0]! : '');
  const start = head.length + (words ? words.index + 2 : 0);
  return { text: `${head}${put}\n${after ? `\n${after}` : ''}`, select: [start, words ? start + words[1]!.length : head.length + put.length] };
}
