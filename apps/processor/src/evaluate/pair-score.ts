/** Precision, recall and F1, over pairs of things that were put together and over sets. Pure. */

/** Shares are null where there is nothing to take a share of. */
export interface Score {
  right: number;
  /** Found and wrong. */
  wrong: number;
  missed: number;
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

export function score(right: number, wrong: number, missed: number): Score {
  const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
  return {
    right,
    wrong,
    missed,
    precision: share(right, right + wrong),
    recall: share(right, right + missed),
    f1: share(2 * right, 2 * right + wrong + missed),
  };
}

/**
 * Every pair of things in one group counts: right when both partitions hold them together. `expected` and `found` name
 * the group of each thing, in the same order.
 */
export function pairScore(expected: readonly unknown[], found: readonly unknown[]): Score {
  const { both, expectedPairs, foundPairs } = countPairs(expected, found);
  return score(both, foundPairs - both, expectedPairs - both);
}

/** Hubert and Arabie's adjusted Rand index; null without things, 1 where both partitions say the same. */
export function adjustedRand(expected: readonly unknown[], found: readonly unknown[]): number | null {
  if (expected.length === 0) return null;
  const { both, expectedPairs, foundPairs } = countPairs(expected, found);
  if (both === expectedPairs && both === foundPairs) return 1;
  const chance = (expectedPairs * foundPairs) / pairsOf(expected.length);
  return (both - chance) / ((expectedPairs + foundPairs) / 2 - chance);
}

interface PairCounts {
  both: number;
  expectedPairs: number;
  foundPairs: number;
}

/** Groups are counted, pairs are not made: time and room grow with the number of things. */
function countPairs(expected: readonly unknown[], found: readonly unknown[]): PairCounts {
  const numbers = new Map<unknown, number>();
  const numberOf = (name: unknown): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  };
  const common = expected.map((group, index) => `${numberOf(group)} ${numberOf(found[index])}`);
  return { both: pairsWithin(common), expectedPairs: pairsWithin(expected), foundPairs: pairsWithin(found) };
}

function pairsWithin(groups: readonly unknown[]): number {
  const sizes = new Map<unknown, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  let pairs = 0;
  for (const size of sizes.values()) pairs += pairsOf(size);
  return pairs;
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}
