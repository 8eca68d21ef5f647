/**
 * Light or dark, the size of text, and easy-read letters, before the first paint: the only script that runs ahead of the page, so it is
 * tiny and reads nothing but one short line of local storage. `me.ts` writes that line; the database comes too late.
 */

try {
  const [theme, text, letters] = (localStorage.getItem('bv-look') ?? '').split(' ');
  const { dataset } = document.documentElement;
  if (theme === 'light' || theme === 'dark') dataset['theme'] = theme;
  if (text === '125' || text === '150' || text === '200') dataset['text'] = text;
  if (letters === 'easy') dataset['letters'] = letters;
} catch {
  // No storage at all: the phone's own settings are good enough.
}
