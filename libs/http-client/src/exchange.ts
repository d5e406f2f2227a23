/** One request and its answer, without redirects: under a deadline, with a cap on bytes. */
import type { Dispatcher } from 'undici';
import type { IncomingHttpHeaders } from 'node:http';
import { type BodyLimit, decodeBody } from './body-decoder.js';
import type { ByteAccount } from './byte-budget.js';
import { BytePieces } from './byte-pieces.js';
import type { Cancellation } from './cancellation.js';
import { OutboundError, toOutboundError } from './outbound-error.js';

export interface ExchangeRequest {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Buffer | null;
  /** Lower-case names of headers that are for this origin only, besides the well-known ones. */
  originHeaders?: readonly string[];
  /** Counts the answer's bytes, as sent and decoded; reading pauses while there is no room. */
  memory?: ByteAccount | undefined;
}

/** What an exchange needs of undici. */
export type Sender = Pick<Dispatcher, 'dispatch'>;
export interface ExchangeResponse {
  status: number;
  /** Lower-case names; repeated headers joined by a comma. */
  headers: Record<string, string>;
  body: Buffer;
  truncated: boolean;
}

/** Thrown into undici to end an exchange whose caller has its answer already. */
const ENOUGH = new OutboundError('aborted', 'the rest of the answer is not wanted', 'ours');

/** How much of an answer is wanted, given its status. */
export type LimitFor = (status: number) => BodyLimit;

/**
 * Sends `request` and reads its answer up to its limit. Ends when `cancellation` says so, whatever stage it is in.
 * @throws {OutboundError}
 */
export async function exchange(
  dispatcher: Sender,
  request: ExchangeRequest,
  limitFor: LimitFor,
  cancellation: Cancellation,
): Promise<ExchangeResponse> {
  const { memory } = request;
  const before = memory?.bytes ?? 0;
  let raw: ExchangeResponse;
  try {
    raw = await receive(dispatcher, request, limitFor, cancellation);
  } catch (error) {
    throw toOutboundError(error, request.url.host);
  }
  const encoding = raw.headers['content-encoding'];
  if (encoding === undefined || raw.body.length === 0) return raw;
  const meter = memory && ((bytes: number) => memory.take(bytes) || roomFor(memory, cancellation));
  const { body, truncated } = await decodeBody(raw.body, encoding, limitFor(raw.status), meter);
  // What it was decoded from, and what is beyond a limit.
  memory?.giveBack(memory.bytes - before - body.length);
  return { ...raw, body, truncated: raw.truncated || truncated };
}

/** @throws {OutboundError} when `cancellation` comes first. */
async function roomFor(memory: ByteAccount, cancellation: Cancellation): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      if (cancellation.reason) return reject(cancellation.reason);
      cancellation.onCancel = reject;
      memory.whenRoom(resolve);
    });
  } finally {
    cancellation.onCancel = undefined;
    memory.stopWaiting();
  }
}

function receive(
  dispatcher: Sender,
  request: ExchangeRequest,
  limitFor: LimitFor,
  cancellation: Cancellation,
): Promise<ExchangeResponse> {
  const { memory } = request;
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let headers: Record<string, string> = {};
    const body = new BytePieces();
    let limit = limitFor(0);

    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      cancellation.onCancel = undefined;
      memory?.stopWaiting();
      act();
    };
    const fail = (error: Error) => {
      settle(() => reject(error));
      controller?.abort(error);
    };
    const finish = (truncated: boolean) => settle(() => resolve({ status, headers, body: body.bytes(), truncated }));
    // undici tells a waiting request nothing: its caller is answered here, at once, wherever the request is.
    if (cancellation.reason) return fail(cancellation.reason);
    cancellation.onCancel = fail;
    try {
      dispatcher.dispatch(
        {
          origin: request.url.origin,
          path: request.url.pathname + request.url.search,
          method: request.method,
          headers: request.headers,
          body: request.body,
        },
        {
          onRequestStart(started) {
            controller = started;
            if (settled) started.abort(ENOUGH);
          },
          onResponseStart(_controller, code, received) {
            status = code;
            headers = flatten(received);
            limit = limitFor(code);
            const announced = Number(headers['content-length']);
            if (limit.overflow === 'fail' && request.method !== 'HEAD' && announced > limit.maxBytes)
              fail(tooLarge(limit));
          },
          onResponseData(reading, chunk) {
            if (settled) return;
            const room = limit.maxBytes - body.length;
            const wanted = chunk.length > room ? chunk.subarray(0, room) : chunk;
            body.add(wanted);
            const hasRoom = memory?.take(wanted.length) ?? true;
            if (chunk.length <= room) {
              if (hasRoom || memory === undefined) return;
              reading.pause();
              return memory.whenRoom(() => reading.resume());
            }
            if (limit.overflow === 'fail') return fail(tooLarge(limit));
            finish(true);
            controller?.abort(ENOUGH);
          },
          onResponseEnd: () => finish(false),
          onResponseError: (_controller, error) => settle(() => reject(error)),
        },
      );
    } catch (error) {
      settle(() => reject(toOutboundError(error, request.url.host)));
    }
  });
}

function tooLarge(limit: BodyLimit): OutboundError {
  return new OutboundError('too-large', `the answer is larger than ${limit.maxBytes} bytes`);
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  // undici gives names in lower case.
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
