/**
 * "Sign in to send 3 results": the PIN, on the phone it was chosen for. It stands above the list of what waits and
 * leaves it alone; reading and answering go on without it.
 */

import { records } from '../store/person.ts';
import { byPerson, people, placesOf, type Person } from '../store/phone.ts';
import type { Deps } from '../sync/deps.ts';
import { changed, whenChanged } from './changes.ts';
import { make } from './elements.ts';
import { firstFetch } from './enrol.ts';
import { unsentOf } from './facts.ts';
import { fingerButton } from './finger.ts';
import { currentPerson } from './go.ts';
import { paragraph, sign } from './pieces.ts';
import { pinForm } from './pin-form.ts';
import { sendNow } from './send-now.ts';
import { signIn, type ByPasskey, type Refused } from './sign-in.ts';
import { ERASED, READ_AGAIN, readsNoMore, signInWords } from './sign-in-words.ts';
import { outcomeOf } from './waiting-words.ts';

/** Draw the form into `host` while this person's sending is paused, or nothing new comes. */
export function signInAgain(host: HTMLElement, deps: Deps): void {
  let shown = '';
  const title = make('h2', { class: 'bv-card__title', tabindex: '-1' });
  whenChanged(async () => {
    const here = await currentPerson(deps);
    // Any place of theirs: the form is not looked for at each.
    const who = here && ((await placesOf(here)).find((one) => one.paused || readsNoMore(one)) ?? here);
    const why = who?.paused ?? (who && readsNoMore(who) ? 'read' : null);
    const state = why ? `${who!.id} ${why}` : '';
    if (who && why) title.textContent = why === 'read' ? READ_AGAIN : signInWords(why, unsentOf(await records(who.id)));
    // Drawn once: a PIN half typed, and what was said about the last one, outlive every change around them.
    if (state === shown) return;
    // The words of success stay until the next pause.
    if (who && why) host.replaceChildren(make('section', { class: 'bv-card bv-card--main bv-section', 'data-sign-in': why }, title, ...content(host, deps, who, why, byPerson(await people()).length === 1)));
    else if (shown && host.querySelector('[data-sign-in]')) host.replaceChildren();
    // The form in which she typed her PIN is gone.
    if (shown && why === 'erased') title.focus();
    shown = state;
  });
}

function content(host: HTMLElement, deps: Deps, who: Person, why: NonNullable<Person['paused']> | 'read', alone: boolean): HTMLElement[] {
  if (why === 'erased') return [paragraph(ERASED), paragraph('You can save a copy of it here. In Me you can take yourself off this phone.')];
  if (why === 'other-person') return [forgot(who, 'The server knows this phone as somebody else’s.')];
  return form(host, deps, who, why, alone);
}

const forgot = (who: Person, words: string): HTMLElement =>
  make('div', {}, paragraph(`${words} Ask ${who.contact ?? 'your manager'} for a new code, and use it on this phone. All of this stays here until then.`), make('p', {}, make('a', { href: '/join' }, 'I have a code')));

function form(host: HTMLElement, deps: Deps, who: Person, why: 'sign-in' | 'read', alone: boolean): HTMLElement[] {
  const work = async (pin: string | ByPasskey, say: (words: string) => void): Promise<Refused | null> => {
    say('Signing in…');
    const given = await signIn(deps, who.id, pin);
    if (given.end === 'erased') {
      changed();
      return null;
    }
    if (given.end !== 'ready') return given;
    // One PIN for all places: those that stand still go on too.
    for (const place of (await placesOf(who)).slice(1)) if (typeof pin === 'string' && (place.paused === 'sign-in' || readsNoMore(place))) await signIn(deps, place.id, pin);
    say('Sending…');
    const report = await sendNow(deps, who.id);
    const words = `You are signed in. ${outcomeOf(report.people[0], report.ran)}`;
    const news = make('p', { class: 'bv-card bv-section bv-strong', tabindex: '-1', 'data-signed-in': true }, sign(words, 'tick'));
    host.replaceChildren(news);
    news.focus();
    changed();
    // New tokens also read: what a manager asked for meanwhile comes now.
    await firstFetch(deps, who.id);
    changed();
    return null;
  };
  const entry = pinForm('sign-in', who.name, why === 'read' ? 'Sign in' : 'Sign in and send', async (pin, say) => {
    const given = await work(pin, say);
    return given && { words: given.words, blame: given.end === 'mend' };
  });
  return [paragraph(why === 'read' ? 'What you do is still sent. New lessons come once you type your PIN.' : 'Your sign-in on this phone has ended. What you did is safe here.'), entry, ...fingerButton(who, alone, work), make('div', { class: 'bv-section' }, forgot(who, 'Forgot it?'))];
}
