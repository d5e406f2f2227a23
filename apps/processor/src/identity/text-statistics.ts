/** What this processor has learned of texts: which words say something, which sentences are a partner's boilerplate. */
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { FingerprintReach } from '#domain/fingerprint-reach.js';
import { FrequencyTable } from '#domain/frequency-table.js';
import {
  boilerplateOf,
  countSentences,
  emptyCounts,
  isBoilerplate,
  pruned,
  type SentenceCounts,
} from '#domain/partner-boilerplate.js';
import type { WordCounts } from '#domain/text-likeness.js';
import type { TextPrint } from '#domain/text-print.js';
import { TextStatisticsRepository } from '#storage/text-statistics.repository.js';
import { StoredCounters } from './stored-counters.js';

/** How often what was counted is stored and what others counted is read: so much a killed process forgets. */
const STORE_EVERY_MS = 60_000;
/** A shingle of so many stories leads nowhere: look-ups leave it out. */
const STOP_STORIES = 64;
/** Partners held in memory, the ones heard of last. */
const PARTNERS_KEPT = 2_000;

/** A partner's sentences as stored, with those that this process counted since in `fresh`. */
interface KnownPartner {
  known: SentenceCounts;
  fresh: SentenceCounts;
}

@Injectable()
export class TextStatistics implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TextStatistics.name);
  private readonly frequencies = new FrequencyTable();
  private readonly reach = new FingerprintReach();
  private readonly partners = new Map<string, KnownPartner>();
  private timer: NodeJS.Timeout | undefined;
  /** One at a time: the last one at the end may come while another is under way. */
  private storing: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: TextStatisticsRepository,
    private readonly stored: StoredCounters,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.timer = setInterval(() => void this.storeQuietly(), STORE_EVERY_MS);
    this.timer.unref();
    // A database that does not answer now is asked again in a minute; until then all words weigh the same.
    await this.storeQuietly();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.storeQuietly();
  }

  /** Of shingles and figures. */
  get words(): WordCounts {
    return this.frequencies;
  }

  readonly isStop = (hash: number): boolean => this.frequencies.countOf(hash) > STOP_STORIES;

  /** The fingerprints to look up. */
  asked(sketch: readonly number[]): number[] {
    return this.reach.asked(sketch);
  }

  /** Reads what is stored of partners that this process has not met; the other questions need it. */
  async meet(partnerIds: readonly string[]): Promise<void> {
    const strangers = [...new Set(partnerIds)].filter((id) => !this.partners.has(id));
    const stored = await this.repository.readSentences(strangers);
    for (const id of strangers) {
      if (!this.partners.has(id))
        this.partners.set(id, { known: stored.get(id) ?? emptyCounts(), fresh: emptyCounts() });
    }
  }

  isBoilerplate(partnerId: string, hash: number, batch: SentenceCounts): boolean {
    return isBoilerplate(hash, this.partners.get(partnerId)?.known ?? emptyCounts(), batch);
  }

  boilerplateOf(partnerId: string): number[] {
    return boilerplateOf(this.partners.get(partnerId)?.known ?? emptyCounts());
  }

  /** Counts the text of a new story: copies would make their own words look common. */
  learnStory(print: TextPrint, sketch: readonly number[], headline: number | null): void {
    this.reach.add(sketch);
    this.frequencies.addText();
    this.frequencies.add(print.shingles);
    this.frequencies.add(print.numbers);
    if (headline !== null) this.frequencies.add(Int32Array.of(headline));
  }

  /** Counts a partner's item, as it was before boilerplate was taken out. */
  learnPartner(partnerId: string, print: TextPrint): void {
    const partner = this.partners.get(partnerId) ?? { known: emptyCounts(), fresh: emptyCounts() };
    this.partners.delete(partnerId);
    this.partners.set(partnerId, partner);
    countSentences(partner.known, print);
    countSentences(partner.fresh, print);
  }

  /** Stores what was counted, and reads what other processes counted. */
  async store(): Promise<void> {
    await this.stored.exchange('shingle_frequencies', this.frequencies.counters);
    await this.stored.exchange('fingerprint_frequencies', this.reach.counters);
    this.reach.setTextsInWindow(await this.repository.textsInWindow());
    for (const [id, partner] of this.partners) {
      if (partner.fresh.items === 0) continue;
      const fresh = partner.fresh;
      partner.fresh = emptyCounts();
      partner.known = await this.repository.mergeSentences(id, fresh, pruned);
    }
    for (const id of [...this.partners.keys()].slice(0, Math.max(0, this.partners.size - PARTNERS_KEPT)))
      this.partners.delete(id);
  }

  /** These are statistics: what is lost with them is some precision for a while. */
  private async storeQuietly(): Promise<void> {
    this.storing = this.storing
      .then(() => this.store())
      .catch((error: unknown) => {
        this.logger.warn({ msg: 'text statistics could not be stored and read', error: String(error) });
      });
    await this.storing;
  }
}
