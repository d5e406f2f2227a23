/** Every way a request of ours can fail, in one error type with a sentence that an operator understands. */

/**
 * What went wrong. `blocked`: the address guard refused; `bad-redirect`: a redirect without a usable target;
 * `too-large`: more bytes than allowed, decoded or not; `decode`: the content encoding is broken; `protocol`: not HTTP as
 * we know it, or a request that cannot be sent; `proxy`: the proxy is away or refuses; `busy`: no room for the answer came in
 * time; `aborted`: our own caller gave up.
 */
export type OutboundErrorKind =
  | 'blocked'
  | 'dns'
  | 'refused'
  | 'tls'
  | 'proxy'
  | 'timeout'
  | 'too-large'
  | 'too-many-redirects'
  | 'bad-redirect'
  | 'reset'
  | 'decode'
  | 'protocol'
  | 'busy'
  | 'aborted';

/** Whose fault it is: only `remote` failures say something about the other side. */
export type OutboundErrorScope = 'remote' | 'ours';

/** The only error that leaves this library. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';

  constructor(
    readonly kind: OutboundErrorKind,
    message: string,
    readonly scope: OutboundErrorScope = 'remote',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

type Verdict = [OutboundErrorKind, OutboundErrorScope, string];

/** System and undici error codes, in words. */
const VERDICTS: Record<string, Verdict> = {
  ENOTFOUND: ['dns', 'remote', 'this host name does not exist'],
  ENODATA: ['dns', 'remote', 'this host name has no address'],
  EAI_AGAIN: ['dns', 'ours', 'the name server did not answer'],
  EAI_FAIL: ['dns', 'remote', 'the name server could not resolve this host name'],
  ECONNREFUSED: ['refused', 'remote', 'the host refused the connection'],
  EHOSTUNREACH: ['refused', 'remote', 'the host cannot be reached'],
  EHOSTDOWN: ['refused', 'remote', 'the host is down'],
  ENETUNREACH: ['refused', 'ours', 'there is no route to the host from here'],
  ENETDOWN: ['refused', 'ours', 'the network is down'],
  EADDRNOTAVAIL: ['refused', 'ours', 'this machine has no free port or address left for the connection'],
  EACCES: ['refused', 'ours', 'this machine does not allow the connection'],
  EPERM: ['refused', 'ours', 'this machine does not allow the connection'],
  EMFILE: ['refused', 'ours', 'this process has too many files open'],
  ENFILE: ['refused', 'ours', 'this machine has too many files open'],
  ENOBUFS: ['refused', 'ours', 'this machine has no buffers left'],
  ETIMEDOUT: ['timeout', 'remote', 'the connection timed out'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'remote', 'the host did not accept the connection in time'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', 'remote', 'the host did not answer in time'],
  UND_ERR_BODY_TIMEOUT: ['timeout', 'remote', 'the host stopped sending'],
  ECONNRESET: ['reset', 'remote', 'the host closed the connection before the answer was complete'],
  EPIPE: ['reset', 'remote', 'the host closed the connection before the request was sent'],
  UND_ERR_SOCKET: ['reset', 'remote', 'the host closed the connection before the answer was complete'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['protocol', 'remote', 'the answer is not as long as it says'],
  UND_ERR_HEADERS_OVERFLOW: ['protocol', 'remote', 'the answer’s headers are too long'],
  UND_ERR_INVALID_ARG: ['protocol', 'ours', 'the request cannot be sent'],
  UND_ERR_ABORTED: ['aborted', 'ours', 'the request was cancelled'],
  UND_ERR_CLOSED: ['aborted', 'ours', 'the hub is shutting down'],
  UND_ERR_DESTROYED: ['aborted', 'ours', 'the hub is shutting down'],
};

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|EPROTO|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|INVALID_CA|CRL_)/;

/** Turns whatever a socket, undici or zlib threw into an OutboundError about `host`. Never throws. */
export function toOutboundError(error: unknown, host: string): OutboundError {
  if (error instanceof OutboundError) return error;
  const code = codeOf(error);
  const detail = error instanceof Error ? error.message : String(error);
  // How undici says that it was offered an upgrade, with the headers for it and without them.
  if (detail === 'bad upgrade' || (code === 'ERR_ASSERTION' && detail.includes('assert(upgrade)'))) {
    const words = 'the host answered 101, a change of protocol that was not asked for';
    return new OutboundError('protocol', `${host}: ${words}`, 'remote', { cause: error });
  }
  const known = VERDICTS[code];
  if (known) {
    const [kind, scope, words] = known;
    const extra = kind === 'protocol' ? ` (${detail})` : '';
    return new OutboundError(kind, `${host}: ${words}${extra}`, scope, { cause: error });
  }
  if (TLS_CODE.test(code)) {
    return new OutboundError('tls', `${host}: no secure connection (${inTls(detail)})`, 'remote', { cause: error });
  }
  return new OutboundError('protocol', `${host}: ${detail || 'the exchange failed'}`, 'remote', { cause: error });
}

/** OpenSSL's `THREAD:error:NUMBER:LIBRARY:FUNCTION:REASON:FILE:LINE:` says it in one field. */
function inTls(detail: string): string {
  const reason = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(detail)?.[1] ?? detail.trim();
  return reason === 'wrong version number' || reason === 'packet length too long'
    ? `${reason}: no TLS is spoken there`
    : reason;
}

/** Node wraps attempts at several addresses in an AggregateError whose own code may be missing. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}
