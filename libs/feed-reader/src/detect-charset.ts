/** Guesses the charset of unlabelled text that is not UTF-8, by trying the usual ones and looking at what comes out. */
import iconv from 'iconv-lite';

const SAMPLE_BYTES = 64 * 1024;

/** How often a language's commonest letters come up in real text of it, as a share of its characters. */
interface Candidate {
  charset: string;
  common: RegExp;
  usual: number;
}

const KANA = /[\u3040-\u30ff]/g;
/** Particles and pronouns that every Chinese text has, in both scripts: they tell GB from Big5. */
const CHINESE = /[的一是不了在有人我他这這中大来來上个個国國为為和到时時说說们們家今年]/g;
const KOREAN = /[이다는을를의에하고가한지기은도로서사시자니]/g;

const MULTI_BYTE: Candidate[] = [
  { charset: 'shift_jis', common: KANA, usual: 0.4 },
  { charset: 'euc-jp', common: KANA, usual: 0.4 },
  { charset: 'euc-kr', common: KOREAN, usual: 0.25 },
  { charset: 'gb18030', common: CHINESE, usual: 0.12 },
  { charset: 'big5', common: CHINESE, usual: 0.12 },
];
const RUSSIAN = /[оеаинтсрвл]/g;
const GREEK = /[αοιετσνηυρπκμλςόάίή]/g;
const ARABIC = /[اليمونرتبةعدسه]/g;
const HEBREW = /[יוהלארבתשמםנ]/g;
const THAI = /[านรอกเง่้มวยลสัีทด]/g;
const SINGLE_BYTE: Candidate[] = [
  { charset: 'windows-1256', common: ARABIC, usual: 0.78 },
  { charset: 'iso-8859-6', common: ARABIC, usual: 0.77 },
  { charset: 'windows-1255', common: HEBREW, usual: 0.76 },
  { charset: 'windows-874', common: THAI, usual: 0.68 },
  { charset: 'windows-1251', common: RUSSIAN, usual: 0.65 },
  { charset: 'koi8-r', common: RUSSIAN, usual: 0.65 },
  { charset: 'iso-8859-5', common: RUSSIAN, usual: 0.65 },
  { charset: 'cp866', common: RUSSIAN, usual: 0.65 },
  { charset: 'windows-1253', common: GREEK, usual: 0.8 },
  { charset: 'iso-8859-7', common: GREEK, usual: 0.79 },
];

/** Name of the likeliest charset, or undefined when nothing speaks for any but windows-1252. */
export function detectCharset(buffer: Buffer): string | undefined {
  const sample = buffer.subarray(0, SAMPLE_BYTES);
  let high = 0;
  let runs = 0;
  for (let at = 0; at < sample.length; at++) {
    if ((sample[at] ?? 0) < 0x80) continue;
    high++;
    if (at === 0 || (sample[at - 1] ?? 0) < 0x80) runs++;
  }
  // Accents stand alone in Latin text; other scripts write whole words above 0x7f.
  if (high < 8 || high / runs < 1.2) return undefined;
  const singleByte = high / runs < 2 ? [] : SINGLE_BYTE;
  const scores = [
    ...MULTI_BYTE.map((candidate) => scoreOf(candidate, sample, high / 200)),
    ...singleByte.map((candidate) => scoreOf(candidate, sample, 0)),
  ].sort((a, b) => b.score - a.score);
  return scores[0] && scores[0].score > 0.6 ? scores[0].charset : undefined;
}

function scoreOf(candidate: Candidate, sample: Buffer, gaps: number): { charset: string; score: number } {
  const { charset, common, usual } = candidate;
  // The sample may end inside a character.
  const text = iconv.decode(sample, charset).slice(0, -1);
  const score = count(text, /\uFFFD/g) > gaps ? 0 : count(text, common) / count(text, /[\u0080-\uffff]/g) / usual;
  return { charset, score: Number.isFinite(score) ? score : 0 };
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
