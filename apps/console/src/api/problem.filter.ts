/** Turns whatever a request to the API ran into into problem details; everything outside the API answers as Nest does. */
import { type ArgumentsHost, Catch, HttpException, HttpStatus, Inject, Logger } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { LostEndpointSecret } from '#domain/endpoint-boxes.js';
import { type ProblemBody, PROBLEM_MEDIA_TYPE, problemBody, ProblemException } from './problem.js';

@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  constructor(@Inject(HttpAdapterHost) host: HttpAdapterHost) {
    super(host.httpAdapter);
  }

  override catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    if (!request.url.startsWith('/api/')) {
      super.catch(exception, host);
      return;
    }
    const problem = this.problemOf(exception, request);
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (problem.status === 503) void reply.header('retry-after', '2');
    void reply.status(problem.status).header('content-type', PROBLEM_MEDIA_TYPE).send(JSON.stringify(problem));
  }

  private problemOf(exception: unknown, request: FastifyRequest): ProblemBody {
    if (exception instanceof ProblemException) return exception.problem;
    if (exception instanceof HttpException) return ofHttpException(exception, request);
    if (exception instanceof LostEndpointSecret)
      return problemBody(HttpStatus.CONFLICT, exception.message, { kind: 'secret-lost' });
    if (isDatabaseAway(exception))
      return problemBody(
        HttpStatus.SERVICE_UNAVAILABLE,
        'PostgreSQL does not answer, so nothing was changed. Try again; /health/ready says when it is back.',
        { kind: 'postgres-away' },
      );
    const incident = randomUUID();
    const error = exception instanceof Error ? (exception.stack ?? exception.message) : String(exception);
    this.logger.error({ msg: 'a request failed', incident, method: request.method, url: request.url, error });
    return problemBody(
      HttpStatus.INTERNAL_SERVER_ERROR,
      `This is a fault of the hub. Its log has the reason under incident ${incident}.`,
      { incident },
    );
  }
}

/** Nest's and Fastify's own refusals, with what to do about them. */
function ofHttpException(exception: HttpException, request: FastifyRequest): ProblemBody {
  const status = exception.getStatus();
  switch (status) {
    case 404:
      return problemBody(status, `There is no ${request.method} ${request.url}. /api/docs lists every address.`);
    case 413:
      return problemBody(status, 'The body is larger than 256 KB. Send less in one request.');
    case 415:
      return problemBody(status, 'Send the body as JSON, with the header content-type: application/json.');
    default:
      return problemBody(status, exception.message);
  }
}

/** Connection failures of pg, by SQLSTATE class 08 and 57P, by socket error, or by the pool's own messages. */
function isDatabaseAway(exception: unknown): boolean {
  const { code, message } = exception as { code?: unknown; message?: string };
  if (typeof code === 'string' && /^(08|57P|ECONN|ENOTFOUND|EPIPE|53300)/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    message ?? '',
  );
}
