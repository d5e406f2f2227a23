/** One thing at a time for each key, in the order of arrival, and only so many that wait. */
export class Lanes {
  private readonly ends = new Map<string, { tail: Promise<unknown>; length: number }>();

  constructor(private readonly maxLength: number) {}

  /** Runs `work` after everything of the same key. Null when too much waits there already. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> | null {
    const lane = this.ends.get(key) ?? { tail: Promise.resolve(), length: 0 };
    if (lane.length >= this.maxLength) return null;
    const result = lane.tail.then(work);
    lane.length++;
    lane.tail = result
      .catch(() => undefined)
      .finally(() => {
        if (--lane.length === 0) this.ends.delete(key);
      });
    this.ends.set(key, lane);
    return result;
  }
}
