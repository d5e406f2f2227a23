/** Reads a Prometheus histogram of the hub's, and tells quantiles of what was counted between two looks at it. */

/** How many observations were at most so large, by upper bound in ascending order; the last bound is Infinity. */
export type Buckets = Map<number, number>;

/** The histogram `name` of a text in Prometheus' format; empty when it is not there. */
export function readHistogram(metrics: string, name: string): Buckets {
  const line = new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\d+)$`, 'gm');
  const bounds = [...metrics.matchAll(line)].map(([, bound, count]): [number, number] => [
    bound === '+Inf' ? Infinity : Number(bound),
    Number(count),
  ]);
  return new Map(bounds.sort(([a], [b]) => a - b));
}

/** What was observed after `before`. */
export function since(before: Buckets, after: Buckets): Buckets {
  return new Map([...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
}

export function observations(buckets: Buckets): number {
  return buckets.get(Infinity) ?? 0;
}

/** The value that the share `q` of the observations stays below, taken as even between two bounds. NaN without any. */
export function quantile(buckets: Buckets, q: number): number {
  const rank = observations(buckets) * q;
  let [lower, below] = [0, 0];
  for (const [bound, count] of buckets) {
    if (count >= rank && count > below)
      return bound === Infinity ? lower : lower + ((bound - lower) * (rank - below)) / (count - below);
    [lower, below] = [bound, count];
  }
  return Number.NaN;
}
