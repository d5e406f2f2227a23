/** Errors that readers meet, in the site's own look; the service's own endpoints keep Nest's JSON. */
import { type ArgumentsHost, Catch, HttpException, Injectable, Logger } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SearchesBusyError, TRY_AGAIN_SECONDS } from '#service/search-line.js';
import { RenderedDocument } from '../serving/rendered-document.js';
import { sendDocument } from '../serving/send-document.js';
import { Editions } from './editions.js';
import { type Notice, PageRenderer } from './page-renderer.js';
import { SiteFactsReader } from './site-facts.js';

const SERVICE_PATHS = /^\/(health|metrics|websub)(\/|\?|$)/;
const HUB = /^\/websub(\?|$)/;

@Injectable()
@Catch()
export class ErrorPageFilter extends BaseExceptionFilter {
  private readonly logger = new Logger(ErrorPageFilter.name);

  constructor(
    host: HttpAdapterHost,
    private readonly renderer: PageRenderer,
    private readonly facts: SiteFactsReader,
    private readonly editions: Editions,
  ) {
    super(host.httpAdapter);
  }

  override catch(exception: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') {
      // A broadcast's handler: nobody waits for an answer.
      this.logger.error({ msg: 'a broadcast could not be handled', error: String(exception) });
      return;
    }
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = statusOf(exception);
    if (HUB.test(request.url) && status < 500 && exception instanceof Error) {
      // Subscribers are told in plain text (WebSub, 5.2).
      void reply.code(status).type('text/plain; charset=utf-8').send(`${exception.message}\n`);
      return;
    }
    if (SERVICE_PATHS.test(request.url)) {
      super.catch(exception, host);
      return;
    }
    const isBusy = exception instanceof SearchesBusyError;
    // A flood of searches is counted, not logged one by one.
    if (isBusy) void reply.header('retry-after', String(TRY_AGAIN_SECONDS));
    else if (status >= 500) this.logger.error({ msg: 'a page failed', path: request.url, error: String(exception) });
    this.answer(status, isBusy ? 'searchesBusy' : noticeOf(status), request, reply).catch((error: unknown) => {
      this.logger.error({ msg: 'an error page failed', path: request.url, error: String(error) });
      void reply.code(500).type('text/plain').send(this.editions.own.t.serverError);
    });
  }

  private async answer(status: number, notice: Notice, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const bare = status === 404 ? withoutLastSlash(request.url) : undefined;
    if (bare !== undefined) {
      await sendDocument(request, reply, new RenderedDocument(this.renderer.redirect(bare)));
      return;
    }
    // Without Postgres the frame does without channels.
    const facts = await this.facts.read().catch(() => ({ channels: [], demonstration: false }));
    const frame = { edition: this.editions.of(request.url).edition, facts };
    await sendDocument(request, reply, new RenderedDocument(this.renderer.notice(status, notice, frame)));
  }
}

/** `/de/archive/` may be typed or linked for `/de/archive`. Never another site: `//` begins an address with a host. */
function withoutLastSlash(url: string): string | undefined {
  const [, path, query = ''] = /^(\/[^/\\?][^\\?]*?)\/+(\?.*)?$/.exec(url) ?? [];
  return path === undefined ? undefined : path + query;
}

/** Nest's exceptions and Fastify's own errors (a malformed address) both carry a status; anything else is our fault. */
function statusOf(exception: unknown): number {
  if (exception instanceof HttpException) return exception.getStatus();
  const status = (exception as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

function noticeOf(status: number): Notice {
  if (status === 404) return 'notFound';
  return status < 500 ? 'badRequest' : 'serverError';
}
