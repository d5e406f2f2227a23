/** Bytes that are kept: in memory of their own, so that keeping them keeps nothing else. */

/**
 * A copy that takes as much memory as it has bytes. A small `Buffer.from` is a slice of 8 KB that others share, and what
 * zlib answers is one of 16 KB: who keeps a slice keeps all of it.
 */
export function ownBytes(source: string | Buffer): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(source));
  if (typeof source === 'string') bytes.write(source);
  else source.copy(bytes);
  return bytes;
}
