/** A day's wire for the chaos test: many stories, most of them carried by several partners under one guid, one URL or one text. */
import type { PartnerItem } from './partner-site.js';

export interface WireItem extends PartnerItem {
  /** The feed that carries it. */
  feed: string;
  /** Copies of one story share this. */
  story: string;
}

/** A small seeded generator (mulberry32): the same seed makes the same day. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const WORDS =
  'harbour council vote bridge ferry budget school storm museum league orchard clinic railway tariff mayor beacon glacier pilot archive market tunnel garden engine chorus lantern quarry festival inquiry summit reservoir'.split(
    ' ',
  );

/** `count` items over `feeds`, in the order of publication; about 60 % of the stories have two to four copies. */
export function wire(count: number, feeds: string[], random: () => number): WireItem[] {
  const items: WireItem[] = [];
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  for (let number = 0; items.length < count; number += 1) {
    const carriers = random() < 0.6 ? 2 + Math.floor(random() * 3) : 1;
    const shared = pick(['guid', 'url', 'text'] as const);
    const first = Math.floor(random() * feeds.length);
    const words = Array.from({ length: 40 }, () => pick(WORDS)).join(' ');
    const story = `story ${number}`;
    for (let copy = 0; copy < Math.min(carriers, count - items.length); copy += 1) {
      const own = `${number}-${copy}`;
      const same = (kind: typeof shared) => (shared === kind ? `${number}` : own);
      items.push({
        feed: feeds[(first + copy) % feeds.length] as string,
        story,
        guid: `urn:wire:${same('guid')}`,
        url: `https://wire.example/news/${same('url')}`,
        title: `Report ${shared === 'text' ? number : own}: ${words.split(' ').slice(0, 4).join(' ')}`,
        body: `Number ${same('text')} of the day. ${words}. ${shared === 'text' ? '' : `Carried by desk ${copy}.`}`,
        publishedAt: new Date(Date.now() - Math.floor(random() * 3_600_000)),
        categories: [pick(['Sport', 'Politics', 'Science', 'Weather'])],
      });
    }
  }
  return items;
}

/** Corrected versions, under the same guids, of `count` items whose stories nobody else carries: each must become the story's. */
export function corrections(items: WireItem[], count: number, random: () => number): WireItem[] {
  const copies = new Map<string, number>();
  for (const { story } of items) copies.set(story, (copies.get(story) ?? 0) + 1);
  const alone = items.filter(({ story }) => copies.get(story) === 1);
  return alone.slice(0, count).map((item) => ({
    ...item,
    title: `Corrected: ${item.title}`,
    body: `${item.body} The number is ${Math.floor(random() * 1_000_000)} now.`,
  }));
}
