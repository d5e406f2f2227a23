/** One HTTP/2 session: many requests on one socket, as many at once as both sides want, closed when nobody needs it. */
import { type ClientHttp2Session, connect, constants, type Settings } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { h2Failure } from './h2-failure.js';
import type { H2Request } from './h2-request.js';
import { readAnswer, type StreamEnd } from './h2-stream.js';
import { OutboundError } from './outbound-error.js';

export interface H2SessionOptions {
  /** Requests at once, whatever the server allows. */
  maxStreams: number;
  /** Closed after this time without a request. */
  idleMs: number;
  onSent: () => void;
  /** For a request that was not served here and may be served elsewhere. */
  resend: (request: H2Request) => void;
  /** The origin offers HTTP/2 but does not speak it, or not for this. */
  fallBack: () => void;
  /** Told once each: no new requests here; nothing is left of the session. */
  onRetired: () => void;
  onClosed: () => void;
}

/** Requests that wait for their turn on one session; more fail at once. */
const MAX_WAITING = 10_000;
/** Settings and pings between two answers. Servers send a handful; each costs us an answer, so more are a flood. */
const MAX_CONTROL_FRAMES = 1_000;
/** A queue that no session serves moves to another one this often. */
const MAX_MOVES = 2;
/** For the last frames of a session that is closed, or a stream that is cancelled. */
const GOODBYE_MS = 2_000;
const WINDOW = 1024 * 1024;

/** What a server may make us keep: half of it is Node's default, said here because we rely on it. */
const BOUNDS = {
  maxSessionMemory: 10,
  maxHeaderListPairs: 200,
  maxOutstandingPings: 10,
  maxOutstandingSettings: 10,
  // Until the server has said how many it takes, one.
  peerMaxConcurrentStreams: 1,
  settings: { enablePush: false, maxHeaderListSize: 32_768, initialWindowSize: WINDOW },
};

export class H2Session {
  private readonly session: ClientHttp2Session;
  private readonly waiting = new Set<H2Request>();
  private readonly idle: NodeJS.Timeout;
  private limit = 1;
  private active = 0;
  private begun = 0;
  /** Answers of which the head came; those that came whole. */
  private started = 0;
  private answered = 0;
  private controlFrames = 0;
  private spoke = false;
  private isRetired = false;
  private goaway: { code: number; lastId: number } | undefined;

  constructor(
    origin: string,
    private readonly socket: TLSSocket,
    private readonly options: H2SessionOptions,
  ) {
    this.session = connect(origin, { ...BOUNDS, createConnection: () => socket });
    this.session.once('connect', () => this.session.setLocalWindowSize(4 * WINDOW));
    // What went wrong reaches the streams; a session without streams has nobody to tell.
    this.session.on('error', () => undefined);
    this.session.on('remoteSettings', ({ maxConcurrentStreams = Infinity }: Settings) => {
      this.spoke = true;
      this.limit = Math.min(maxConcurrentStreams, options.maxStreams);
      this.countControlFrame();
      this.proceed();
    });
    this.session.on('ping', () => this.countControlFrame());
    this.session.on('goaway', (code: number, lastId: number) => {
      this.goaway = { code, lastId };
      this.retire();
    });
    this.session.once('close', () => {
      this.retire();
      clearTimeout(this.idle);
      socket.destroy();
      options.onClosed();
    });
    this.idle = setTimeout(() => {
      if (this.active === 0) this.retire();
    }, options.idleMs).unref();
  }

  /** Sends `request` now or when its turn comes. Not after `onRetired`. */
  take(request: H2Request): void {
    if (this.waiting.size >= MAX_WAITING) {
      return request.fail(new OutboundError('refused', 'too many requests wait for this host', 'ours'));
    }
    request.onAbort = () => this.waiting.delete(request);
    this.waiting.add(request);
    this.proceed();
  }

