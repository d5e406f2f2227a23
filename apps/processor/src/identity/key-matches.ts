/** Which known item a key leads to, when it leads to one story without a doubt. Pure. */
import { normaliseText } from '#domain/normalised-text.js';
import type { ItemInDoubt } from './item-in-doubt.js';
import type { IdentityKey } from './item-keys.js';

/** A key that an item of some story has. */
export interface KnownKey extends IdentityKey {
  itemId: string;
  storyId: string;
  feedId: string;
  partnerId: string;
  partnerName: string;
  isDemo: boolean;
  title: string | null;
}

/** A rule that spoke, and the known key that made it. */
export interface KeyMatch {
  rule: IdentityKey['kind'];
  key: string;
  match: KnownKey;
}

/** Weaker evidence is only asked when stronger says nothing. */
const RULE_ORDER = ['guid', 'url', 'text'] as const;
/** A shorter body that one feed repeats under other headlines is its boilerplate ("This article is for subscribers …"). */
const WORDS_BEYOND_BOILERPLATE = 40;

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

/** Equal text is strong, wherever it comes from; in one partner's feeds a short one needs its headline's agreement. */
function sameText(item: ItemInDoubt, matches: readonly KnownKey[]): KnownKey | undefined {
  const sameTitle = (match: KnownKey): boolean => normaliseText(match.title ?? '') === normaliseText(item.title);
  if (item.words >= WORDS_BEYOND_BOILERPLATE) return oneStory(matches.filter(sameTitle)) ?? matches[0];
  const accepted = matches.filter((match) => match.partnerId !== item.partnerId || sameTitle(match));
  return oneStory(accepted) ?? oneStory(accepted.filter(sameTitle));
}

function oneStory(matches: readonly KnownKey[]): KnownKey | undefined {
  const [first, ...others] = matches;
  return others.every((match) => match.storyId === first?.storyId) ? first : undefined;
}
