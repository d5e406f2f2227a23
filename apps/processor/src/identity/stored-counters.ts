/** Brings a process's counters and the stored ones together, a slice at a time: the hub does other things in between. */
import { Injectable } from '@nestjs/common';
import type { HashCounters } from '#domain/hash-counters.js';
import { type CountedHashes, HashCountsRepository } from '#storage/hash-counts.repository.js';

/** A slice that others store again and again at the same moment is left for the next time. */
const TRIES = 5;

@Injectable()
export class StoredCounters {
  constructor(private readonly repository: HashCountsRepository) {}

  /**
   * Stores what was counted, and reads what other processes counted; halves everything when it is time to. Not twice at once for
   * the same counters. When it throws, nothing that was counted is lost: the next time goes on (what was stored although the answer
   * did not come counts twice).
   */
  async exchange(table: CountedHashes, counters: HashCounters): Promise<void> {
    await this.exchangeTexts(table, counters);
    const versions = await this.repository.versions(table);
    for (let slice = 0; slice < counters.slices; slice += 1) {
      if ((versions.get(slice) ?? 0) !== counters.versionOf(slice))
        counters.adopt(slice, await this.repository.read(table, slice));
      for (let tries = 0; counters.isFresh(slice) && tries < TRIES; tries += 1)
        await this.store(table, counters, slice);
    }
  }

  private async exchangeTexts(table: CountedHashes, counters: HashCounters): Promise<void> {
    const texts = counters.textsToStore;
    counters.textsStored(texts, await this.repository.addTexts(table, texts));
    if (counters.texts < counters.textsRemembered) return;
    const halved = await this.repository.halve(table, counters.textsRemembered, (counts) => counters.halved(counts));
    if (halved !== undefined) counters.textsStored(0, halved);
  }

  private async store(table: CountedHashes, counters: HashCounters, slice: number): Promise<void> {
    const taken = counters.take(slice);
    let isStored = false;
    try {
      isStored = await this.repository.write(table, slice, taken);
    } finally {
      if (isStored) counters.stored(slice, taken.version + 1);
      else counters.notStored(slice, taken);
    }
    if (!isStored) counters.adopt(slice, await this.repository.read(table, slice));
  }
}
