/** Answers requests for pages: from the cache, or built from Postgres and the page's template. */
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DocumentCache } from '../serving/document-cache.js';
import type { Rendering } from '../serving/rendered-document.js';
import { sendDocument } from '../serving/send-document.js';
import { en } from './messages/en.js';
import { type Page, PageRenderer } from './page-renderer.js';
import { type SiteFacts, SiteFactsReader } from './site-facts.js';

/** What a controller makes of an address: a page, another address, an end in words, or nothing (404). */
export type Outcome =
  | { kind: 'page'; page: Page }
  | { kind: 'redirect'; path: string }
  | { kind: 'notice'; status: number; message: string; hint: string }
  | undefined;

export const BAD_ADDRESS: Outcome = {
  kind: 'notice',
  status: 400,
  message: en.badRequest,
  hint: en.badRequestHint,
};

@Injectable()
export class PageServer {
  constructor(
    private readonly cache: DocumentCache,
    private readonly renderer: PageRenderer,
    private readonly facts: SiteFactsReader,
  ) {}

  /** `key` names the page among all, without query parameters that mean nothing here. */
  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    key: string,
    build: (facts: SiteFacts) => Promise<Outcome>,
  ): Promise<void> {
    const document = await this.cache.get(key, async () => {
      const facts = await this.facts.read();
      return this.rendering(await build(facts), facts);
    });
    await sendDocument(request, reply, document);
  }

  private rendering(outcome: Outcome, facts: SiteFacts): Rendering {
    switch (outcome?.kind) {
      case 'page':
        return this.renderer.render(outcome.page, facts);
      case 'redirect':
        return this.renderer.redirect(outcome.path);
      case 'notice':
        return this.renderer.notice(outcome.status, outcome.message, outcome.hint, facts);
      case undefined:
        return this.renderer.notice(404, en.notFound, en.notFoundHint, facts);
    }
  }
}
