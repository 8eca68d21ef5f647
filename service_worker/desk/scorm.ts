/**
 * A module as one SCO of SCORM 1.2: played as everywhere, and what came of it told to the learning system around it.
 *
 * Run-Time Environment 1.2, ADL 2001: the system's API is an object called API in a window around this one, or in the
 * one that opened it. Where there is none the module plays all the same and says that its result goes nowhere.
 */

import type { Result } from '../core/marking.ts';
import { make } from '../page/elements.ts';
import { phoneMono } from '../sync/clock.ts';
import { Player, readData } from './player.ts';
import { best, sessionTime, type Best } from './scorm-rules.ts';

interface Api {
  LMSInitialize(nothing: ''): string;
  LMSGetValue(name: string): string;
  LMSSetValue(name: string, value: string): string;
  LMSCommit(nothing: ''): string;
  LMSFinish(nothing: ''): string;
}

/** How many windows around this one are asked, as the specification has it. */
const WINDOWS = 7;

function apiOf(from: Window | null): Api | null {
  let at = from;
  for (let count = 0; at && count <= WINDOWS; count += 1) {
    try {
      const found = (at as Window & { API?: Api }).API;
      if (found) return found;
    } catch {
      return null; // a window of another origin
    }
    if (at === at.parent) return null;
    at = at.parent;
  }
  return null;
}

class Session {
  private readonly began = phoneMono();
  private kept: Best | null;
  private open = true;

  constructor(private readonly api: Api) {
    api.LMSInitialize('');
    this.kept = best(null, api.LMSGetValue('cmi.suspend_data'));
    // A pass of an earlier visit stays one while the module is looked at again.
    if (!this.kept) this.set({ 'cmi.core.lesson_status': 'incomplete' });
  }

  private set(values: { [name: string]: string }): void {
    for (const [name, value] of Object.entries(values)) this.api.LMSSetValue(name, value);
    this.api.LMSCommit('');
  }

  /** Tell a result, unless an earlier one was better. `asked`: per cent to pass, null where there is nothing to pass. */
  tell(result: Result, asked: number | null): void {
    if (!this.open) return;
    const status = asked === null ? 'completed' : result.passed ? 'passed' : 'failed';
    this.kept = best({ score: result.score, status }, this.kept ? `${this.kept.score} ${this.kept.status}` : '');
    if (!this.kept) return;
    this.set({
      'cmi.core.score.min': '0',
      'cmi.core.score.max': '100',
      'cmi.core.score.raw': String(this.kept.score),
      'cmi.core.lesson_status': this.kept.status,
      'cmi.suspend_data': `${this.kept.score} ${this.kept.status}`,
    });
  }

  /** End it, once. */
  finish(): void {
    if (!this.open) return;
    this.open = false;
    this.set({ 'cmi.core.session_time': sessionTime(phoneMono() - this.began), 'cmi.core.exit': '' });
    this.api.LMSFinish('');
  }
}

document.addEventListener('DOMContentLoaded', () => {
  const data = readData();
  if (!data) return;
  const api = apiOf(parent === window ? null : parent) ?? apiOf(opener as Window | null);
  const session = api && new Session(api);
  const player = new Player(data, {
    shown: () => undefined,
    marked: (result) => {
      session?.tell(result, data.edition.pass);
      const words = session ? 'Told to the system this module runs in.' : 'No learning system is around this page, so your result goes nowhere.';
      document.querySelector('[data-end-sending]')?.replaceChildren(make('span', {}, words));
    },
    nowhere: 'This module stands alone here. That page is not part of it.',
  });
  if (session) addEventListener('pagehide', () => session.finish());
  player.live('start');
});
