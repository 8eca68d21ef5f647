/** Something that must never happen, happened. */
export class Violation extends Error {
  override readonly name = 'Violation';
}
