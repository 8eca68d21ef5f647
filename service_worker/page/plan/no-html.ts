/**
 * What stands for `../trusted.ts` in the file of My plan (build.mjs puts it there): a page has one policy of that name,
 * which app.js makes, and My plan hands the browser text alone.
 */

export function setHtml(): never {
  throw new Error('My plan shows text alone');
}
