/** Lists of 32-bit hashes as bytea: four bytes each, little-endian. */

export function hashBytes(hashes: Int32Array): Buffer {
  return Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
}

/** A copy of its own: the driver's buffer is one slice of a much larger packet, at any offset. */
export function hashesFrom(bytes: Buffer): Int32Array {
  return new Int32Array(new Uint8Array(bytes).buffer);
}
