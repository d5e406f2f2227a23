/** How the many concurrent deliveries of this process share statements. */
import DataLoader from 'dataloader';

/** Rows of one statement. */
export const BATCH_SIZE = 200;
/** Statements of one kind at a time: while these run, the next ones gather rows. */
const MOST_AT_ONCE = 2;

/**
 * What is asked for while nothing of its kind runs is asked for at once, so that a single delivery waits for nobody; what comes meanwhile
 * travels together when one of the statements under way has ended. `statement` answers in the order of its rows.
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
        setImmediate(begin);
      },
    },
  );
}
