/** Finds the stories that a chunk's items belong to: prepares their texts, looks up what is known, decides, remembers. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { headlineFingerprint } from '#domain/headline-fingerprint.js';
import { countSentences, emptyCounts, type SentenceCounts } from '#domain/partner-boilerplate.js';
import { type TextPrint, withoutSentences } from '#domain/text-print.js';
import { textSketch } from '#domain/text-sketch.js';
import { type IdentityThresholds, mayLink } from '#domain/text-verdict.js';
import { Metrics } from '#observability/metrics.js';
import { IdentityRepository } from '#storage/identity.repository.js';
import { type FoundSketch, ItemSketchRepository } from '#storage/item-sketch.repository.js';
import { uuidV7 } from '#storage/uuid.js';
import type { ReadyItem } from '../stories/ready-item.js';
import { marksOf } from './chunk-turns.js';
import { decideStories, type Verdict } from './decide-story.js';
import type { ItemInDoubt } from './item-in-doubt.js';
import { type KnownText, KnownTexts } from './known-texts.js';
import { connectionsOfPlaced, doubtfulPlaces, type DoubtfulPlace, type StoryConnection } from './story-connections.js';
import { TextStatistics } from './text-statistics.js';

type Transaction = Parameters<IdentityRepository['find']>[0];

/** An item with the story that it came into; `verdict` null: it was there before, this is a new version of it. */
export interface RecognisedItem {
  ready: ReadyItem;
  storyId: string;
  verdict: Verdict | null;
}

/** By item id: verdicts on items that were in no story, and what those that are in one connect it with. */
export interface Recognised {
  verdicts: ReadonlyMap<string, Verdict>;
  connects: ReadonlyMap<string, StoryConnection[]>;
}

/** A chunk's items by id, as they are decided about. */
export type PreparedItems = ReadonlyMap<string, ItemInDoubt>;

/** Of a headline, for comparison. */
const TITLE_LENGTH = 300;

