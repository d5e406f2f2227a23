/** A response made once and sent many times: its bytes in each encoding, with the headers of the 200 and of the 304. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ownBytes } from '#domain/own-bytes.js';
import type { Encoding } from './accept-encoding.js';

/** What a page or a feed is before it is sent. `changedAt` is when its content last changed, where that is known. */
export interface Rendering {
  status: number;
  contentType: string;
  body: string | Buffer;
  cacheControl: string;
  changedAt?: Date | undefined;
  /** Further headers, such as Location. */
  headers?: Readonly<Record<string, string>>;
}

/** One encoding of a document, ready to be sent. */
export interface Variant {
  etag: string;
  body: Buffer;
  headers: Readonly<Record<string, string | number>>;
  notModifiedHeaders: Readonly<Record<string, string>>;
  /** The same as Node.js writes them quickest: name, value, name, value, … */
  rawHeaders: string[];
  rawNotModifiedHeaders: string[];
}

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** Below this a compressed body saves nothing that a packet would notice. */
const WORTH_COMPRESSING_BYTES = 1_000;
/** Close to the best there is, at a tenth of its time. */
const BROTLI_QUALITY = 6;

export class RenderedDocument {
  readonly status: number;
  readonly lastModified: string | undefined;
  private readonly body: Buffer;
  private readonly compressible: boolean;
  private readonly hash: string;
  private readonly variants = new Map<Encoding, Promise<Variant>>();
  private readonly ready = new Map<Encoding, Variant>();

  /** Without the text that the bytes were made of. */
  private readonly rendering: Omit<Rendering, 'body'>;

  constructor({ body, ...rendering }: Rendering) {
    this.rendering = rendering;
    this.status = rendering.status;
    this.body = ownBytes(body);
    this.hash = createHash('sha256')
      .update(`${rendering.status} ${rendering.contentType} ${rendering.headers?.location ?? ''}\n`)
      .update(this.body)
      .digest('base64url')
      .slice(0, 27);
    this.lastModified = rendering.changedAt?.toUTCString();
    this.compressible = this.body.length >= WORTH_COMPRESSING_BYTES && /^text\/|xml|json/.test(rendering.contentType);
  }

  /** Roughly what it takes in memory with its encodings, in bytes. */
  get size(): number {
    return 1_000 + this.body.length * 1.6;
  }

  /** The same bytes with the same status: then the older document, with its encodings, can stay. */
  sameAs(other: RenderedDocument): boolean {
    return this.hash === other.hash;
  }

  /** Ready-made when it was asked for before, else a promise. */
  variant(wanted: Encoding): Variant | Promise<Variant> {
    return this.readyVariant(wanted) ?? this.make(this.compressible ? wanted : 'identity');
  }

  /** Undefined when nobody has asked for it before. */
  readyVariant(wanted: Encoding): Variant | undefined {
    return this.ready.get(this.compressible ? wanted : 'identity');
  }

  private make(encoding: Encoding): Promise<Variant> {
    const known = this.variants.get(encoding);
    if (known !== undefined) return known;
    const made = this.encode(encoding).then((body) => {
      const variant = this.describe(encoding, body);
      this.ready.set(encoding, variant);
      return variant;
    });
    this.variants.set(encoding, made);
    return made;
  }

  private async encode(encoding: Encoding): Promise<Buffer> {
    if (encoding === 'gzip') return ownBytes(await compressGzip(this.body));
    if (encoding === 'br') {
      const params = {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: this.body.length,
      };
      return ownBytes(await compressBrotli(this.body, { params }));
    }
    return this.body;
  }

  /** A strong ETag names exact bytes (RFC 9110, 8.8.3), so each encoding has its own. */
  private describe(encoding: Encoding, body: Buffer): Variant {
    const etag = encoding === 'identity' ? `"${this.hash}"` : `"${this.hash}-${encoding}"`;
    const notModifiedHeaders = {
      etag,
      'cache-control': this.rendering.cacheControl,
      vary: 'Accept-Encoding',
      ...(this.lastModified === undefined ? {} : { 'last-modified': this.lastModified }),
    };
    const headers = {
      ...notModifiedHeaders,
      'content-type': this.rendering.contentType,
      'content-length': body.length,
      'x-content-type-options': 'nosniff',
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      ...this.rendering.headers,
    };
    return {
      etag,
      body,
      headers,
      notModifiedHeaders,
      rawHeaders: raw(headers),
      rawNotModifiedHeaders: raw(notModifiedHeaders),
    };
  }

  /** Whether this ETag, as a client sent it, names these bytes in any encoding (weak comparison, RFC 9110, 13.1.2). */
  isNamedBy(etag: string): boolean {
    const bare = etag.trim().replace(/^W\//, '');
    return bare === '*' || bare === `"${this.hash}"` || bare === `"${this.hash}-gzip"` || bare === `"${this.hash}-br"`;
  }
}

function raw(headers: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [name, String(value)]);
}
