/** Countries in a text whose script parts no words (Chinese, Japanese, Thai) or hangs particles on them (Korean). Pure. */
import type { PlaceIndex } from './place-index.js';
import { confidenceOf, type FoundPlace, MAX_COUNTRIES } from './weigh-places.js';

/** Longer words that a country's name begins or ends, and that are not found by their letters alone. */
const NO_PLACES: Record<string, string> = {
  ja: 'インド洋 インド象 日本海 内モンゴル 南アメリカ 北アメリカ 中央アメリカ ジョージア州 中国地方 位タイ タイ記録 最多タイ 最高タイ 最長タイ 世界タイ 日本タイ 歴代タイ トルコ石',
  zh: '印度洋 印度支那 日本海 内蒙古 马里兰 马里乌波尔 马里奥 奥兰多 约旦河 荷兰豆 蒙古包 南非洲 黑山县 巴林左旗 巴林右旗 上海地',
  ko: '인도양 인도적 인도주의 인도법 인도차이나 부탄가스 기니피그 그리스도 북한산 북한강 대만족 호주머니 가나다 조지아주 일본뇌염 칠레고추',
};
/** Names that are everyday words as well, and seldom the country. */
const WORDS: Record<string, ReadonlySet<string>> = {
  zh: new Set(['中非']),
  ko: new Set(['수단', '오만', '말리', '건지', '피지', '아이티']),
  th: new Set(['ชาด', 'มาลี']),
};
const KATAKANA = /[\u30A1-\u30FA\u30FC-\u30FE]/;
const HANGUL = /\p{Script=Hangul}/u;
/** Enough before and behind a name for the segmenter to see the words around it. */
const AROUND = 16;
const segmenters = new Map<string, Intl.Segmenter>();

/** `title`: how many characters of the text are the title's. */
export function unspacedPlaces(text: string, title: number, language: string, index: PlaceIndex): FoundPlace[] {
  let rest = (NO_PLACES[language] ?? '')
    .split(' ')
    .reduce((left, phrase) => (phrase === '' ? left : left.replaceAll(phrase, ' '.repeat(phrase.length))), text);
  const found: (FoundPlace & { mentions: number })[] = [];
  for (const [name, country] of index.unspacedNames(language)) {
    if (WORDS[language]?.has(name) === true) continue;
    const starts = placesIn(rest, name).filter((at) => isWord(text, at, at + name.length, language));
    const [first] = starts;
    if (first === undefined) continue;
    // A longer name's part is not found again as a shorter one.
    rest = rest.replaceAll(name, ' '.repeat(name.length));
    const known = found.find((one) => one.name === country.name);
    const confidence = confidenceOf(starts.length + (first < title ? 1 : 0), true);
    if (known === undefined) found.push({ name: country.name, confidence, evidence: name, mentions: starts.length });
    else known.mentions += starts.length;
  }
  return found
    .sort((a, b) => b.mentions - a.mentions)
    .slice(0, MAX_COUNTRIES)
    .map(({ name, confidence, evidence }) => ({ name, confidence, evidence }));
}

function placesIn(text: string, name: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) places.push(at);
  return places;
}

/** The name is a word by itself: タイ is none in タイトル, 海地 none in 上海地铁, 이란 none in 사랑이란. */
function isWord(text: string, from: number, to: number, language: string): boolean {
  const [before, after] = [text[from - 1] ?? '', text[to] ?? ''];
  if (language === 'ko') return !HANGUL.test(before);
  if (language === 'ja') {
    const isKatakana = (sign: string): boolean => KATAKANA.test(sign);
    // マリ・クレール: a dot joins the parts of a name, and short ones are parts of many.
    const joins = (sign: string): boolean => isKatakana(sign) || (sign === '・' && to - from < 3);
    return !(isKatakana(text[from] ?? '') && joins(before)) && !(isKatakana(text[to - 1] ?? '') && joins(after));
  }
  return isParted(text, from, to, language);
}

/** The language's dictionary begins a word at `from` and ends one at `to`. */
function isParted(text: string, from: number, to: number, language: string): boolean {
  let segmenter = segmenters.get(language);
  if (segmenter === undefined)
    segmenters.set(language, (segmenter = new Intl.Segmenter(language, { granularity: 'word' })));
  const start = Math.max(0, from - AROUND);
  const window = text.slice(start, to + AROUND);
  const edges = new Set([window.length]);
  for (const { index } of segmenter.segment(window)) edges.add(index);
  return edges.has(from - start) && edges.has(to - start);
}
