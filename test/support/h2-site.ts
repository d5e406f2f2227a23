/** HTTPS servers for tests of HTTP/2: a decent one that counts, and a raw one that says whatever it is told. */
import { readFileSync } from 'node:fs';
import {
  createSecureServer,
  type Http2SecureServer,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { projectFile } from '#config/project-file.js';

/** Of 127.0.0.1, localhost and gazette.example; its own authority. */
export const cert = readFileSync(projectFile('test/fixtures/tls/certificate.pem'), 'utf8');
const key = readFileSync(projectFile('test/fixtures/tls/key.pem'), 'utf8');

export interface H2Site {
  url: string;
  port: number;
  server: Http2SecureServer;
  /** All that were ever opened. */
  sessions: ServerHttp2Session[];
  /** Sockets that are open now. */
  sockets: Set<TLSSocket>;
  close: () => Promise<void>;
}

type StreamHandler = (stream: ServerHttp2Stream, headers: Record<string, string>) => void;

/** Speaks HTTP/2 and, when `options.allowHTTP1`, 1.1 to those who do not (listen to `server`'s 'request'). */
export async function h2Site(handler: StreamHandler, options: SecureServerOptions = {}): Promise<H2Site> {
  const sessions: ServerHttp2Session[] = [];
  const sockets = new Set<TLSSocket>();
  const server = createSecureServer({ cert, key, ...options });
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => undefined);
  });
  server.on('secureConnection', (socket: TLSSocket) => track(sockets, socket));
  server.on('sessionError', () => undefined);
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    handler(stream, headers as Record<string, string>);
  });
  return { ...(await listen(server, sockets)), server, sessions, sockets };
}

/** HTTPS with HTTP/1.1 alone; listen to `server`'s 'request'. */
export async function httpsSite(): Promise<{ url: string; server: Server; close: () => Promise<void> }> {
  const sockets = new Set<TLSSocket>();
  const server = createHttpsServer({ cert, key });
  server.on('secureConnection', (socket: TLSSocket) => track(sockets, socket));
  return { ...(await listen(server, sockets)), server };
}

export interface RawSite {
  url: string;
  sockets: Set<TLSSocket>;
  connections: () => number;
  close: () => Promise<void>;
}

/** Chooses the first of `alpn` that the client offers, then leaves the socket to `talk`. */
export async function rawSite(talk: (socket: TLSSocket) => void, alpn = ['h2']): Promise<RawSite> {
  const sockets = new Set<TLSSocket>();
  let connections = 0;
  const server = createTlsServer({ cert, key, ALPNProtocols: alpn }, (socket) => {
    connections++;
    track(sockets, socket);
    talk(socket);
  });
  return { ...(await listen(server, sockets)), sockets, connections: () => connections };
}

/** What a raw site says to a client that speaks HTTP/2: settings at once, and `answer` for each request. */
export function speaker(
  answer: (socket: TLSSocket, stream: number) => void,
  settings: Buffer = Buffer.alloc(0),
): (socket: TLSSocket) => void {
  return (socket) => {
    socket.write(frame(SETTINGS, 0, 0, settings));
    let pending = Buffer.alloc(0);
    let offset = 24;
    socket.on('data', (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= offset + 9) {
        const end = offset + 9 + pending.readUIntBE(offset, 3);
        if (pending.length < end) return;
        const type = pending[offset + 3];
        const stream = pending.readUInt32BE(offset + 5);
        pending = pending.subarray(end);
        offset = 0;
        if (type === HEADERS) answer(socket, stream);
      }
    });
  };
}

/** RFC 9113, 4.1. */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
export function reset(code: number, stream = 1): Buffer {
  return frame(RST_STREAM, 0, stream, uint32(code));
}
export function goaway(code: number, lastStream: number): Buffer {
  return frame(GOAWAY, 0, 0, Buffer.concat([uint32(lastStream), uint32(code)]));
}
/** One setting, RFC 9113, 6.5.1. */
export function setting(id: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([0, id]), uint32(value)]);
}
function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export const DATA = 0;
export const HEADERS = 1;
const RST_STREAM = 3;
export const SETTINGS = 4;
export const PING = 6;
const GOAWAY = 7;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const END_HEADERS = 4;
/** `:status: 200` by its place in the static table (RFC 7541, appendix A). */
export const OK_200 = Buffer.from([0x88]);

function track(sockets: Set<TLSSocket>, socket: TLSSocket): void {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => sockets.delete(socket));
}

async function listen(
  server: ReturnType<typeof createTlsServer>,
  sockets: Set<TLSSocket>,
): Promise<{ url: string; port: number; close: () => Promise<void> }> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      sockets.forEach((socket) => socket.destroy());
    });
  return { url: `https://127.0.0.1:${port}`, port, close };
}
