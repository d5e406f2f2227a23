/** Reads whatever stands at an address, without any memory of it: a feed, or a page that may lead to one. */
import { Injectable } from '@nestjs/common';
import type { ParsedDocument } from '#contracts/parsed-feed.js';
import { DocumentParser } from '#feed-reader/document-parser.js';
import { UnreadableFeedError } from '#feed-reader/unreadable-feed-error.js';
import type { ByteAccount } from '#http-client/byte-budget.js';
import { OutboundError } from '#http-client/outbound-error.js';
import { OutboundHttp, type OutboundResponse } from '#http-client/http-client.js';
import { DocumentMemory } from '../fetching/document-memory.js';
import { statusTrouble } from '../fetching/fetch-trouble.js';

/** `parsed` is null for a page. */
export interface ReadAddress {
  response: OutboundResponse;
  parsed: ParsedDocument | null;
}

/** No success. `passes`: at another time the address may well answer. */
class StatusError extends Error {
  constructor(
    message: string,
    readonly passes: boolean,
  ) {
    super(message);
  }
}

const DEADLINE_MS = 15_000;
const MAX_BYTES = 15 * 1024 * 1024;
const MAX_REDIRECTS = 5;
const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.1';

@Injectable()
export class AddressReader {
  constructor(
    private readonly http: OutboundHttp,
    private readonly parser: DocumentParser,
    private readonly memory: DocumentMemory,
  ) {}

  /** @throws {Error} with a sentence for people: no answer, no success, neither a feed nor a page. */
  async read(url: string, signal: AbortSignal): Promise<ReadAddress> {
    const memory = this.memory.open();
    try {
      return await this.readInto(memory, url, signal);
    } finally {
      memory.close();
    }
  }

  private async readInto(memory: ByteAccount, url: string, signal: AbortSignal): Promise<ReadAddress> {
    const response = await this.http.request({
      url,
      headers: { accept: ACCEPT, 'user-agent': this.http.userAgentFor('feed fetcher') },
      deadlineMs: DEADLINE_MS,
      maxBytes: MAX_BYTES,
      maxRedirects: MAX_REDIRECTS,
      memory,
      signal,
    });
    const trouble = statusTrouble(response.status, { askedConditionally: false });
    if (trouble) throw new StatusError(trouble.error, trouble.scope === 'later' || response.status >= 500);
    try {
      const contentType = response.headers['content-type'] ?? null;
      const parsed = await this.parser.parse({ bytes: response.body, contentType, url: response.url, signal });
      return { response, parsed };
    } catch (error) {
      if (error instanceof UnreadableFeedError && error.code === 'html-page') return { response, parsed: null };
      throw error;
    }
  }
}

const PASSING_KINDS = new Set<OutboundError['kind']>(['timeout', 'reset', 'refused', 'proxy', 'busy', 'aborted']);
const PASSING_CODES = new Set<UnreadableFeedError['code']>(['too-slow', 'reader-failed', 'busy', 'aborted', 'stopped']);

/** Whether what `read` threw says nothing of what stands at the address: it was late, down or busy, or we were. */
export function mayStillBeRead(error: unknown): boolean {
  if (error instanceof StatusError) return error.passes;
  if (error instanceof OutboundError) return PASSING_KINDS.has(error.kind) || error.scope === 'ours';
  return error instanceof UnreadableFeedError && PASSING_CODES.has(error.code);
}
