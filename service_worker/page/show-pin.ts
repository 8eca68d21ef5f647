/** Seeing what one types: a PIN on a small screen is easily mistyped, and mostly nobody is looking. */

/** Let `press` show and hide what is in `fields`. */
export function showPin(press: HTMLButtonElement, fields: readonly HTMLInputElement[]): void {
  press.hidden = false;
  press.addEventListener('click', () => {
    const shown = press.getAttribute('aria-pressed') !== 'true';
    press.setAttribute('aria-pressed', String(shown));
    for (const field of fields) field.type = shown ? 'text' : 'password';
  });
}
