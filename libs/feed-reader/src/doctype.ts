/** Reads past a document type declaration and keeps only its harmless entities: plain text, no nesting, nothing external. */
import { type ProblemLog } from './problem-log.js';

const MAX_SUBSET = 64 * 1024;
const MAX_ENTITIES = 64;
const MAX_VALUE = 256;

/** Where the `<!DOCTYPE` at `start` ends (XML 1.0, 2.8), and what stands between its [ and ]. One pass, never beyond 64 KB of subset. */
export function scanDoctype(source: string, start: number): { end: number; subset: string } {
  const open = source.indexOf('[', start);
  const gt = source.indexOf('>', start);
  if (gt === -1) return { end: source.length, subset: '' };
  if (open === -1 || gt < open) return { end: gt + 1, subset: '' };
  const stop = Math.min(source.length, open + MAX_SUBSET);
  let quote = '';
  for (let at = open + 1; at < stop; at++) {
    const char = source[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '<' && source.startsWith('<!--', at)) {
      const end = source.indexOf('-->', at);
      if (end === -1) break;
      at = end + 2;
    } else if (char === ']') {
      const end = source.indexOf('>', at);
      return { end: end === -1 ? source.length : end + 1, subset: source.slice(open + 1, at) };
    }
  }
  // No end in sight: the declaration is broken or absurd, so read on behind its first mark.
  return { end: gt + 1, subset: source.slice(open + 1, stop) };
}

const ENTITY = /<!ENTITY\s+([\w.:-]{1,64})\s+(?:"([^"]*)"|'([^']*)')\s*>/g;

/** The entities of a subset whose values are literal text (XML 1.0, 4.2); all others are noted and dropped. */
export function harmlessEntities(subset: string, problems: ProblemLog): Map<string, string> {
  const entities = new Map<string, string>();
  for (const [, name, double, single] of subset.matchAll(ENTITY)) {
    const value = double ?? single ?? '';
    // A value with & or % may nest (billion laughs), one with < may inject elements.
    if (/[&%<]/.test(value) || value.length > MAX_VALUE || entities.size >= MAX_ENTITIES) {
      problems.note('entity-dropped');
    } else if (name && !entities.has(name)) entities.set(name, value);
  }
  if (/<!ENTITY\s{1,9}(%\s{1,9})?[\w.:-]{1,64}\s{1,9}(SYSTEM|PUBLIC)/i.test(subset)) {
    problems.note('external-entity');
  }
  return entities;
}
