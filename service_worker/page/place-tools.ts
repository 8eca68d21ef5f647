/** What places/ and passport/ use of the page, as one thing they hand on; the build takes it from app.js (shared.mjs). */

import { isOurs } from '../core/outbox.ts';
import { isDone } from '../core/status.ts';
import { atStake } from '../store/removing.ts';
import { setState } from '../store/person.ts';
import { LEFT, value } from '../store/phone.ts';
import { json, post, read } from '../sync/api.ts';
import type { Deps } from '../sync/deps.ts';
import { buttonLink } from './elements.ts';
import { gatherAll, standingOf, stillToDo } from './facts.ts';
import { saveBytes, saveCopy } from './not-saved.ts';
import { left } from './opened.ts';
import { tools as more } from './practice/tools.ts';
import { sendNow } from './send-now.ts';
import { ERASED, readsNoMore } from './sign-in-words.ts';
import { takeOff } from './take-off.ts';
import { load } from './trusted.ts';
import { outcomeOf } from './waiting-words.ts';

export const tools = { ...more, ERASED, LEFT, atStake, buttonLink, gatherAll, isDone, isOurs, json, left, load, outcomeOf, post, read, readsNoMore, saveBytes, saveCopy, sendNow, setState, standingOf, stillToDo, takeOff, value };

export type Tools = typeof tools & { deps: Deps };
