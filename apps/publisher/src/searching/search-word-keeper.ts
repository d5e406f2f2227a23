/** Counts the words of published stories in the background: what a search for a mistyped word is answered by. See ADR 27. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { RepeatedWork } from '#service/repeated-work.js';
import { SearchWordRepository } from '#storage/search-word.repository.js';

const LOOK_EVERY_MS = 5_000;
const STORIES_AT_ONCE = 200;
/** Of one turn: others want the database, too, and an archive that is gone through can wait. */
const STORIES_A_TURN = 5_000;
/** Each takes about 200 bytes with its index. */
const MOST_WORDS = 300_000;

@Injectable()
export class SearchWordKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(SearchWordKeeper.name);
  private readonly repeated = new RepeatedWork(() => this.work(), this.logger, 'words could not be counted');
  private readonly counted;
  private readonly forgotten;
  private readonly known;
  private stopping = false;

  constructor(
    private readonly words: SearchWordRepository,
    metrics: Metrics,
  ) {
    this.counted = metrics.counter(
      'dateline_search_counted_stories_total',
      'Stories whose words were counted for the correction of searches',
    );
    this.forgotten = metrics.counter(
      'dateline_search_forgotten_words_total',
      'Rare words thrown away because there were too many',
    );
    this.known = metrics.gauge('dateline_search_words', 'Words that mistyped searches are corrected by, about');
  }

  onApplicationBootstrap(): void {
    this.repeated.start(LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.repeated.stop();
  }

  /** Each step is a transaction: between two of them the process may end, and the next one goes on. */
  async work(): Promise<void> {
    let sum = 0;
    for (let count = STORIES_AT_ONCE; count === STORIES_AT_ONCE && sum < STORIES_A_TURN && !this.stopping;) {
      const { stories, forgotten } = await this.words.count(STORIES_AT_ONCE, MOST_WORDS, new Date());
      this.counted.inc(stories);
      this.forgotten.inc(forgotten);
      count = stories;
      sum += stories;
    }
    if (sum > 0) this.known.set(await this.words.size());
  }
}
