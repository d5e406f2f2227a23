/** What a hostile input may cost is told in CPU time: a machine that is busy with other tests, or slow today, must fail nobody. */

/** What `referenceWork` takes where the bounds of the tests were set. */
const REFERENCE_MS = 45;
const TRIES = 3;

/**
 * Fails unless `work` takes less than `boundMs` of CPU, threads of the engine included, in one of three tries.
 * A try beyond the bound is set against a fixed piece of work of the same moment: where that takes twice as long as it
 * should, twice the bound is allowed. So the bound holds back what grows out of all proportion, and no slow machine.
 */
export async function expectCpuBelow(boundMs: number, work: () => unknown): Promise<void> {
  const costs: number[] = [];
  while (costs.length < TRIES) {
    const used = await cpuMilliseconds(work);
    if (used < boundMs) return;
    const slowness = Math.max(1, (await cpuMilliseconds(referenceWork)) / REFERENCE_MS);
    costs.push(used / slowness);
  }
  expect(Math.min(...costs)).toBeLessThan(boundMs);
}

async function cpuMilliseconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Makes, writes, reads, splits and replaces text, as readers of feeds and cleaners of HTML do. */
function referenceWork(): number {
  let made = 0;
  for (let round = 0; round < 6; round += 1) {
    const rows = Array.from({ length: 4_000 }, (_, id) => ({ id, text: `word ${id * 7} of ${round}` }));
    const text = JSON.stringify(rows);
    made += (JSON.parse(text) as unknown[]).length + text.split(/[^a-z]+/).length;
    made += text.replace(/"/g, '&quot;').length;
  }
  return made;
}
