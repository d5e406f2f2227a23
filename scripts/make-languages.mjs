/**
 * Makes libs/domain/data/languages.bin from the package eld (Apache-2.0), which is installed for development:
 *
 *   node scripts/make-languages.mjs           writes the file
 *   node scripts/make-languages.mjs --check   ends with 1 when the file is not what the installed package gives
 *
 * The form is described where it is read: apps/processor/src/intake/language-table.ts.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../libs/domain/data/languages.bin', import.meta.url);
const SPACE = 0x20;
/** UTF-16 code units, and bits of a byte. */
const [UNITS, BITS] = [0x10000, 8];

const inPackage = (path) => import(new URL(`../${path}`, import.meta.resolve('eld/medium')));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.resolve('eld/medium')), 'utf8'));
const { ngramsData } = await inPackage('ngrams/medium.js');
const { dictionary } = await inPackage('dictionary.js');
const { separators } = await inPackage('regexPatterns.js');
const { avgScore } = await inPackage('avgScore.js');

/** The package writes the bytes of UTF-8 as characters of its own; those that it does not know are all a space. */
const byteOf = new Map();
const unknownBytes = [];
for (let byte = 0x80; byte < 0x100; byte++) {
  const character = dictionary[byte];
  if (character === ' ') unknownBytes.push(byte);
  else if (byteOf.has(character) || /[a-z'`]/.test(character)) throw new Error(`${character} stands for two bytes`);
  else byteOf.set(character, byte);
}

/** The bytes of an n-gram as one number: six at most, so 48 bits. */
function packed(ngram) {
  const bytes = [...ngram].map((character) => byteOf.get(character) ?? character.charCodeAt(0));
  if (bytes.length > 6 || bytes.some((byte) => byte < SPACE || byte > 0xff)) throw new Error(`an n-gram like ${ngram}`);
  return bytes.reduce((number, byte) => number * 0x100 + byte, 0);
}

const ngrams = Object.entries(ngramsData.ngrams)
  .map(([ngram, scores]) => ({ key: packed(ngram), scores: Object.entries(scores) }))
  .sort((a, b) => a.key - b.key);
const scores = ngrams.flatMap((ngram) => ngram.scores);
if (scores.some(([, score]) => !Number.isInteger(score) || score < 0 || score > 0xff))
  throw new Error('a score beyond 255');
const languages = Object.values(ngramsData.languages);

const letters = new Uint8Array(UNITS / BITS);
for (let unit = 0; unit < UNITS; unit++) {
  separators.lastIndex = 0;
  // What is no letter separates words; the expression spares apostrophes, which are told apart by the reader.
  const isLetter = !separators.test(String.fromCharCode(unit)) && !"'`\u2019".includes(String.fromCharCode(unit));
  if (isLetter) letters[unit >> 3] |= 1 << (unit & 7);
}

const head = {
  madeFrom: `eld ${version}, ${ngramsData.type}`,
  languages,
  averages: languages.map((language) => avgScore[language]),
  unknownBytes,
  ngrams: ngrams.length,
  scores: scores.length,
};
const section = (count, size, fill) => {
  const bytes = Buffer.alloc(count * size);
  for (let index = 0; index < count; index++) bytes.writeUIntLE(fill(index), index * size, size);
  return bytes;
};
const file = Buffer.concat([
  Buffer.from(`${JSON.stringify(head)}\n`),
  letters,
  section(ngrams.length, 4, (index) => ngrams[index].key % 2 ** 32),
  section(ngrams.length, 2, (index) => Math.floor(ngrams[index].key / 2 ** 32)),
  section(ngrams.length, 1, (index) => ngrams[index].scores.length),
  section(scores.length, 1, (index) => Number(scores[index][0])),
  section(scores.length, 1, (index) => scores[index][1]),
]);

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, file);
  console.log(`${ngrams.length} n-grams of ${languages.length} languages, ${file.length} bytes`);
} else if (!file.equals(readFileSync(FILE))) {
  console.error(`libs/domain/data/languages.bin is not what ${head.madeFrom} gives: run scripts/make-languages.mjs`);
  process.exitCode = 1;
}
