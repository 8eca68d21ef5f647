/** What the screens of this folder use of the page, as one thing they hand on; the build takes it from app.js (shared.mjs). */

import { keep, records, saveDraft, state, unfinished } from '../../store/person.ts';
import { placesOf } from '../../store/phone.ts';
import type { Deps } from '../../sync/deps.ts';
import { refresh } from '../../sync/refresh.ts';
import { changed, whenChanged } from '../changes.ts';
import { draw } from '../draw.ts';
import { announce, button, make } from '../elements.ts';
import { currentPerson, stampOf } from '../go.ts';
import { troublePlace } from '../not-saved.ts';
import { linkRow, notJoined, sign } from '../pieces.ts';

export const tools = { announce, button, changed, currentPerson, draw, keep, linkRow, make, notJoined, placesOf, records, refresh, saveDraft, sign, stampOf, state, troublePlace, unfinished, whenChanged };

export type Tools = typeof tools & { deps: Deps };
