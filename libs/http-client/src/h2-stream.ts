/** Reads the answer to one request from its HTTP/2 stream, and says how the stream ended. */
import type { IncomingHttpHeaders } from 'node:http';
import { type ClientHttp2Stream, constants, type IncomingHttpStatusHeader } from 'node:http2';
import type { H2Request } from './h2-request.js';

export interface StreamEnd {
  isComplete: boolean;
  /** Whether the head of an answer came. */
  hasBegun: boolean;
  /** Of RFC 9113, 7; 0 where nobody gave one. */
  code: number;
  /** What Node says went wrong. */
  error: Error | undefined;
}

/** Tells `request` of its answer as it comes; `onEnd` once, when nothing more of it will come. An aborted one is told nothing. */
export function readAnswer(stream: ClientHttp2Stream, request: H2Request, onEnd: (end: StreamEnd) => void): void {
  let status = 0;
  let announced = NaN;
  let received = 0;
  let isComplete = false;
  let error: Error | undefined;
  request.onPause = (paused) => void (paused ? stream.pause() : stream.resume());
  const tell = (act: () => void): void => {
    if (!request.aborted && !isComplete) act();
  };
  stream.on('response', (headers: IncomingHttpStatusHeader, _flags: number, raw: string[]) =>
    tell(() => {
      status = Number(headers[':status']);
      const fields = answerFields(raw);
      if (request.options.method !== 'HEAD' && status !== 304) announced = Number(fields['content-length']);
      request.handler.onResponseStart?.(request, status, fields);
    }),
  );
  stream.on('data', (chunk: Buffer) =>
    tell(() => {
      received += chunk.length;
      request.handler.onResponseData?.(request, chunk);
    }),
  );
  // A reset without an error code ends the stream like a complete answer would: its length is the only witness.
  stream.on('end', () =>
    tell(() => {
      if (status === 0 || stream.rstCode !== constants.NGHTTP2_NO_ERROR || received < announced) return;
      isComplete = true;
      request.handler.onResponseEnd?.(request, {});
      // The other side may have answered without wanting the rest of our body.
      if (!stream.writableFinished) stream.close(constants.NGHTTP2_CANCEL);
    }),
  );
  stream.on('error', (thrown: Error) => (error = thrown));
  stream.once('close', () => onEnd({ isComplete, hasBegun: status !== 0, code: stream.rstCode, error }));
}

/** As undici gives them: lower-case names, repeated ones as lists. Node's own joining would drop some. */
function answerFields(raw: readonly string[]): IncomingHttpHeaders {
  const fields = Object.create(null) as Record<string, string | string[]>;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    if (name.startsWith(':')) continue;
    const known = fields[name];
    if (known === undefined) fields[name] = value;
    else fields[name] = [known, value].flat();
  }
  return fields;
}
