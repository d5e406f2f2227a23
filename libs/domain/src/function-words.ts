/** The words of a language that say nothing of what a text is about: "the", "und", "que". Lists of the library `stopword`. */
import * as lists from 'stopword';

/** By the primary subtag of a language's tag (BCP 47). Languages without spaces have none: their words are not told apart. */
const CODES = new Map(
  (
    'af:afr ar:ara bg:bul bn:ben br:bre ca:cat cs:ces da:dan de:deu el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas fi:fin fr:fra ' +
    'ga:gle gl:glg gu:guj ha:hau he:heb hi:hin hr:hrv hu:hun hy:hye id:ind it:ita ko:kor ku:kur la:lat lt:lit lv:lav mr:mar ' +
    'ms:msa nb:nob nl:nld no:nob pl:pol pt:por ro:ron ru:rus sk:slk sl:slv so:som sv:swe sw:swa tr:tur uk:ukr ur:urd vi:vie ' +
    'yo:yor zu:zul'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, lists.LanguageCode]),
);

const NONE: ReadonlySet<string> = new Set();
const made = new Map<string, ReadonlySet<string>>();

/** In small letters, accents kept. Empty for a language that has no list, and for `null`. */
export function functionWords(language: string | null): ReadonlySet<string> {
  const primary = language?.split('-')[0]?.toLowerCase() ?? '';
  const known = made.get(primary);
  if (known !== undefined) return known;
  const code = CODES.get(primary);
  if (code === undefined) return NONE;
  const words = new Set(lists[code].map((word) => word.normalize('NFKC').toLowerCase()));
  made.set(primary, words);
  return words;
}
