/** A search as a reader typed it, made fit for asking: trimmed, without control characters, not too long. */
import { cleanLine } from '#domain/clean-text.js';

/** Longer questions find nothing that shorter ones would not, and cost more. */
export const MAX_QUERY_LENGTH = 200;

export type SearchWords = { kind: 'words'; words: string } | { kind: 'empty' } | { kind: 'too-long' };

/** `query` is whatever the address held: nothing, a text, or several. */
export function searchWords(query: unknown): SearchWords {
  const text = Array.isArray(query) ? (query as unknown[])[0] : query;
  if (typeof text !== 'string') return { kind: 'empty' };
  if (text.length > MAX_QUERY_LENGTH) return { kind: 'too-long' };
  const words = cleanLine(text, MAX_QUERY_LENGTH);
  return words === '' ? { kind: 'empty' } : { kind: 'words', words };
}
