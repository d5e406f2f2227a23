/** Undoes content encodings with a cap on the decoded bytes, so that a small bomb never becomes a big one. */
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { OutboundError } from './outbound-error.js';

/** What to do with more bytes than allowed: an error, or the first bytes alone. */
export type Overflow = 'fail' | 'truncate';
export interface BodyLimit {
  maxBytes: number;
  overflow: Overflow;
}

/** Node has zstd since 22.15; the types of Node 20 do not know it. */
const createZstd = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress;

/** The Accept-Encoding to send for what this module can decode. */
export const ACCEPTED_ENCODINGS = createZstd ? 'gzip, deflate, br, zstd' : 'gzip, deflate, br';

/** A chain of encodings longer than this serves nobody but an attacker. */
const MAX_ENCODINGS = 3;

/** Told of decoded bytes as they come; what it answers is waited for, and what it throws is thrown. */
export type ByteMeter = (bytes: number) => unknown;

/**
 * Decodes `raw` by a Content-Encoding header (RFC 9110, 8.4). A body labelled gzip that plainly is not is taken as it is.
 * @throws {OutboundError} `decode` when the bytes are broken or the encoding unknown, `too-large` past the limit.
 */
export async function decodeBody(
  raw: Buffer,
  contentEncoding: string | undefined,
  limit: BodyLimit,
  meter?: ByteMeter,
): Promise<{ body: Buffer; truncated: boolean }> {
  const encodings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const applied = encodings.filter((name) => name !== '' && name !== 'identity').reverse();
  if (applied.length > MAX_ENCODINGS) throw new OutboundError('decode', `encoded ${applied.length} times over`);
  let body = raw;
  let truncated = false;
  for (const name of applied) {
    if (body.length === 0) break;
    const decoder = decoderFor(name, body, limit.overflow);
    if (decoder) ({ body, truncated } = await runDecoder(decoder, name, body, limit, meter));
  }
  return { body, truncated };
}

/** Null where the bytes are to be taken as they are. */
function decoderFor(name: string, body: Buffer, overflow: Overflow): Transform | null {
  switch (name) {
    case 'gzip':
    case 'x-gzip':
      return body[0] === 0x1f && body[1] === 0x8b ? zlib.createGunzip() : null;
    case 'deflate':
      // Half the world sends raw deflate under this name; zlib's own header has 8 in the low half of its first byte.
      return ((body[0] ?? 0) & 0x0f) === 0x08 ? zlib.createInflate() : zlib.createInflateRaw();
    case 'br':
      return zlib.createBrotliDecompress();
    case 'zstd':
      if (createZstd) return createZstd();
      break;
  }
  if (overflow === 'truncate') return null;
  throw new OutboundError('decode', `the answer has the unknown content encoding "${name.slice(0, 40)}"`);
}

async function runDecoder(
  decoder: Transform,
  name: string,
  input: Buffer,
  { maxBytes, overflow }: BodyLimit,
  meter: ByteMeter | undefined,
): Promise<{ body: Buffer; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let metering = false;
  decoder.end(input);
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) break;
      if (!meter) continue;
      metering = true;
      await meter(chunk.length);
      metering = false;
    }
  } catch (error) {
    if (metering) throw error;
    // What was readable of an answer that is only shown to people is worth keeping.
    if (overflow === 'fail')
      throw new OutboundError('decode', `the answer’s ${name} encoding is broken`, 'remote', { cause: error });
    return { body: Buffer.concat(chunks), truncated: true };
  }
  if (size <= maxBytes) return { body: Buffer.concat(chunks, size), truncated: false };
  if (overflow === 'fail')
    throw new OutboundError('too-large', `the answer is larger than ${maxBytes} bytes when decoded`);
  return { body: Buffer.concat(chunks, size).subarray(0, maxBytes), truncated: true };
}
