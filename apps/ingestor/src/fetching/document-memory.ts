/** What the documents of all polls may take of the memory at once: hundreds of polls with the largest of answers would take gigabytes. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { type ByteAccount, ByteBudget } from '#http-client/byte-budget.js';
import { Metrics } from '#observability/metrics.js';

const MEGABYTE = 1024 * 1024;
/** Hardly a feed says more, packed and unpacked: a few large documents that come slowly must not make all the others late. */
const SMALL = MEGABYTE / 2;

@Injectable()
export class DocumentMemory {
  private readonly budget;

  constructor(@Inject(CONFIG) config: Pick<Config, 'fetchMemoryMegabytes'>, metrics: Metrics) {
    this.budget = new ByteBudget(config.fetchMemoryMegabytes * MEGABYTE, SMALL);
    metrics.gauge('dateline_fetching_memory_bytes', 'Bytes of documents and pages in hand', [], (gauge) =>
      gauge.set(this.budget.held),
    );
    metrics.gauge('dateline_fetching_memory_pauses', 'Answers that had to wait for room since the start', [], (gauge) =>
      gauge.set(this.budget.pauses),
    );
  }

  /** For one poll: its document from the first byte until it is stored, and the pages that are read for it. */
  open(): ByteAccount {
    return this.budget.open();
  }
}