@Injectable()
export class StoryRecogniser {
  private readonly thresholds: IdentityThresholds;
  private readonly verdicts;
  private readonly lookups;
  private readonly lookupSeconds;
  private readonly candidates;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'identityWindowDays'> & ThresholdSettings,
    private readonly keys: IdentityRepository,
    private readonly sketches: ItemSketchRepository,
    private readonly statistics: TextStatistics,
    metrics: Metrics,
  ) {
    this.thresholds = thresholdsOf(config);
    this.verdicts = metrics.counter('dateline_identity_verdicts_total', 'New items by the rule that placed them', [
      'rule',
      'relation',
    ]);
    this.lookups = metrics.counter('dateline_identity_lookups_total', 'Items whose copies were looked for by text');
    this.candidates = metrics.counter('dateline_identity_candidates_total', 'Texts read to compare such items with');
    this.lookupSeconds = metrics.histogram(
      'dateline_identity_lookup_seconds',
      'Time to find those of a chunk of items',
    );
  }

  /** Takes partners' boilerplate out of the texts and sketches what is left. Before the transaction. */
  async prepare(ready: readonly ReadyItem[]): Promise<PreparedItems> {
    await this.statistics.meet(ready.map(({ item }) => item.partner.id));
    const batch = new Map<string, SentenceCounts>();
    for (const { item, clean } of ready) {
      const counts = batch.get(item.partner.id) ?? emptyCounts();
      batch.set(item.partner.id, counts);
      countSentences(counts, clean.print);
    }
    return new Map(
      ready.map((one) => {
        const { id } = one.item.partner;
        const isUnwanted = (hash: number): boolean =>
          this.statistics.isBoilerplate(id, hash, batch.get(id) ?? emptyCounts());
        return [one.item.id, this.inDoubt(one, withoutSentences(one.clean.print, isUnwanted))];
      }),
    );
  }

  /** Everything by which one of the items could be the same story as another: what chunks take turns by. */
  marks(prepared: PreparedItems): Set<number> {
    return new Set([...prepared.values()].flatMap(({ keys, sketch }) => marksOf(keys, sketch)));
  }

  /**
   * Where the items belong; `storyOf` has those of the chunk that are still to be written, with the story they are in if any.
   * In the transaction, when it is the chunk's turn.
   */
  async decide(
    trx: Transaction,
    prepared: PreparedItems,
    storyOf: ReadonlyMap<string, string | null>,
  ): Promise<Recognised> {
    const mine = [...prepared.values()].filter(({ id }) => storyOf.has(id));
    const items = mine.filter(({ id }) => storyOf.get(id) === null);
    const placed = mine.flatMap((item) => {
      const storyId = storyOf.get(item.id) ?? null;
      return storyId === null ? [] : [{ item, storyId }];
    });
    const keys = await this.keys.find(
      trx,
      mine.flatMap((item) => item.keys),
    );
    const doubtful = doubtfulPlaces(placed, keys);
    const asking = [...items, ...doubtful.map(({ item }) => item)];
    if (asking.length === 0) return { verdicts: new Map(), connects: new Map() };
    const questions = asking.map(({ sketch, at }) => ({ fingerprints: this.statistics.asked(sketch), at }));
    const stop = this.lookupSeconds.startTimer();
    const sketches = await this.sketches.find(trx, questions, this.config.identityWindowDays);
    stop();
    this.lookups.inc(asking.length);
    this.candidates.inc(sketches.length);
    const texts = sketches.map(knownText);
    const { words } = this.statistics;
    const verdicts = decideStories(items, { keys, texts, words, thresholds: this.thresholds }, uuidV7);
    return { verdicts, connects: await this.connects(trx, doubtful, texts) };
  }

  /** What new versions of items in other stories prove, by item id; only those that prove any. */
  private async connects(
    trx: Transaction,
    doubtful: readonly DoubtfulPlace[],
    texts: readonly KnownText[],
  ): Promise<Map<string, StoryConnection[]>> {
    const found = new Map<string, StoryConnection[]>();
    if (doubtful.length === 0) return found;
    const stories = await this.keys.stories(
      trx,
      doubtful.map(({ storyId }) => storyId),
    );
    const known = new KnownTexts(texts, this.statistics.words, this.thresholds);
    for (const place of doubtful) {
      const { item, storyId } = place;
      const story = stories.get(storyId);
      if (story === undefined) continue;
      const comparable = { ...item, text: item.print, storyId };
      const alike = mayLink(comparable) ? known.matches(comparable) : [];
      const alikeIn = new Set(alike.map((match) => match.known.storyId));
      const connections = connectionsOfPlaced(place, story, alikeIn);
      if (connections.length > 0) found.set(item.id, connections);
    }
    return found;
  }

  /** Writes what later copies are recognised by. In the same transaction. */
  async remember(trx: Transaction, recognised: readonly RecognisedItem[], prepared: PreparedItems): Promise<void> {
    await this.keys.add(
      trx,
      recognised.flatMap(({ ready, storyId }) =>
        ready.clean.keys.map(({ kind, key }) => ({ kind, key, itemId: ready.item.id, storyId })),
      ),
    );
    const rows = recognised.flatMap(({ ready, verdict }) => {
      const item = prepared.get(ready.item.id);
      if (item === undefined || verdict?.isRoundUp === true || !mayLink({ title: item.title, text: item.print }))
        return [];
      const { id: itemId, partnerId, at, sketch: fingerprints, print } = item;
      const title = item.title.slice(0, TITLE_LENGTH);
      const { words, shingles, numbers } = print;
      return [{ itemId, partnerId, at, title, words, fingerprints, shingles, numbers }];
    });
    await this.sketches.put(trx, rows);
  }

  /** Counts words and sentences, once the transaction has been committed. */
  learn(recognised: readonly RecognisedItem[], prepared: PreparedItems): void {
    const partnerOf = new Map(recognised.map(({ ready }) => [ready.item.id, ready.item.partner.id]));
    for (const { ready, verdict } of recognised) {
      const item = prepared.get(ready.item.id);
      if (item === undefined || verdict === null) continue;
      this.verdicts.inc({ rule: verdict.rule, relation: verdict.relation });
      const isStory = ['first', 'text-overlap', 'figures-updated'].includes(verdict.rule);
      if (isStory) this.statistics.learnStory(item.print, item.sketch, item.headline);
      // A partner's own updates begin like the story; counted, they would make its lead look like boilerplate.
      const repeatsItself = partnerOf.get(String(verdict.evidence['matchedItemId'])) === item.partnerId;
      if (isStory || !repeatsItself) this.statistics.learnPartner(item.partnerId, ready.clean.print);
    }
  }

  private inDoubt({ item, clean }: ReadyItem, print: TextPrint): ItemInDoubt {
    const { isStop } = this.statistics;
    const headline = headlineFingerprint(clean.title);
    return {
      id: item.id,
      feedId: item.feed.id,
      partnerId: item.partner.id,
      partnerName: item.partner.name,
      isDemo: item.partner.isDemo,
      title: item.parsed.title ?? '',
      words: clean.words,
      keys: clean.keys,
      at: item.publishedAt ?? item.receivedAt,
      print,
      headline,
      sketch: mayLink({ title: clean.title, text: print }) ? textSketch(print.shingles, { headline, isStop }) : [],
      bodyText: clean.printedText ?? clean.bodyText,
    };
  }
}

/** Field by field: there are thousands in a chunk, for which a rest of fields is ten times slower. */
function knownText(row: FoundSketch): KnownText {
  const { itemId, storyId, partnerId, partnerName, isDemo, title, at, fingerprints, words, shingles, numbers } = row;
  const isDerived = row.relation === 'derived';
  const text = { words, shingles, numbers };
  return { itemId, storyId, partnerId, partnerName, isDemo, title, at, sketch: fingerprints, isDerived, text };
}

type ThresholdSettings = Pick<
  Config,
  | 'identityLinkText'
  | 'identityLinkNumbers'
  | 'identityStrongText'
  | 'identityStrongNumbers'
  | 'identityDuplicateText'
  | 'identityDuplicateNumbers'
>;

function thresholdsOf(config: ThresholdSettings): IdentityThresholds {
  return {
    link: { text: config.identityLinkText, numbers: config.identityLinkNumbers },
    strongLink: { text: config.identityStrongText, numbers: config.identityStrongNumbers },
    duplicate: { text: config.identityDuplicateText, numbers: config.identityDuplicateNumbers },
  };
}
