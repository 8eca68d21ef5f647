/** Cut a text into pieces short enough for a phone's voice: some stop in the middle of long ones. No DOM. */

/** Sentences, none longer than `most` letters unless one word is. */
export function sentences(text: string, most = 180): string[] {
  const pieces: string[] = [];
  for (const sentence of text.replace(/\s+/g, ' ').match(/[^.!?:;]+(?:[.!?:;]+["'”’)]*\s*|$)/g) ?? []) {
    let piece = '';
    for (const word of sentence.trim().split(' ')) {
      if (piece && piece.length + word.length + 1 > most) {
        pieces.push(piece);
        piece = '';
      }
      piece += piece ? ` ${word}` : word;
    }
    if (piece) pieces.push(piece);
  }
  return pieces;
}

export interface Voice {
  lang: string;
  localService: boolean;
  default: boolean;
}

/**
 * The voice to read `lang` with, or null. For English a British one; a voice that is on the phone before one that
 * would send the text away.
 */
export function bestVoice<V extends Voice>(voices: readonly V[], lang: string): V | null {
  const wanted = lang.toLowerCase().split('-')[0]!;
  const of = (voice: Voice): string => voice.lang.toLowerCase().replace('_', '-');
  const rank = (voice: Voice): number => (voice.localService ? 4 : 0) + (of(voice) === 'en-gb' ? 2 : 0) + (voice.default ? 1 : 0);
  const fit = voices.filter((voice) => of(voice).split('-')[0] === wanted);
  return fit.reduce<V | null>((best, voice) => (best && rank(best) >= rank(voice) ? best : voice), null);
}
