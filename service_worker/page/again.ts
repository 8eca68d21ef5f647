/**
 * Wherever somebody types a PIN they have: "Who is using this phone?", signing in again, a fingerprint in its place, a copy of everything. And a browser that
 * is signed in on a phone that knows nobody, with the lessons that come once more. A file of its own (app.js has coming-back.ts), which takes what the
 * page has already from there.
 */

import type { Deps } from '../sync/deps.ts';
import { copyForm } from './copy-form.ts';
import { enrol } from './enrol-by-cookie.ts';
import { isItYou } from './is-it-you.ts';
import { keepFile } from './keep-file.ts';
import { lessonsAgain } from './lessons-again.ts';
import { askFinger } from './phone-passkey.ts';
import { signInAgain } from './sign-in-again.ts';
import { who } from './who.ts';

/** Keep this file for when there is no signal; says whether it is here. */
const keep = (deps: Deps): Promise<boolean> => keepFile(deps, new URL(import.meta.url).pathname, 'again');

const file = { askFinger, copyForm, enrol, isItYou, keep, lessonsAgain, signInAgain, who };

export default file;
export type AgainFile = typeof file;
