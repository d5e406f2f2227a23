/** Which texts PostgreSQL can hold: it refuses NUL in any text, and half of a surrogate pair in JSON. */

const UNSTORABLE = /[\0\p{Cs}]/u;

export function isStorableText(text: string): boolean {
  return !UNSTORABLE.test(text);
}
