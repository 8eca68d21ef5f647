/** What next? A scene, two to four things to do, and the story goes on. A step back is always there. */

import type { BranchingQuestion } from '../core/edition.ts';
import { walk } from '../core/marking.ts';
import { button, filled, make } from './elements.ts';
import type { Asking } from './question-form.ts';

export function story({ question, choice, changed }: Asking<BranchingQuestion>): HTMLElement {
  const stage = make('div', { class: 'bv-scene' });
  let path = walk(question, choice).path;

  const go = (next: string[]): void => {
    path = next;
    changed(path);
    // At an ending the question is answered, and the screen around draws what came of it.
    draw();
    stage.querySelector<HTMLElement>('[data-scene-start]')?.focus();
  };

  function draw(): void {
    const { scene, last } = walk(question, path);
    stage.replaceChildren();
    stage.classList.remove('bv-appear');
    if (last) {
      const because = make('div', { class: 'bv-scene__because', tabindex: '-1', 'data-scene-start': true }, make('p', { class: 'bv-scene__chosen' }, 'You chose: ', filled('span', {}, last.html)));
      if (last.feedback) because.append(filled('div', { class: 'bv-prose' }, last.feedback));
      stage.append(because);
    }
    const title = make('h2', { class: 'bv-scene__title', tabindex: '-1', 'data-scene-start': !last }, scene.title);
    // The first scene has the question's own words for its title, and those stand above already.
    if (last) stage.append(title);
    stage.append(filled('div', { class: 'bv-prose bv-scene__text', tabindex: last ? null : '-1', 'data-scene-start': !last }, scene.html));
    if (scene.choices.length) {
      stage.append(
        make('p', { class: 'bv-scene__ask' }, 'What next?'),
        make('ul', { class: 'bv-scene__choices' }, ...scene.choices.map((one) => {
          const press = filled('button', { type: 'button', class: 'bv-scene__choice', 'data-key': one.key }, one.html);
          press.addEventListener('click', () => go([...path, one.key]));
          return make('li', {}, press);
        })),
      );
    }
    if (path.length && scene.ending === null) stage.append(button('Go back one step', () => go(path.slice(0, -1)), { look: 'quiet', sign: 'back', more: { 'data-step-back': true } }));
    if (last) stage.classList.add('bv-appear');
  }

  draw();
  return stage;
}
