/** Draw a component again without anybody losing their place. */

/** The element that had the focus, found again in what was drawn: by its key, its address, or its words. */
function same(host: HTMLElement, was: HTMLElement): HTMLElement | undefined {
  const { key } = was.dataset;
  const href = was.getAttribute('href');
  return [...host.querySelectorAll<HTMLElement>(was.tagName)].find((one) =>
    key !== undefined ? one.dataset['key'] === key : href !== null ? one.getAttribute('href') === href : one.textContent === was.textContent,
  );
}

/** Put `content` into `host`, unless it looks the same as what is there. Returns whether anything was drawn. */
export function draw(host: HTMLElement, ...content: (Node | string | null)[]): boolean {
  const next = document.createElement('div');
  next.append(...content.filter((one) => one !== null));
  // Its mark-up as it was drawn: live elements change by themselves (an opened list), and that is no reason to draw.
  // Something under way was moved over from the page and has to go back in any case.
  if (drawn.get(host) === next.innerHTML && !next.querySelector('[data-under-way]')) return false;
  drawn.set(host, next.innerHTML);
  const active = document.activeElement;
  const was = active instanceof HTMLElement && host.contains(active) ? active : null;
  host.replaceChildren(...next.childNodes);
  if (was) same(host, was)?.focus({ preventScroll: true });
  return true;
}

const drawn = new WeakMap<HTMLElement, string>();
