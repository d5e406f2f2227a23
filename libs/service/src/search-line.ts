/** Searches take turns: a few at once in a process, a bounded line behind them, and a plain answer for whom it has no room. */
import { Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { Metrics } from '#observability/metrics.js';

/** The rest of the pool is for what is no search: pages and feeds have to be answered beside any number of them. */
const SHARE_OF_POOL = 1 / 3;
const WAITING = 32;
/** Whoever has waited so long would rather be told. */
const PATIENCE_MS = 2_000;
/** When a refused search may be tried again. */
export const TRY_AGAIN_SECONDS = 5;

/** Refused: the line is full, or moved too slowly. Nothing was looked for. */
export class SearchesBusyError extends ServiceUnavailableException {
  constructor() {
    super(`Too many searches are under way, so this one was not begun. Try again in ${TRY_AGAIN_SECONDS} s.`);
  }
}

@Injectable()
export class SearchLine {
  private readonly places: number;
  private readonly waiting = new Set<() => void>();
  private readonly refused;
  private running = 0;

  constructor(@Inject(CONFIG) { databasePool }: Pick<Config, 'databasePool'>, metrics: Metrics) {
    this.places = Math.max(1, Math.floor(databasePool * SHARE_OF_POOL));
    metrics.gauge('dateline_searches_running', 'Searches under way', [], (gauge) => gauge.set(this.running));
    metrics.gauge('dateline_searches_waiting', 'Searches waiting for their turn', [], (gauge) =>
      gauge.set(this.waiting.size),
    );
    this.refused = metrics.counter(
      'dateline_searches_refused_total',
      'Searches not begun because too many were waiting',
    );
  }

  /** Runs `search` when its turn has come; throws `SearchesBusyError` when that would be too long. */
  async run<T>(search: () => Promise<T>): Promise<T> {
    if (this.running < this.places) this.running++;
    else await this.turn();
    try {
      return await search();
    } finally {
      this.leave();
    }
  }

  /** Resolves with a place that was given away by a search that ended. */
  private turn(): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (): void => {
        this.waiting.delete(begin);
        this.refused.inc();
        reject(new SearchesBusyError());
      };
      const timer = setTimeout(refuse, PATIENCE_MS);
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      if (this.waiting.size < WAITING) this.waiting.add(begin);
      else {
        clearTimeout(timer);
        refuse();
      }
    });
  }

  /** The place goes to whoever waits longest. */
  private leave(): void {
    const [next] = this.waiting;
    if (next === undefined) this.running--;
    else {
      this.waiting.delete(next);
      next();
    }
  }
}
