/** Errors as RFC 9457 problem details: what went wrong, and what to do about it. */
import { HttpException, HttpStatus } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { STATUS_CODES } from 'node:http';

/** One mistake in a request: `path` is the field, dotted, or empty for the request as a whole. */
export interface FieldError {
  path: string;
  message: string;
}

export interface ProblemBody {
  /** `about:blank` where the status says it all, else a name of ours that programs can switch on. */
  type: string;
  title: string;
  status: number;
  /** What happened and what to do, for a human. */
  detail: string;
  errors?: FieldError[];
  [extension: string]: unknown;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** A problem's body. `kind` becomes `urn:dateline:problem:KIND`; extensions are members of their own, such as an `id`. */
export function problemBody(
  status: number,
  detail: string,
  { kind, ...extensions }: { kind?: string; errors?: FieldError[]; [extension: string]: unknown } = {},
): ProblemBody {
  return {
    type: kind === undefined ? 'about:blank' : `urn:dateline:problem:${kind}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    ...extensions,
  };
}

/** Thrown by a handler, answered as its body. */
export class ProblemException extends HttpException {
  constructor(readonly problem: ProblemBody) {
    super(problem, problem.status);
  }
}

/** 404 for `what` (a feed, a story …) with this id. */
export function notFound(what: string, id: string): ProblemException {
  return new ProblemException(
    problemBody(HttpStatus.NOT_FOUND, `There is no ${what} ${id}. The list of the resource shows what there is.`, {
      kind: 'not-found',
    }),
  );
}

/** 400 naming each field that is wrong. */
export function invalid(errors: FieldError[]): ProblemException {
  const detail = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  return new ProblemException(problemBody(HttpStatus.BAD_REQUEST, detail, { kind: 'invalid-request', errors }));
}

/** 422: understood, but not to be carried out; names each field that is wrong. */
export function unprocessable(kind: string, errors: FieldError[]): ProblemException {
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new ProblemException(problemBody(HttpStatus.UNPROCESSABLE_ENTITY, detail, { kind, errors }));
}

/** 403: what its token does not open, and what to do instead. */
export function forbidden(kind: string, detail: string): ProblemException {
  return new ProblemException(problemBody(HttpStatus.FORBIDDEN, detail, { kind }));
}

/** 429: asked for again too soon; `reply` says in how many seconds it may be. */
export function tooSoon(reply: FastifyReply, waitSeconds: number, detail: string): ProblemException {
  void reply.header('retry-after', String(waitSeconds));
  return new ProblemException(problemBody(HttpStatus.TOO_MANY_REQUESTS, detail, { kind: 'too-soon' }));
}

/** 409 with the extensions that lead to what is in the way. */
export function conflict(kind: string, detail: string, extensions: Record<string, unknown> = {}): ProblemException {
  return new ProblemException(problemBody(HttpStatus.CONFLICT, detail, { kind, ...extensions }));
}

/** 503 when another part of the hub does not answer. */
export function unavailable(kind: string, detail: string): ProblemException {
  return new ProblemException(problemBody(HttpStatus.SERVICE_UNAVAILABLE, detail, { kind }));
}
