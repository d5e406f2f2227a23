/** Atom wants another `updated` for each entry, and stories of one batch share their time of change to the microsecond. */

/** A date that writes itself with nine decimals of a second: RFC 3339 allows any number. */
class PreciseDate extends Date {
  constructor(
    date: Date,
    private readonly nanoseconds: number,
  ) {
    super(date);
  }

  override toISOString(): string {
    return super.toISOString().replace('Z', `${String(this.nanoseconds).padStart(6, '0')}Z`);
  }
}

/**
 * Each entry's time of change made distinct below the millisecond, by digits that its id yields: the same entry has the
 * same time in every feed and at every render.
 */
export function distinctUpdates(entries: { storyId: string; updated: Date }[]): Map<string, Date> {
  const taken = new Set<string>();
  const dates = new Map<string, Date>();
  for (const { storyId, updated } of entries) {
    let nanoseconds = Number.parseInt(storyId.slice(-9), 16) % 1_000_000;
    while (taken.has(`${updated.getTime()}.${nanoseconds}`)) nanoseconds = (nanoseconds + 1) % 1_000_000;
    taken.add(`${updated.getTime()}.${nanoseconds}`);
    dates.set(storyId, new PreciseDate(updated, nanoseconds));
  }
  return dates;
}
