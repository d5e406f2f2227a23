/** Opens checked TLS sockets on which the other side chooses between HTTP/2 and HTTP/1.1 (ALPN, RFC 7301). */
import { isIP } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { CONNECT_TIMEOUT_MS, checkedSocket, type ConnectorOptions } from './guarded-connector.js';

/** TLS sessions remembered, so that the next connection to a host is cheaper. A few kilobytes each. */
const MAX_TICKETS = 1_000;

export class TlsNegotiator {
  private readonly tickets = new LRUCache<string, Buffer>({ max: MAX_TICKETS });
  /** Made once: reading a list of authorities costs more than a handshake. */
  private context: SecureContext | undefined;

  constructor(private readonly options: ConnectorOptions) {}

  /**
   * A secure socket to `origin` (`https://host[:port]`) whose `alpnProtocol` says what was chosen: 'h2' or anything else for
   * HTTP/1.1. Nothing has been read from it yet. @throws {OutboundError} `blocked`; else what the socket threw.
   */
  async open(origin: string): Promise<TLSSocket> {
    const url = new URL(origin);
    const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const plain = await checkedSocket(this.options, hostname, Number(url.port) || 443);
    const { ca, allowInvalidCertificate } = this.options;
    this.context ??= createSecureContext(ca === undefined ? {} : { ca });
    const secureContext = this.context;
    const ticket = this.tickets.get(url.host);
    return new Promise((resolve, reject) => {
      const socket = connect({
        socket: plain,
        host: hostname,
        // RFC 6066, 3: an address is no server name.
        ...(isIP(hostname) ? {} : { servername: hostname }),
        ALPNProtocols: ['h2', 'http/1.1'],
        ...(ticket === undefined ? {} : { session: ticket }),
        secureContext,
        ...(allowInvalidCertificate === true ? { rejectUnauthorized: false } : {}),
      });
      const timer = setTimeout(
        () => socket.destroy(Object.assign(new Error('TLS timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' })),
        CONNECT_TIMEOUT_MS,
      );
      socket.on('session', (session) => this.tickets.set(url.host, session));
      // Stays: whoever takes the socket over hears of its end by other means, and no error goes unheard.
      socket.on('error', reject);
      socket.once('close', () => {
        clearTimeout(timer);
        reject(Object.assign(new Error('closed while it was being secured'), { code: 'ECONNRESET' }));
      });
      socket.once('secureConnect', () => {
        clearTimeout(timer);
        resolve(socket);
      });
    });
  }
}
