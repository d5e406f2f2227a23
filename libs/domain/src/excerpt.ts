/** The few lines that stand for a story in lists: whole sentences, never half a thought where it can be helped. */

/** What feeds put at the end of a shortened text; it is their layout, not the story. */
const TAIL =
  /\s*(\[\s*(…|\.{3}|&hellip;)\s*\]|…|\.{3})?\s*((?<=(^|[.!?…\]”"»])\s*)(continue reading|read more|read the (full|whole) (story|article)|weiterlesen|mehr lesen|lire la suite|leer más|lees verder)\b.{0,60})?\s*(→|»|>>)?\s*$/iu;

/**
 * The end of a sentence, with its closing quotes, where the next one begins; what ends one for sure comes last.
 * Intl.Segmenter knows no more of abbreviations and costs ten times as much.
 */
const SENTENCE_END =
  /[.!?…؟।۔](?:["'“”‘’«»‹›)\]]|\s»(?!\S))*(?=\s+["'“”„‘‚«»‹›(\[¿¡–—]*\s*[\p{Lu}\p{Lo}\p{N}\p{Script=Georgian}]|$)|[。！？．။។።]["'”’」』）]*/gu;
/** In small letters. Hardly ever the last words of a sentence. */
const ABBREVIATIONS = new Set(
  (
    'mr mrs ms dr prof sen rep gov gen lt sgt capt cmdr adm maj rev hon jr sr st mt ft vs inc ltd corp co no nos vol pp ' +
    'jan feb mar apr jun jul aug sep sept oct nov dec approx nr str bzw ca evtl ggf usw inkl mio mrd dipl ing geb gest ' +
    'bspw vgl zzgl abs mme mlle mm sra srta dra ud uds dott sig avv dhr mevr ul św nl kl bl dvs ул им тыс млн млрд руб डॉ'
  ).split(' '),
);
/** An initial ("J. Smith", "the U.S. Senate", "z. B. Wien"); a day or another number in a row ("am 3. Mai"), but no result ("2-1."). */
const INITIAL_OR_DAY = /(?:(?:^|[^\p{L}\p{M}\p{N}])\p{L}\p{M}*|(?:^|[\s(])\d{1,2})$/u;
const LAST_WORD = /[\p{L}\p{M}]*$/u;
/** Characters before a full stop that are looked at: one more than any abbreviation has, so that no end of a longer word is one. */
const LOOKED_AT = Math.max(...[...ABBREVIATIONS].map(({ length }) => length)) + 1;

/**
 * The first whole sentences of a plain text, together at most `maxLength` UTF-16 units. A first sentence that is longer
 * is cut at a word and ends in an ellipsis. Line breaks become spaces.
 */
export function excerpt(text: string, maxLength = 300): string {
  // A few times the length is enough to find the sentences' ends; the rest of a long article need not be segmented.
  const line = text
    .slice(0, maxLength * 4)
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= maxLength) return line;
  return wholeSentences(line, maxLength) || cutAtWord(line, maxLength);
}

/**
 * What of `summary` may stand for `text` where its partner allows an excerpt only: whole sentences, together at most half of
 * the text; nothing when the first is longer than that. A summary in words of its own stays as it is.
 */
export function mereExcerpt(summary: string, text: string): string {
  const most = Math.floor(text.length / 2);
  if (summary.length <= most || !letters(text).includes(letters(summary))) return summary;
  return wholeSentences(summary, most);
}

/** Empty when the first sentence is longer than `maxLength`. */
function wholeSentences(line: string, maxLength: number): string {
  let end = 0;
  for (const { index, 0: mark } of line.slice(0, maxLength + 20).matchAll(SENTENCE_END)) {
    const sentenceEnd = index + mark.length;
    if (sentenceEnd > maxLength) break;
    if (!isAbbreviation(line, index)) end = sentenceEnd;
  }
  return line.slice(0, end);
}

/** Whether the full stop at `at` belongs to its word. In doubt it does: the excerpt is a sentence shorter then, but never half of one. */
function isAbbreviation(line: string, at: number): boolean {
  if (line[at] !== '.') return false;
  const before = line.slice(Math.max(0, at - LOOKED_AT), at);
  return INITIAL_OR_DAY.test(before) || ABBREVIATIONS.has(LAST_WORD.exec(before)?.[0].toLowerCase() ?? '');
}

function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '');
}

/** A partner's own summary without "[…] Read more →". */
export function withoutTail(text: string): string {
  const tail = TAIL.exec(text.slice(-120))?.[0] ?? '';
  const kept = text.slice(0, text.length - tail.length).trimEnd();
  return tail.trim() !== '' && kept !== '' && !/[.!?。！？"'”’)]$/u.test(kept) ? `${kept}…` : kept;
}

function cutAtWord(line: string, maxLength: number): string {
  const cut = line.slice(0, maxLength - 1);
  const space = cut.lastIndexOf(' ');
  const kept = space > maxLength / 2 ? cut.slice(0, space) : cut.replace(/[\uD800-\uDBFF]$/, '');
  return `${kept.replace(/[\s,;:–—-]+$/u, '')}…`;
}
