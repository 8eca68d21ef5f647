/**
 * Somebody whom the server knew before this phone did: their PIN, and their lessons once more. A file of its own, fetched only then, which
 * takes what the page has already from app.js.
 */

import { isItYou } from './is-it-you.ts';
import { lessonsAgain } from './lessons-again.ts';

export { isItYou, lessonsAgain };
export type AgainFile = { isItYou: typeof isItYou; lessonsAgain: typeof lessonsAgain };
