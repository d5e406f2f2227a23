/** Reads a dictionary's lines as they arrive, and says of each that is no entry why. */
import { TAG_SCHEMES, tagSchemeSchema } from '#contracts/story-body.js';
import { cleanLine } from '#domain/clean-text.js';
import { type CsvRow, CsvRows, UNCLOSED } from '#domain/csv-rows.js';
import { matchablePhrase } from '#domain/matchable-text.js';
import { slugify } from '#domain/slug.js';
import { type DictionaryEntry, MAX_DICTIONARY_ENTRIES } from '#storage/dictionary.repository.js';

/**
 * `lines` counts what is no heading; `repeated` what an earlier line said already. The first thousand failures are named. `unfit`: why
 * it cannot take the place of what is there.
 */
export interface ReadDictionary {
  entries: DictionaryEntry[];
  lines: number;
  repeated: number;
  failed: number;
  failures: { line: number; reason: string }[];
  unfit: string | null;
}

export class DictionaryTooLargeError extends Error {}

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_FAILURES = 1_000;
const MAX_PHRASE = 200;
const MAX_NAME = 100;

/** @throws {DictionaryTooLargeError} for more bytes or entries than a dictionary may have, and whatever ends the upload. */
export async function readDictionary(upload: AsyncIterable<Buffer>, matchCase: boolean): Promise<ReadDictionary> {
  const rows = new CsvRows();
  const decoder = new TextDecoder();
  const entries = new Map<string, DictionaryEntry>();
  const read: ReadDictionary = { entries: [], lines: 0, repeated: 0, failed: 0, failures: [], unfit: null };
  const take = (row: CsvRow): void => {
    if (row.line === 1 && /^phrase$/i.test(row.cells[0] ?? '')) return;
    read.lines += 1;
    const entry = entryOf(row, matchCase);
    if (typeof entry === 'string') {
      read.failed += 1;
      if (row.problem === UNCLOSED) read.unfit = `line ${row.line}: ${entry}`;
      if (read.failures.length < MAX_FAILURES) read.failures.push({ line: row.line, reason: entry });
      return;
    }
    const key = `${entry.key}\n${entry.scheme}/${entry.slug}`;
    if (entries.has(key)) read.repeated += 1;
    entries.set(key, entry);
    if (entries.size > MAX_DICTIONARY_ENTRIES)
      throw new DictionaryTooLargeError(`A dictionary has at most ${MAX_DICTIONARY_ENTRIES} entries. Cut it.`);
  };
  let bytes = 0;
  for await (const chunk of upload) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new DictionaryTooLargeError('The file is larger than 64 MB. Cut it into several.');
    rows.push(decoder.decode(chunk, { stream: true })).forEach(take);
  }
  rows.push(decoder.decode()).forEach(take);
  rows.end().forEach(take);
  const [first] = read.failures;
  if (entries.size === 0)
    read.unfit ??=
      first === undefined ? 'it has no entry' : `none of its lines is an entry; line ${first.line}: ${first.reason}`;
  return { ...read, entries: [...entries.values()] };
}

/** The entry, or why the row is none. */
function entryOf({ cells, problem }: CsvRow, matchCase: boolean): DictionaryEntry | string {
  if (problem !== undefined) return problem;
  const [phrase = '', schemeText = '', tag = ''] = cells.map((cell) => cleanLine(cell, 2_000));
  if (cells.some((cell) => /[\0\uFFFD]/.test(cell))) return 'it is not in UTF-8: save the file as UTF-8';
  if (phrase === '') return 'the phrase is missing';
  if (phrase.length > MAX_PHRASE) return `the phrase has more than ${MAX_PHRASE} characters`;
  const scheme = tagSchemeSchema.safeParse(schemeText.toLowerCase());
  if (!scheme.success) return `${JSON.stringify(schemeText)} is no scheme: it must be one of ${TAG_SCHEMES.join(', ')}`;
  const name = tag === '' ? phrase : tag;
  if (name.length > MAX_NAME) return `the tag has more than ${MAX_NAME} characters`;
  const slug = slugify(name);
  if (slug === '') return `the tag ${JSON.stringify(name)} has no letter and no digit`;
  const { cased, folded } = matchablePhrase(phrase);
  if (folded === '') return 'the phrase says nothing';
  return { key: matchCase ? cased : folded, scheme: scheme.data, slug, phrase, name };
}
