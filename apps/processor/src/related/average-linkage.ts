/** Groups things by average linkage: the two groups whose members are on average most alike become one, until none are alike enough. Pure. */

/**
 * `alike(a, b)` for a > b, both below `count`; groups whose mean likeness is at least `threshold` are joined, most alike
 * first. Answers a group number for each thing. Time and room grow with the square of `count`: bound it.
 */
export function averageLinkage(count: number, alike: (a: number, b: number) => number, threshold: number): Int32Array {
  const table = new LikenessTable(count, alike);
  const groupOf = Int32Array.from({ length: count }, (_, index) => index);
  for (;;) {
    const pair = table.mostAlike();
    if (pair === null || pair.likeness < threshold) return resolved(groupOf);
    table.join(pair.kept, pair.gone);
    groupOf[pair.gone] = pair.kept;
  }
}

/** Mean likenesses between the groups that are left, with each group's best partner at hand. */
class LikenessTable {
  private readonly likeness: Float32Array;
  private readonly sizes: Float64Array;
  private readonly best: Int32Array;
  private left: number[];

  constructor(
    private readonly count: number,
    alike: (a: number, b: number) => number,
  ) {
    this.likeness = new Float32Array(count * count);
    this.sizes = new Float64Array(count).fill(1);
    this.best = new Int32Array(count).fill(-1);
    this.left = Array.from({ length: count }, (_, index) => index);
    for (let a = 1; a < count; a += 1) for (let b = 0; b < a; b += 1) this.set(a, b, alike(a, b));
    for (const group of this.left) this.findBest(group);
  }

  mostAlike(): { kept: number; gone: number; likeness: number } | null {
    let first = -1;
    let likeness = -1;
    for (const group of this.left) {
      const best = this.best[group] ?? -1;
      if (best === -1 || this.get(group, best) <= likeness) continue;
      first = group;
      likeness = this.get(group, best);
    }
    if (first === -1) return null;
    const second = this.best[first] ?? -1;
    return { kept: Math.min(first, second), gone: Math.max(first, second), likeness };
  }

  join(kept: number, gone: number): void {
    const [a, b] = [this.sizes[kept] ?? 1, this.sizes[gone] ?? 1];
    this.left = this.left.filter((group) => group !== gone);
    for (const other of this.left)
      if (other !== kept) this.set(kept, other, (a * this.get(kept, other) + b * this.get(gone, other)) / (a + b));
    this.sizes[kept] = a + b;
    this.findBest(kept);
    for (const other of this.left) {
      if (other === kept) continue;
      const best = this.best[other] ?? -1;
      if (best === kept || best === gone) this.findBest(other);
      else if (best === -1 || this.get(other, kept) > this.get(other, best)) this.best[other] = kept;
    }
  }

  private findBest(group: number): void {
    let best = -1;
    for (const other of this.left)
      if (other !== group && (best === -1 || this.get(group, other) > this.get(group, best))) best = other;
    this.best[group] = best;
  }

  private get(a: number, b: number): number {
    return this.likeness[a * this.count + b] ?? 0;
  }

  private set(a: number, b: number, value: number): void {
    this.likeness[a * this.count + b] = value;
    this.likeness[b * this.count + a] = value;
  }
}

function resolved(groupOf: Int32Array): Int32Array {
  return groupOf.map((group) => {
    let root = group;
    while ((groupOf[root] ?? root) !== root) root = groupOf[root] ?? root;
    return root;
  });
}
