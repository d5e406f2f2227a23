/** Reads EBCDIC, which XML 1.0 (appendix F) allows and mainframes still send: code pages 037, 500 and 1140. */

/** The characters of code page 037 from 0x40 on; below lie controls, of which a document needs tab and line ends. */
const CP037 =
  ' \xa0âäàáãåçñ¢.<(+|&éêëèíîïìß!$*);¬-/ÂÄÀÁÃÅÇÑ¦,%_>?øÉÊËÈÍÎÏÌ`:#@\'="Øabcdefghi«»ðýþ±°jklmnopqrªºæ¸Æ¤µ~stuvwxyz¡¿ÐÝÞ®^£¥·©§¶¼½¾[]¯¨´×{ABCDEFGHI\xadôöòóõ}JKLMNOPQR¹ûüùúÿ\\÷STUVWXYZ²ÔÖÒÓÕ0123456789³ÛÜÙÚ\x9f';

/** Where code page 500, "international", differs from 037. */
const CP500: Record<number, string> = { 0x4a: '[', 0x4f: '!', 0x5a: ']', 0x5f: '^', 0xb0: '¢', 0xba: '¬', 0xbb: '|' };

/** Whether the bytes begin with `<?xm` in EBCDIC. */
export function isEbcdic(bytes: Uint8Array): boolean {
  return bytes[0] === 0x4c && bytes[1] === 0x6f && bytes[2] === 0xa7 && bytes[3] === 0x94;
}

/** The text of EBCDIC bytes in the code page that its declaration names, else 037. */
export function decodeEbcdic(bytes: Uint8Array): string {
  const declared = /encoding\s*=\s*["']([\w-]+)/.exec(decodeWith(bytes.subarray(0, 200), {}))?.[1] ?? '';
  if (/500|-(be|ch)$|_(be|ch)$/i.test(declared)) return decodeWith(bytes, CP500);
  return decodeWith(bytes, /1140/.test(declared) ? { 0x9f: '€' } : {});
}

function decodeWith(bytes: Uint8Array, differences: Record<number, string>): string {
  const table = Array.from({ length: 256 }, (_each, byte) => differences[byte] ?? controlOr037(byte));
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 4_096) {
    parts.push(Array.from(bytes.subarray(from, from + 4_096), (byte) => table[byte]).join(''));
  }
  return parts.join('');
}

function controlOr037(byte: number): string {
  if (byte >= 0x40) return CP037[byte - 0x40] ?? '';
  if (byte === 0x05) return '\t';
  return byte === 0x0d ? '\r' : byte === 0x15 || byte === 0x25 ? '\n' : '';
}
