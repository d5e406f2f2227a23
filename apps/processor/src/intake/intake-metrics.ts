/** Counts what the intake makes of items. */
import { Injectable } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import type { ProcessedItem } from '#storage/processed-item.repository.js';
import type { WrittenChunk } from '../stories/story-writer.js';

@Injectable()
export class IntakeMetrics {
  readonly chunkSeconds;
  private readonly items;
  private readonly events;
  private readonly merges;

  constructor(metrics: Metrics) {
    this.items = metrics.counter('dateline_intake_items_total', 'Items by what became of them', ['outcome']);
    this.events = metrics.counter('dateline_intake_events_total', 'Events that changed stories');
    this.merges = metrics.counter('dateline_intake_merges_total', 'Stories that were recognised as one and merged');
    this.chunkSeconds = metrics.histogram('dateline_intake_chunk_seconds', 'Time to process a chunk of items');
  }

  wrote({ created, joined, changed, stale, events, merged }: WrittenChunk): void {
    this.items.inc({ outcome: 'new-story' }, created);
    this.items.inc({ outcome: 'joined' }, joined);
    this.items.inc({ outcome: 'new-version' }, changed);
    this.items.inc({ outcome: 'stale' }, stale);
    this.events.inc(events);
    this.merges.inc(merged);
  }

  /** By rules: dropped, or held for an operator. */
  refused(items: readonly Pick<ProcessedItem, 'state'>[]): void {
    for (const { state } of items) this.items.inc({ outcome: state });
  }

  failed(count: number): void {
    this.items.inc({ outcome: 'failed' }, count);
  }
}
