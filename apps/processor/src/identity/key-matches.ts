/** Which known item a key leads to, when it leads to one story without a doubt. Pure. */
import { isSameHeadline } from '#domain/headline-likeness.js';
import type { ItemInDoubt } from './item-in-doubt.js';
import type { IdentityKey } from './item-keys.js';
import { areTwoArticles, WORDS_BEYOND_A_NOTICE } from './repeated-notices.js';

/** A key that an item of some story has. */
export interface KnownKey extends IdentityKey {
  itemId: string;
  storyId: string;
  feedId: string;
  partnerId: string;
  partnerName: string;
  isDemo: boolean;
  /** The item's headline, of text keys only. */
  title: string | null;
  storyTitle: string;
}

/** A rule that spoke, and the known key that made it. */
export interface KeyMatch {
  rule: IdentityKey['kind'];
  key: string;
  match: KnownKey;
}

/** Weaker evidence is only asked when stronger says nothing. */
const RULE_ORDER = ['guid', 'url', 'text'] as const;

export class KnownKeys {
  private readonly index = new Map<string, KnownKey[]>();

  constructor(known: readonly KnownKey[]) {
    for (const key of known) this.add(key);
  }

  add(key: KnownKey): void {
    const name = `${key.kind} ${key.key}`;
    const matches = this.index.get(name);
    if (matches === undefined) this.index.set(name, [key]);
    else matches.push(key);
  }

  /** Every key of the item that leads to one story, the strongest rule first. */
  matches(item: ItemInDoubt): KeyMatch[] {
    return RULE_ORDER.flatMap((rule) =>
      item.keys
        .filter(({ kind }) => kind === rule)
        .flatMap(({ key }) => {
          const known = (this.index.get(`${rule} ${key}`) ?? []).filter((match) => match.isDemo === item.isDemo);
          const match = rule === 'text' ? sameText(item, known) : sameAddress(item, known);
          return match === undefined ? [] : [{ rule, key, match }];
        }),
    );
  }
}

/**
 * A guid or link that the item's own feed uses for another item too (a live blog, an index page, a careless CMS) names
 * neither; one that already leads to several stories names none of them.
 */
function sameAddress(item: ItemInDoubt, matches: readonly KnownKey[]): KnownKey | undefined {
  if (matches.some((match) => match.feedId === item.feedId && match.itemId !== item.id)) return undefined;
  return oneStory(matches);
}

/** Equal text is strong, wherever it comes from; one that some partner repeats under other headlines needs the headline's agreement. */
function sameText(item: ItemInDoubt, matches: readonly KnownKey[]): KnownKey | undefined {
  const titled = matches.map((match) => ({ ...match, title: match.title ?? '' }));
  const sameTitle = titled.filter(({ title }) => isSameHeadline(title, item.title));
  if (item.words >= WORDS_BEYOND_A_NOTICE) return oneStory(sameTitle) ?? matches[0];
  const isNotice = titled.some(
    (match, i) => areTwoArticles(item, match) || titled.slice(0, i).some((other) => areTwoArticles(match, other)),
  );
  return (isNotice ? undefined : oneStory(matches)) ?? oneStory(sameTitle);
}

function oneStory(matches: readonly KnownKey[]): KnownKey | undefined {
  const [first, ...others] = matches;
  return others.every((match) => match.storyId === first?.storyId) ? first : undefined;
}