  /** No new requests; the running ones end in their own time. */
  retire(): void {
    if (this.isRetired) return;
    this.isRetired = true;
    this.options.onRetired();
    const moving = [...this.waiting];
    this.waiting.clear();
    for (const request of moving) {
      if (this.answered > 0 || request.moves++ < MAX_MOVES) this.options.resend(request);
      else request.fail(h2Failure(this.goaway?.code ?? constants.NGHTTP2_CANCEL, undefined));
    }
    if (this.active === 0) this.close();
  }

  /** Ends the session and what runs on it at once. */
  destroy(error: Error): void {
    this.session.destroy(error);
    this.socket.destroy();
  }

  private proceed(): void {
    for (const request of this.waiting) {
      if (this.isRetired || this.active >= this.limit) return;
      this.waiting.delete(request);
      this.start(request);
    }
    if (this.active > 0) return;
    if (this.isRetired) this.close();
    else this.idle.refresh();
  }

  private start(request: H2Request): void {
    let stream: ReturnType<ClientHttp2Session['request']>;
    try {
      stream = this.session.request(request.fields, { endStream: request.body === null });
    } catch (error) {
      if (!isOver(error)) return request.fail(new OutboundError('protocol', String(error), 'ours', { cause: error }));
      // Nothing was sent.
      this.waiting.add(request);
      return this.retire();
    }
    this.options.onSent();
    const isFirst = this.begun++ === 0;
    const startedBefore = this.started;
    this.active++;
    stream.once('response', () => this.started++);
    request.onAbort = () => {
      stream.close(constants.NGHTTP2_CANCEL);
      // One that came whole while it was paused closes only once its bytes are out of it.
      stream.resume();
      // No answer began since: the way to the server may be dead, or the server out of step. TCP alone takes a quarter of an
      // hour to find out, so others do not wait for it here.
      if (this.started === startedBefore) this.retire();
      setTimeout(() => {
        if (!stream.destroyed)
          this.destroy(new OutboundError('reset', 'the host does not let go of a cancelled request'));
      }, GOODBYE_MS).unref();
    };
    readAnswer(stream, request, (end) => {
      this.active--;
      if (end.isComplete) {
        this.answered++;
        this.controlFrames = 0;
      } else if (!request.aborted) this.unanswered(request, end, isFirst, stream.id);
      this.proceed();
    });
    if (request.body !== null) stream.end(request.body);
  }

  private unanswered(request: H2Request, end: StreamEnd, isFirst: boolean, id: number | undefined): void {
    const fail = (): void => request.fail(h2Failure(this.goaway?.code || end.code, end.error));
    // Half an answer is never begun anew, whatever the server says of it.
    if (end.hasBegun) return fail();
    const wantsOld = constants.NGHTTP2_HTTP_1_1_REQUIRED;
    if (end.code === wantsOld || this.goaway?.code === wantsOld || !this.spoke) {
      this.options.fallBack();
      this.retire();
      return this.spoke || request.isSafe ? this.options.resend(request) : fail();
    }
    // RFC 9113, 8.7: what the server did not process may be sent again, whatever it is.
    const wasRefused = this.goaway !== undefined && (id === undefined || id > this.goaway.lastId);
    if ((!wasRefused && end.code !== constants.NGHTTP2_REFUSED_STREAM) || isFirst || request.wasRetried) return fail();
    request.wasRetried = true;
    this.retire();
    this.options.resend(request);
  }

  private countControlFrame(): void {
    if (++this.controlFrames <= MAX_CONTROL_FRAMES) return;
    this.destroy(new OutboundError('protocol', 'the host sends settings and pings without end'));
  }

  private close(): void {
    if (this.session.destroyed) return;
    this.session.close();
    setTimeout(() => this.socket.destroy(), GOODBYE_MS).unref();
  }
}

/** Node's word for a session that takes no more requests. */
function isOver(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_HTTP2_INVALID_SESSION' || code === 'ERR_HTTP2_GOAWAY_SESSION';
}
