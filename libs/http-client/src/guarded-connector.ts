/**
 * Opens the sockets of every outbound request. The address is checked here, at connect time, and the socket goes to the
 * checked address: a name that answers differently a moment later (DNS rebinding) gains nothing.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { LookupFunction as SocketLookup } from 'node:net';
import { buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.js';
import type { NameLookup, ResolvedAddress } from './name-lookup.js';
import { OutboundError } from './outbound-error.js';

export const CONNECT_TIMEOUT_MS = 10_000;

export interface ConnectorOptions {
  guard: AddressGuard;
  names: NameLookup;
  /** Certificate authorities instead of the usual ones, PEM. */
  ca?: string | string[];
  /** Any certificate will do. */
  allowInvalidCertificate?: boolean;
}

/** Starts TLS to a target on a socket that leads there. */
export type TlsStarter = (target: buildConnector.Options, socket: Socket, done: buildConnector.Callback) => void;

/** Offers HTTP/1.1 alone: undici's own HTTP/2 is not used (ADR 17). */
export function tlsStarter({ ca, allowInvalidCertificate }: ConnectorOptions): TlsStarter {
  const startTls = buildConnector({
    allowH2: false,
    timeout: CONNECT_TIMEOUT_MS,
    ...(ca === undefined ? {} : { ca }),
    ...(allowInvalidCertificate === true ? { rejectUnauthorized: false } : {}),
  });
  return (target, socket, done) => startTls({ ...target, httpSocket: socket }, done);
}

/** A connector for undici's pools that resolves, checks, connects and, for https, starts TLS on the checked socket. */
export function guardedConnector(options: ConnectorOptions): buildConnector.connector {
  const startTls = tlsStarter(options);
  return (target, callback) => {
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80);
    checkedSocket(options, target.hostname, port).then(
      (socket) => {
        if (target.protocol === 'https:') startTls(target, socket, callback);
        else callback(null, socket);
      },
      (error: unknown) => callback(error as Error, null),
    );
  };
}

/** A connected socket to an address of `hostname` that may be reached. @throws {OutboundError} `blocked`; the socket's own error. */
export async function checkedSocket(options: ConnectorOptions, hostname: string, port: number): Promise<Socket> {
  return openSocket(await checkedAddresses(options, hostname, port), port);
}

/**
 * The addresses of `hostname` that may be connected to. `wanted` says how many of them must be open: the socket goes to one
 * of our choice, but a proxy may choose any. @throws {OutboundError} `blocked`.
 */
export async function checkedAddresses(
  options: Pick<ConnectorOptions, 'guard' | 'names'>,
  hostname: string,
  port: number,
  wanted: 'some' | 'all' = 'some',
): Promise<ResolvedAddress[]> {
  const family = isIP(hostname);
  const all = family ? [{ address: hostname, family }] : await options.names.addresses(hostname);
  const refusals = all.map(({ address }) => options.guard.refusal(address, port));
  const open = all.filter((_, index) => refusals[index] === null);
  if (open.length > 0 && (wanted === 'some' || open.length === all.length)) return open;
  const shown = family ? '' : `${hostname}: `;
  const refusal = refusals.find((one) => one !== null);
  throw new OutboundError('blocked', `${shown}${refusal ?? 'no address to connect to'}`);
}

function openSocket(addresses: ResolvedAddress[], port: number): Promise<Socket> {
  const [first] = addresses;
  if (!first) throw new OutboundError('blocked', 'no address to connect to');
  // The name is not needed any more: Node asks this look-up, which knows only checked addresses.
  const lookup: SocketLookup = (_host, lookupOptions, done) =>
    lookupOptions.all ? done(null, addresses) : done(null, first.address, first.family);
  return new Promise((resolve, reject) => {
    const socket = connectTcp({
      host: 'checked.invalid',
      port,
      lookup,
      autoSelectFamily: true,
      noDelay: true,
      keepAlive: true,
    });
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error('connect timeout'), { code: 'UND_ERR_CONNECT_TIMEOUT' })),
      CONNECT_TIMEOUT_MS,
    );
    const failed = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      resolve(socket);
    });
  });
}
