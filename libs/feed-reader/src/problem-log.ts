/** Collects what the reader repaired or could not use, each kind once an item, never without bound. */
import { type ParseProblem } from '#contracts/parsed-feed.js';

import { LIMITS } from './limits.js';

/** What an operator reads of each problem and can send to the partner; `{}` is what it is about. */
const SENTENCES = {
  'gzip-file': 'The document is a gzip file without a Content-Encoding that says so; it was unpacked.',
  'charset-mismatch': 'The document is labelled {} but is valid UTF-8; it was read as UTF-8.',
  'charset-mixed': 'The document is UTF-8 with some bytes of another charset; those were read as windows-1252.',
  'charset-detected': 'The document is neither UTF-8 nor what its label says; it was read as {}.',
  'illegal-characters': 'The document contains control characters that XML forbids; they were removed.',
  'junk-before-xml': 'Something stands before the feed; it was ignored.',
  'entity-dropped': 'The document type declares entities that are not plain text; they were not expanded.',
  'external-entity': 'The document type refers to external entities; they were not fetched.',
  'html-entity': 'The document uses HTML entities (&nbsp;), which XML does not have; they were replaced.',
  'unclosed-element': 'An element <{}> is not closed; it was ended where what follows cannot be inside it.',
  truncated: 'The document ends inside <{}>; what arrived whole was kept.',
  'too-many-items': 'The document has more items than are read at once; the first {} were read.',
  'too-many-elements': 'The document or one of its items has too many elements ({}); the rest was left out.',
  'text-cut': 'The text of <{}> is too long or nested too deep; it was cut.',
  'binary-content': 'The content of <{}> is not text; it was left out.',
  'unreadable-date': 'The date "{}" cannot be read; it was left out.',
  'unusable-link': 'The link "{}" is not an address; it was left out.',
  'broken-json': 'The document is broken JSON ({}); what could be read was kept.',
  'missing-version': 'The JSON Feed does not name its version (https://jsonfeed.org/version/1.1).',
} as const;

/** The kinds of problems; stable, for programs. */
export type ProblemCode = keyof typeof SENTENCES;

export class ProblemLog {
  readonly problems: ParseProblem[] = [];
  private readonly seen = new Set<string>();

  /** Notes a problem unless the same was already noted for the same item. `subject` is what it is about, cut to be readable. */
  note(code: ProblemCode, subject: string | number = '', itemIndex?: number): void {
    const key = `${code} ${itemIndex ?? ''}`;
    if (this.problems.length >= LIMITS.problems || this.seen.has(key)) return;
    this.seen.add(key);
    // A function, so that $ in the subject means nothing.
    const message = SENTENCES[code].replace('{}', () => String(subject).slice(0, 80));
    this.problems.push(itemIndex === undefined ? { code, message } : { code, message, itemIndex });
  }
}
