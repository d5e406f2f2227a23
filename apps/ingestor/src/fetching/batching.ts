/** How concurrent jobs share statements: whoever asks within 2 ms travels together. */
import type DataLoader from 'dataloader';

const GATHER_MS = 2;

export const BATCHING = {
  cache: false,
  maxBatchSize: 200,
  batchScheduleFn: (dispatch: () => void) => void setTimeout(dispatch, GATHER_MS),
} as const satisfies DataLoader.Options<unknown, unknown>;
