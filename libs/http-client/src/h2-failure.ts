/** What the end of an HTTP/2 stream or session without an answer means, as an error that `toOutboundError` puts into words. */
import { constants } from 'node:http2';

/** The other side's mind or its connection, not the grammar: RFC 9113, 7. INTERNAL_ERROR is what Node calls headers too long. */
const BROKEN_OFF = new Set<number>([
  constants.NGHTTP2_NO_ERROR,
  constants.NGHTTP2_REFUSED_STREAM,
  constants.NGHTTP2_CANCEL,
]);
/** By their numbers. */
const NAMES = (
  'NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR REFUSED_STREAM ' +
  'CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED'
).split(' ');

/**
 * `code` of the frame that ended it (RFC 9113, 7), 0 for none; `error` as Node tells it. What the socket itself said comes
 * first: Node's own words for a frame say less than the frame.
 */
export function h2Failure(code: number, error: Error | undefined): Error {
  const nodeCode = error && 'code' in error ? String(error.code) : '';
  if (error && nodeCode !== 'ERR_HTTP2_STREAM_ERROR' && nodeCode !== 'ERR_HTTP2_SESSION_ERROR') return error;
  if (BROKEN_OFF.has(code)) return Object.assign(new Error('broken off', { cause: error }), { code: 'ECONNRESET' });
  return new Error(`HTTP/2 was broken off with ${NAMES[code] ?? `code ${code}`}`, { cause: error });
}
