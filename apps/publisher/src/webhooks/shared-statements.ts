/** How the many concurrent deliveries of this process share statements. */
import DataLoader from 'dataloader';

/** Rows of one statement. */
export const BATCH_SIZE = 200;
/** Statements of one kind at a time: while these run, the next ones gather rows. */
const MOST_AT_ONCE = 2;
/** How long the first of a batch waits for company: the deliveries of one event come in several jobs, moments apart. */
const WINDOW_MS = 2;

/**
 * What is asked for while nothing of its kind runs waits only for what comes with it; what comes while statements are under way
 * travels together when one of them has ended. `statement` answers in the order of its rows.
 */
export function sharedStatement<Row, Answer>(
  statement: (rows: readonly Row[]) => Promise<Answer[]>,
): DataLoader<Row, Answer> {
  let underWay = 0;
  const waiting: (() => void)[] = [];
  return new DataLoader(
    async (rows) => {
      try {
        return await statement(rows);
      } finally {
        const next = waiting.shift();
        if (next) next();
        else underWay--;
      }
    },
    {
      cache: false,
      maxBatchSize: BATCH_SIZE,
      batchScheduleFn(begin) {
        if (underWay === MOST_AT_ONCE) {
          waiting.push(begin);
          return;
        }
        underWay++;
        setTimeout(begin, WINDOW_MS);
      },
    },
  );
}
