/** Keeps rendered documents until the content's version moves: one render a version and address, however many ask at once. */
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Metrics } from '#observability/metrics.js';
import { ContentVersion } from './content-version.js';
import { RenderedDocument, type Rendering } from './rendered-document.js';

interface Entry {
  version: string;
  /** `performance.now()` of the render. */
  renderedAt: number;
  document: RenderedDocument;
}

/**
 * Not every change moves the version (another partner's copy joins a story without an event). After this long a document
 * is rendered again, while readers still get the one at hand.
 */
const LOOK_AGAIN_MS = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** A longer address (a long search) is rendered each time: nobody may fill the cache's keys. */
const MAX_KEY_LENGTH = 512;

@Injectable()
export class DocumentCache {
  private readonly logger = new Logger(DocumentCache.name);
  private readonly entries = new LRUCache<string, Entry>({
    maxSize: MAX_BYTES,
    sizeCalculation: (entry, key) => Math.ceil(entry.document.size) + key.length,
  });
  private readonly rendering = new Map<string, Promise<RenderedDocument>>();
  private readonly renders;

  constructor(
    private readonly contentVersion: ContentVersion,
    metrics: Metrics,
  ) {
    this.renders = metrics.histogram('dateline_site_render_seconds', 'Time to render a page or feed from Postgres');
  }

  /** The document at hand when nothing speaks for rendering it again; without waiting, for the fast lane. */
  fresh(key: string): RenderedDocument | undefined {
    const entry = this.entries.get(key);
    if (entry?.version !== this.contentVersion.current()) return undefined;
    return performance.now() - entry.renderedAt > LOOK_AGAIN_MS ? undefined : entry.document;
  }

  /**
   * The document of `key`, rendered when it is not there or older than the content. When rendering fails and an older
   * document is there, readers get that one; otherwise the error is thrown. A key that is an address (path and query)
   * must be what this address alone answers: the fast lane goes by it.
   */
  get(key: string, render: () => Promise<Rendering>): RenderedDocument | Promise<RenderedDocument> {
    const version = this.contentVersion.current();
    const entry = this.entries.get(key);
    if (entry?.version !== version) return this.renderOnce(key, version, render);
    if (performance.now() - entry.renderedAt > LOOK_AGAIN_MS) void this.renderOnce(key, version, render);
    return entry.document;
  }

  /** A render that began at an older version may have read older rows: only those of the same version are shared. */
  private renderOnce(key: string, version: string, render: () => Promise<Rendering>): Promise<RenderedDocument> {
    const flight = `${version} ${key}`;
    const running = this.rendering.get(flight);
    if (running !== undefined) return running;
    const started = this.render(key, version, render).finally(() => this.rendering.delete(flight));
    this.rendering.set(flight, started);
    return started;
  }

  private async render(key: string, version: string, render: () => Promise<Rendering>): Promise<RenderedDocument> {
    const previous = this.entries.peek(key)?.document;
    const done = this.renders.startTimer();
    try {
      const rendering = await render();
      const rendered = new RenderedDocument(datedAfter(previous, rendering));
      const document = previous?.sameAs(rendered) === true ? previous : rendered;
      if (key.length <= MAX_KEY_LENGTH) this.entries.set(key, { version, renderedAt: performance.now(), document });
      return document;
    } catch (error) {
      if (previous === undefined) throw error;
      this.logger.warn({ msg: 'could not render; the older document is served', key, error: String(error) });
      return previous;
    } finally {
      done();
    }
  }
}

/**
 * Content that changed gets a later Last-Modified than before, even when the change left an older newest story. Twice in
 * one second there is no later date to give: such a document goes by its ETag alone.
 */
function datedAfter(previous: RenderedDocument | undefined, rendering: Rendering): Rendering {
  if (rendering.changedAt === undefined || previous?.lastModified === undefined) return rendering;
  const before = Date.parse(previous.lastModified);
  if (rendering.changedAt.getTime() >= before + 1_000) return rendering;
  return { ...rendering, changedAt: Date.now() >= before + 1_000 ? new Date(before + 1_000) : undefined };
}
