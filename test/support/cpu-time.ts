/** What a hostile input may cost is told in CPU time: a machine that is busy with other tests must fail nobody. */

/** Milliseconds of CPU that this process spent on `work`, threads of the engine included. */
export function cpuMilliseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
