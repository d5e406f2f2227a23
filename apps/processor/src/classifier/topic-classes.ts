/** Decides which topics a classifier learns: those with enough samples; rarer ones count for the nearest broader topic. Pure. */

export interface TopicName {
  slug: string;
  name: string;
}

/** Slug of a topic → itself and its broader topics, nearest first. Topics that are not listed have none. */
export type TopicChains = Readonly<Record<string, readonly TopicName[]>>;

export interface TopicClasses {
  /** For each sample the numbers of its classes, never none: the last class is "something else". */
  classesOf: number[][];
  classCount: number;
  /** What may be given. Index by target: the classes that belong to it. */
  targets: (TopicName & { classes: number[] })[];
}

/** A topic with fewer samples is not learnt by itself. */
export const MIN_SAMPLES = 40;
const MAX_CLASSES = 64;

/** `topics`: of each sample the topics it was given by people. */
export function topicClasses(topics: readonly (readonly TopicName[])[], chains: TopicChains): TopicClasses {
  const held = rolledUp(topics, chains);
  const kept = [...counted(held)]
    .filter(([, count]) => count >= MIN_SAMPLES)
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_CLASSES)
    .map(([slug]) => slug);
  const numberOf = new Map(kept.map((slug, index) => [slug, index]));
  const other = kept.length;
  const names = new Map(topics.flat().map(({ slug, name }) => [slug, name]));
  const targets = new Map<string, TopicName & { classes: number[] }>();
  kept.forEach((slug, index) => {
    const chain = chains[slug] ?? [{ slug, name: names.get(slug) ?? slug }];
    for (const topic of chain) {
      const target = targets.get(topic.slug) ?? { slug: topic.slug, name: topic.name, classes: [] };
      target.classes.push(index);
      targets.set(topic.slug, target);
    }
  });
  return {
    classesOf: held.map((slugs) => {
      const classes = [...slugs].flatMap((slug) => numberOf.get(slug) ?? []);
      return classes.length === 0 ? [other] : classes;
    }),
    classCount: kept.length + 1,
    // A broader topic with one narrower class only would be given in its place and say less.
    targets: [...targets.values()].filter(({ slug, classes }) => classes.length > 1 || numberOf.has(slug)),
  };
}

/** Each sample's topics, rare ones replaced by the nearest broader topic that has enough, or dropped. */
function rolledUp(topics: readonly (readonly TopicName[])[], chains: TopicChains): Set<string>[] {
  let held = topics.map((some) => new Set(some.map(({ slug }) => slug)));
  // A chain is as long as the tree is deep: five levels.
  for (let level = 0; level < 8; level += 1) {
    const counts = counted(held);
    let moved = false;
    held = held.map((slugs) => {
      const next = new Set<string>();
      for (const slug of slugs) {
        const broader = chains[slug]?.[1]?.slug;
        const isRare = (counts.get(slug) ?? 0) < MIN_SAMPLES;
        if (isRare && broader !== undefined) moved = true;
        next.add(isRare && broader !== undefined ? broader : slug);
      }
      return next;
    });
    if (!moved) break;
  }
  return held;
}

function counted(held: readonly ReadonlySet<string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const slugs of held) for (const slug of slugs) counts.set(slug, (counts.get(slug) ?? 0) + 1);
  return counts;
}

/** The topics that a sample has in truth: its own and all that are broader. */
export function trueTopics(topics: readonly TopicName[], chains: TopicChains): Set<string> {
  return new Set(topics.flatMap(({ slug }) => (chains[slug] ?? [{ slug, name: slug }]).map((topic) => topic.slug)));
}
