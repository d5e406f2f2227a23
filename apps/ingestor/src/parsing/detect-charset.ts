/** Guesses the charset of unlabelled text that is not UTF-8, by trying the usual ones and looking at what comes out. */
import iconv from 'iconv-lite';

const SAMPLE_BYTES = 64 * 1024;

/** Multi-byte charsets prove themselves by decoding without a gap into the script they were made for. */
const MULTI_BYTE: { charset: string; script: RegExp }[] = [
  { charset: 'shift_jis', script: /[\u3040-\u30ff]/g },
  { charset: 'euc-jp', script: /[\u3040-\u30ff]/g },
  { charset: 'euc-kr', script: /[\uac00-\ud7a3]/g },
  { charset: 'gb18030', script: /[\u4e00-\u9fa5]/g },
  { charset: 'big5', script: /[\u4e00-\u9fa5]/g },
];
/** The particles that nearly every Chinese sentence has, in both scripts: they tell GB from Big5. */
const CHINESE_COMMON = /[的一是不了在有人我他這这中大来來上个個国國为為和到时時说說们們]/g;
/** The commonest letters of Russian, then the letters a wrong Cyrillic charset produces instead. */
const RUSSIAN_COMMON = /[оеаинтсрвл]/g;
const CYRILLIC = /[\u0400-\u045f]/g;
const GREEK = /[α-ωάέήίόύώ]/g;

/** Name of the likeliest charset, or undefined when nothing speaks for any but windows-1252. */
export function detectCharset(buffer: Buffer): string | undefined {
  const sample = buffer.subarray(0, SAMPLE_BYTES);
  const high = sample.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0);
  let best: { charset: string; score: number } | undefined;
  const offer = (charset: string, score: number): void => {
    if (score > (best?.score ?? 0)) best = { charset, score };
  };
  for (const { charset, script } of MULTI_BYTE) {
    const text = iconv.decode(sample, charset).slice(0, -1);
    const gaps = count(text, /\uFFFD/g);
    if (gaps > high / 200 || high < 8) continue;
    const chinese = charset === 'gb18030' || charset === 'big5';
    const share = count(text, script) / (high / 2);
    if (share > 0.35) offer(charset, chinese ? count(text, CHINESE_COMMON) / high + share / 4 : share + 0.1);
  }
  for (const charset of ['windows-1251', 'koi8-r', 'iso-8859-5', 'cp866']) {
    const text = iconv.decode(sample, charset);
    // Latin text read as Cyrillic scatters letters; a real one is nearly all lower-case Cyrillic.
    if (count(text, CYRILLIC) / high > 0.8 && high > sample.length / 20)
      offer(charset, count(text, RUSSIAN_COMMON) / high);
  }
  for (const charset of ['windows-1253', 'iso-8859-7']) {
    const text = iconv.decode(sample, charset);
    if (high > sample.length / 20) offer(charset, (count(text, GREEK) / high) * 0.7);
  }
  return best && best.score > 0.3 ? best.charset : undefined;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
