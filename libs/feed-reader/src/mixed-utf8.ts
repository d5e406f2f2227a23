/** Reads UTF-8 into which bytes of windows-1252 were pasted, the commonest way of being almost UTF-8. */
import iconv from 'iconv-lite';

/** Text of the bytes, or undefined when they are not mostly UTF-8 (fewer good sequences than bad bytes). */
export function decodeMixedUtf8(buffer: Buffer): string | undefined {
  const bad: number[] = [];
  let good = 0;
  for (let at = 0; at < buffer.length;) {
    const length = sequenceLength(buffer, at);
    if (length === 0) {
      bad.push(at);
      // Beyond a handful the document is in another charset; no need to count on.
      if (bad.length > 64 && bad.length > good * 2) return undefined;
    } else if (length > 1) good++;
    at += Math.max(length, 1);
  }
  if (good <= bad.length && !(bad.length > 0 && isTail(buffer, bad))) return undefined;
  const parts: string[] = [];
  let from = 0;
  for (const at of bad) {
    parts.push(buffer.toString('utf8', from, at));
    // A sequence that the end of the document cut is dropped.
    if (isTail(buffer, [at])) return parts.join('');
    parts.push(iconv.decode(buffer.subarray(at, at + 1), 'windows-1252'));
    from = at + 1;
  }
  parts.push(buffer.toString('utf8', from));
  return parts.join('');
}

/** Whether all bad bytes are in the last three: a multi-byte character cut by truncation. */
function isTail(buffer: Buffer, bad: number[]): boolean {
  const first = bad[0] ?? 0;
  return first >= buffer.length - 3 && (buffer[first] ?? 0) >= 0xc2;
}

/** Length of the well-formed UTF-8 sequence at `at` (RFC 3629, section 4), or 0. */
function sequenceLength(b: Buffer, at: number): number {
  const first = b[at] ?? 0;
  if (first < 0x80) return 1;
  const next = (offset: number): boolean => ((b[at + offset] ?? 0) & 0xc0) === 0x80;
  const second = b[at + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return next(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
    return next(1) && next(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
    return next(1) && next(2) && next(3) ? 4 : 0;
  }
  return 0;
}
