/** Whether memory grows: a process's resident memory and heap looked at for minutes, and the slope of what was seen. */

export interface Sample {
  minute: number;
  mb: number;
}

/** MB a minute, by least squares; 0 for fewer than two samples. */
export function slope(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const [minute, mb] = [mean((sample) => sample.minute), mean((sample) => sample.mb)];
  const spread = samples.reduce((sum, sample) => sum + (sample.minute - minute) ** 2, 0);
  const common = samples.reduce((sum, sample) => sum + (sample.minute - minute) * (sample.mb - mb), 0);
  return spread > 0 ? common / spread : 0;
}

/** What comes after the first `share` of the samples: caches fill and code is compiled before. */
export function after(share: number, samples: readonly Sample[]): Sample[] {
  return samples.slice(Math.floor(samples.length * share));
}

/** The lowest of each `minutes`: a heap rises and falls with its collections, what it keeps is what is left by them. */
export function lowest(minutes: number, samples: readonly Sample[]): Sample[] {
  const lows = new Map<number, Sample>();
  for (const sample of samples) {
    const window = Math.floor(sample.minute / minutes);
    const low = lows.get(window);
    if (low === undefined || sample.mb < low.mb) lows.set(window, sample);
  }
  return [...lows.values()];
}

/** Looks with `look` every `everyMs` until `ends`; a look that finds nothing counts for nothing. */
export async function watch(
  ends: Promise<unknown>,
  everyMs: number,
  look: () => Promise<Record<string, number | undefined>>,
): Promise<Map<string, Sample[]>> {
  const seen = new Map<string, Sample[]>();
  const started = performance.now();
  let over = false;
  const ended = ends.finally(() => (over = true));
  // A failure during a look is thrown at the end.
  ended.catch(() => undefined);
  while (!over) {
    const minute = (performance.now() - started) / 60_000;
    for (const [name, mb] of Object.entries(await look()))
      if (mb !== undefined) seen.set(name, [...(seen.get(name) ?? []), { minute, mb }]);
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, everyMs))]);
  }
  await ended;
  return seen;
}
