/** One request on its way by HTTP/2: what is sent, who hears of the answer, and how to end it wherever it is. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { OutgoingHttpHeaders } from 'node:http2';
import type { Dispatcher } from 'undici';
import { OutboundError } from './outbound-error.js';

/** RFC 9113, 8.2.2: of one connection, so not sent in HTTP/2. `host` travels as `:authority`. */
const CONNECTION_FIELDS = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);
/** RFC 9110, 9.2.1: repeating these changes nothing on the other side. */
const SAFE_METHODS = new Set(['GET', 'HEAD']);
/** RFC 9110, 8.6: a method that means a body says so when there is none. */
const BODY_METHODS = new Set(['POST', 'PUT', 'PATCH']);

export class H2Request implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  /** Where the request is at the moment: a queue or a stream, which it leaves when it is aborted. */
  onAbort: (() => void) | undefined;
  /** Told when the answer's reader wants no more bytes for now, and when it does again. */
  onPause: ((paused: boolean) => void) | undefined;
  /** Sent again after a refusal: at most once. */
  wasRetried = false;
  /** Sessions that ended while it waited for its turn, without one answer. */
  moves = 0;
  readonly fields: OutgoingHttpHeaders;
  readonly body: string | Buffer | null;

  /** @throws {OutboundError} when a header cannot be sent. */
  constructor(
    readonly options: Dispatcher.DispatchOptions,
    readonly handler: Dispatcher.DispatchHandler,
  ) {
    this.body = options.body as string | Buffer | null;
    this.fields = fieldsOf(options, this.body);
    handler.onRequestStart?.(this, {});
  }

  get origin(): string {
    return String(this.options.origin);
  }

  get isSafe(): boolean {
    return SAFE_METHODS.has(this.options.method);
  }

  abort(reason: Error): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    this.onAbort?.();
  }

  fail(error: Error): void {
    if (!this.aborted) this.handler.onResponseError?.(this, error);
  }

  /** What comes meanwhile stays within the stream's window. */
  pause(): void {
    this.setPaused(true);
  }
  resume(): void {
    this.setPaused(false);
  }

  private setPaused(paused: boolean): void {
    if (this.paused === paused) return;
    this.paused = paused;
    this.onPause?.(paused);
  }
}

function fieldsOf(options: Dispatcher.DispatchOptions, body: string | Buffer | null): OutgoingHttpHeaders {
  const given = (options.headers ?? {}) as Record<string, string>;
  const fields: OutgoingHttpHeaders = {
    ':method': options.method,
    ':scheme': 'https',
    ':authority': given['host'] ?? String(options.origin).slice('https://'.length),
    ':path': options.path,
  };
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    check(lower, value);
    // RFC 9113, 8.2.1: a value neither begins nor ends with a space.
    if (!CONNECTION_FIELDS.has(lower)) fields[lower] = value.trim();
  }
  if (body !== null) fields['content-length'] = Buffer.byteLength(body);
  else if (BODY_METHODS.has(options.method)) fields['content-length'] = 0;
  return fields;
}

/** Node's HTTP/2 sends what it is given: a character past latin-1 would be cut to one that ends lines further on. */
function check(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (error) {
    throw new OutboundError('protocol', `the header ${JSON.stringify(name)} cannot be sent`, 'ours', { cause: error });
  }
}
