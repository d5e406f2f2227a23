/** Writes a log line for each change that was made through the API: by whom, from where, what, on what, with what result. */
import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { askerName, askerOf } from '../auth/asker.js';

@Injectable()
export class AuditInterceptor implements NestInterceptor {
  private readonly logger = new Logger('Audit');

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method === 'GET' || !request.url.startsWith('/api/')) return next.handle();
    const asker = askerOf(request);
    return next.handle().pipe(
      tap((answer: unknown) => {
        const { statusCode } = context.switchToHttp().getResponse<FastifyReply>();
        this.logger.log({
          msg: asker === undefined ? 'operator change' : 'partner change',
          by: askerName(asker),
          action: `${request.method} ${request.routeOptions.url ?? ''}`,
          id: idOf(request.params) ?? idOf(answer),
          // Names of the fields only: a body may hold what a log should not.
          fields: Object.keys(request.body ?? {}),
          status: statusCode,
          address: request.ip,
        });
      }),
    );
  }
}

function idOf(holder: unknown): string | undefined {
  const id = (holder as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' ? id : undefined;
}
