/** Turns a document's bytes into text whatever its labels say: BOM, then valid UTF-8, then the labels, then detection. */
import { isUtf8 } from 'node:buffer';

import iconv from 'iconv-lite';

import { decodeAs, isCharset, isLatin } from './charset-names.js';
import { detectCharset } from './detect-charset.js';
import { type ProblemLog } from './problem-log.js';
import { decodeEbcdic, isEbcdic } from './ebcdic.js';
import { decodeMixedUtf8 } from './mixed-utf8.js';

/** Charsets whose bytes are all below 0x80, so that valid UTF-8 proves nothing. */
const SEVEN_BIT = /^(cs)?(iso[-_]?2022|hz|utf[-_]?7|unicode[-_]1[-_]1[-_]utf[-_]7|u7$)/;

/**
 * The text of `bytes`. `contentType` is the HTTP header (RFC 9110, 8.3) or null. A label that the bytes contradict is noted;
 * bytes that fit nothing become U+FFFD. Never throws.
 */
export function decodeBytes(bytes: Uint8Array, contentType: string | null, problems: ProblemLog): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unicode = byteOrderMark(buffer) ?? sixteenBits(buffer);
  if (unicode) return iconv.decode(buffer.subarray(unicode.skip), unicode.charset);

  if (isEbcdic(buffer)) return decodeEbcdic(buffer);

  const http = charsetOf(contentType);
  const declared = xmlDeclaration(buffer);
  const label = http ?? declared;
  if (isUtf8(buffer)) {
    const sevenBit = [http, declared].find((each) => each !== undefined && SEVEN_BIT.test(each));
    const decoded =
      sevenBit && (buffer.includes(0x1b) || !sevenBit.includes('2022')) ? decodeAs(buffer, sevenBit) : undefined;
    if (decoded) return decoded;
    const text = buffer.toString('utf8');
    if (label && !/^utf-?8$/.test(label) && !isLatin(label) && text.length !== buffer.length) {
      problems.note('charset-mismatch', label);
    }
    return text;
  }
  return decodeOther(buffer, [http, declared], problems);
}

/** Bytes that are not valid UTF-8: the first label that fits without a gap, UTF-8 with stray bytes, or what detection says. */
function decodeOther(buffer: Buffer, labels: (string | undefined)[], problems: ProblemLog): string {
  // A server's Latin is often only its default: where the bytes are plainly no Latin, the document's own label wins.
  const [http, declared] = labels;
  const isDefault = http !== undefined && isLatin(http) && declared !== undefined && !isLatin(declared);
  const ordered = isDefault && detectCharset(buffer) !== undefined ? [declared, http] : labels;
  const wanted = ordered.filter((each) => each !== undefined);
  for (const label of wanted) {
    if (/^utf-?8$|^utf-?16|^utf-?32|^ucs/.test(label)) continue;
    const text = decodeAs(buffer, label);
    if (text !== undefined && !text.includes('\uFFFD')) return text;
  }
  const mixed = decodeMixedUtf8(buffer);
  if (mixed) {
    problems.note('charset-mixed');
    return mixed;
  }
  const detected = detectCharset(buffer) ?? wanted.find((each) => isCharset(each)) ?? 'windows-1252';
  problems.note('charset-detected', detected);
  return decodeAs(buffer, detected) ?? buffer.toString('latin1');
}

/** The `charset` parameter of a content type, lower case. */
function charsetOf(contentType: string | null): string | undefined {
  return /charset\s*=\s*["']?\s*([\w.:+-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase();
}

/** The encoding named by the XML declaration (XML 1.0, 4.3.3), looked for in the first kilobyte: junk may precede it. */
function xmlDeclaration(buffer: Buffer): string | undefined {
  const head = buffer.toString('latin1', 0, Math.min(buffer.length, 1024));
  return /<\?xml[^>]{0,200}?encoding\s*=\s*["']?\s*([\w.:+-]+)/i.exec(head)?.[1]?.toLowerCase();
}

function byteOrderMark(b: Buffer): { charset: string; skip: number } | undefined {
  if (b[0] === 0xef && b[1] === 0xbb && b[2] === 0xbf) {
    return isUtf8(b) ? { charset: 'utf8', skip: 3 } : undefined;
  }
  if (b[0] === 0 && b[1] === 0 && b[2] === 0xfe && b[3] === 0xff) return { charset: 'utf-32be', skip: 4 };
  if (b[0] === 0xff && b[1] === 0xfe && b[2] === 0 && b[3] === 0) return { charset: 'utf-32le', skip: 4 };
  if (b[0] === 0xff && b[1] === 0xfe) return { charset: 'utf-16le', skip: 2 };
  if (b[0] === 0xfe && b[1] === 0xff) return { charset: 'utf-16be', skip: 2 };
  return undefined;
}

/** UTF-16 and UTF-32 without a mark, known by the zeros around the first `<` (XML 1.0, appendix F). */
function sixteenBits(b: Buffer): { charset: string; skip: number } | undefined {
  const zeros = [0, 1, 2, 3].map((at) => b[at] === 0);
  if (b.length < 4) return undefined;
  if (zeros[0] && zeros[1] && zeros[2] && b[3] === 0x3c) return { charset: 'utf-32be', skip: 0 };
  if (b[0] === 0x3c && zeros[1] && zeros[2] && zeros[3]) return { charset: 'utf-32le', skip: 0 };
  if (zeros[0] && b[1] === 0x3c && zeros[2]) return { charset: 'utf-16be', skip: 0 };
  if (b[0] === 0x3c && zeros[1] && zeros[3]) return { charset: 'utf-16le', skip: 0 };
  return undefined;
}
