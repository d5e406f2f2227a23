/** How concurrent polls share statements: whoever asks while a statement runs travels together in the next one. */
import DataLoader from 'dataloader';

const MAX_BATCH = 500;

/**
 * A loader with at most `atOnce` batches under way. An idle one asks at once; the busier it is, the more travel
 * together, so that a statement's fixed cost shrinks just when it would hurt.
 */
export function gathered<Key, Value>(
  load: (keys: readonly Key[]) => Promise<ArrayLike<Value | Error>>,
  { atOnce }: { atOnce: number },
): DataLoader<Key, Value> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  const next = (): void => {
    const dispatch = free > 0 ? waiting.shift() : undefined;
    if (dispatch === undefined) return;
    free--;
    // Whatever is ready in this turn of the event loop comes along.
    setImmediate(dispatch);
  };
  return new DataLoader(
    async (keys) => {
      try {
        return await load(keys);
      } finally {
        free++;
        next();
      }
    },
    {
      cache: false,
      maxBatchSize: MAX_BATCH,
      batchScheduleFn: (dispatch) => {
        waiting.push(dispatch);
        next();
      },
    },
  );
}
