/**
 * Screens that no lesson, quiz or Today waits for, and joining. A file of its own (more.js), which takes what the page has already
 * from app.js; the worker keeps it with the shell, so they open without signal as the others do.
 */

import type { Start } from './boot.ts';
import { enrolPhone } from './enrol-phone.ts';
import { lookBack } from './look-back.ts';
import { me } from './me.ts';
import { pocket } from './pocket.ts';
import { record } from './record.ts';
import { signInAgain } from './sign-in-again.ts';
import { waiting } from './waiting.ts';

export const screens = { 'enrol-phone': enrolPhone, 'look-back': lookBack, me, pocket, record, 'sign-in-again': signInAgain, waiting } satisfies { [component: string]: Start };

export type Screens = typeof screens;
