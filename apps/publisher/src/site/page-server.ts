/** Answers requests for pages: from the cache, or built from Postgres and the page's template. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DocumentCache } from '../serving/document-cache.js';
import type { Rendering } from '../serving/rendered-document.js';
import { sendDocument } from '../serving/send-document.js';
import { Editions } from './editions.js';
import { type Frame, type Notice, type Page, PageRenderer } from './page-renderer.js';
import { SiteFactsReader } from './site-facts.js';

/** What a controller makes of an address: a page, another address, an end in words, or nothing (404). */
export type Outcome =
  | { kind: 'page'; page: Page }
  | { kind: 'redirect'; path: string }
  | { kind: 'notice'; status: number; notice: Notice }
  | undefined;

export const BAD_ADDRESS: Outcome = { kind: 'notice', status: 400, notice: 'badRequest' };

@Injectable()
export class PageServer {
  constructor(
    private readonly cache: DocumentCache,
    private readonly renderer: PageRenderer,
    private readonly facts: SiteFactsReader,
    private readonly editions: Editions,
  ) {}

  /** `key` names the page among all in the site's own language, without query parameters that mean nothing here. */
  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    key: string,
    build: (frame: Frame) => Promise<Outcome>,
  ): Promise<void> {
    const { edition, elsewhere } = this.editions.of(request.url);
    const document = await this.cache.get(elsewhere === undefined ? edition.link(key) : request.url, async () => {
      if (elsewhere !== undefined) return this.renderer.redirect(elsewhere);
      const frame = { edition, facts: await this.facts.read() };
      return this.rendering(await build(frame), frame);
    });
    await sendDocument(request, reply, document);
  }

  private rendering(outcome: Outcome, frame: Frame): Rendering {
    switch (outcome?.kind) {
      case 'page':
        return this.renderer.render(outcome.page, frame);
      case 'redirect':
        return this.renderer.redirect(frame.edition.link(outcome.path));
      case 'notice':
        return this.renderer.notice(outcome.status, outcome.notice, frame);
      case undefined:
        return this.renderer.notice(404, 'notFound', frame);
    }
  }
}
