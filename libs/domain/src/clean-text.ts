/** Text that may be stored and shown anywhere: no control characters, no half of a surrogate pair, no invisible tricks. */

// C0 and C1 controls but tab, line feed and carriage return; soft hyphen, zero-width and direction overrides, BOM; non-characters.
const UNWANTED =
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u200B\u2060\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g;

/**
 * Drops controls (PostgreSQL refuses NUL, XML refuses the others) and invisible direction overrides, and replaces lone
 * surrogates by U+FFFD. Line breaks stay.
 */
export function cleanText(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD').replace(UNWANTED, '');
}

/** `cleanText` on one line: every run of white space is one space. At most `maxLength` UTF-16 units, cut between characters. */
export function cleanLine(text: string, maxLength: number): string {
  // Cut first, with room for what cleaning removes: a title of ten megabytes must not cost ten megabytes of work.
  const line = cleanText(text.slice(0, maxLength * 4))
    .replace(/\s+/gu, ' ')
    .trim();
  return line.length <= maxLength ? line : truncate(line, maxLength);
}

/** The first `maxLength` UTF-16 units, less a half character, marked with an ellipsis. */
function truncate(text: string, maxLength: number): string {
  return `${text
    .slice(0, maxLength - 1)
    .replace(/[\uD800-\uDBFF]$/, '')
    .trimEnd()}…`;
}
