/** A classifier as bytes for the database, and back into memory that threads share. */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Classifier, Target } from './topic-model.js';
import { DIMENSIONS } from './text-vector.js';

/** What the first line of the bytes says, as JSON. */
interface Header {
  format: 1;
  classCount: number;
  targets: Target[];
  languages: string[];
}

const MAX_BYTES = 64 * 1_024 * 1_024;

/** gzip of: a line of JSON, rarity and biases and scales as little-endian floats, the weights as bytes. */
export function packClassifier({ model, targets, languages }: Omit<Classifier, 'version'>): Buffer {
  const header: Header = { format: 1, classCount: model.classCount, targets, languages };
  return gzipSync(
    Buffer.concat([
      Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'),
      floatBytes(model.rarity),
      floatBytes(model.biases),
      floatBytes(model.scales),
      Buffer.from(model.weights.buffer, model.weights.byteOffset, model.weights.byteLength),
    ]),
  );
}

/** Throws when the bytes are not of this format. */
export function unpackClassifier(bytes: Uint8Array, version: number): Classifier {
  const raw = gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  const end = raw.indexOf(0x0a);
  const header = JSON.parse(raw.toString('utf8', 0, end)) as Header;
  const { format, classCount, targets, languages } = header;
  const expected = end + 1 + 4 * (DIMENSIONS + 2 * classCount) + DIMENSIONS * classCount;
  if ((format as number) !== 1 || raw.length !== expected)
    throw new Error(`classifier version ${version} is of a format that this Dateline does not know`);
  let at = end + 1;
  const floats = (count: number): Float32Array => {
    const values = new Float32Array(new SharedArrayBuffer(4 * count));
    for (let one = 0; one < count; one += 1) values[one] = raw.readFloatLE(at + 4 * one);
    at += 4 * count;
    return values;
  };
  const rarity = floats(DIMENSIONS);
  const biases = floats(classCount);
  const scales = floats(classCount);
  const weights = new Int8Array(new SharedArrayBuffer(DIMENSIONS * classCount));
  weights.set(new Int8Array(raw.buffer, raw.byteOffset + at, weights.length));
  return { version, model: { classCount, rarity, weights, scales, biases }, targets, languages };
}

function floatBytes(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}
