/** What rules name that there is not: a mistyped slug would make a rule that never holds, and nobody would notice. */
import { Injectable } from '@nestjs/common';
import type { RuleAction, RuleCondition } from '#contracts/rule.js';
import { conditionLeaves } from '#domain/condition-in-words.js';
import { feedKey, isFeedId } from '#domain/rule-facts.js';
import { type RuleNameKind, type RuleNameLists, RuleNamesRepository } from '#storage/rule-names.repository.js';
import { type ProblemException, unprocessable } from './problem.js';
import { TopicList } from './topic-list.js';

interface Draft {
  condition?: RuleCondition | undefined;
  actions?: readonly RuleAction[] | undefined;
}

/** What is called nearly so is looked for of so many names at a time: each costs a look at all that there are. */
const MAX_NEAREST = 10;

@Injectable()
export class RuleNames {
  constructor(
    private readonly repository: RuleNamesRepository,
    private readonly topics: TopicList,
  ) {}

  /**
   * Why a rule is not to be stored: a partner, a feed's id or a channel that there is not. Each of these can be made first. A feed's URL may
   * be the one of a feed to come, whose first items the rule is there for: `notes` speak of it.
   */
  async refusal({ condition, actions }: Draft): Promise<ProblemException | undefined> {
    const unknown = await this.repository.unknown(namesIn({ condition, actions }));
    const [partner] = unknown.partners;
    if (partner !== undefined)
      return unprocessable('no-such-partner', [
        {
          path: 'condition',
          message: `there is no partner ${quoted(partner)}${await this.meant('partners', partner)}: GET /api/v1/partners lists them, POST /api/v1/partners makes one before its first feed`,
        },
      ]);
    const [feed] = unknown.feedIds;
    if (feed !== undefined)
      return unprocessable('no-such-feed', [
        { path: 'condition', message: `there is no feed ${feed}: GET /api/v1/feeds lists them` },
      ]);
    const [channel] = unknown.channels;
    if (channel === undefined) return undefined;
    const index = actions?.findIndex((action) => action.kind === 'route' && action.channel === channel) ?? 0;
    return unprocessable('no-such-channel', [
      {
        path: `actions.${index}.channel`,
        message: `there is no channel ${quoted(channel)}${await this.meant('channels', channel)}: make it first, with POST /api/v1/channels`,
      },
    ]);
  }

  /** What about each of these rules an operator should know, in their order. */
  async notes(rules: readonly { condition: RuleCondition; actions: readonly RuleAction[] }[]): Promise<string[][]> {
    const lists = rules.map(namesIn);
    const unknown = await this.repository.unknown(joined(lists));
    const words = new Map<string, string>();
    for (const kind of ['partners', 'feedIds', 'feedUrls', 'channels'] as const)
      for (const name of unknown[kind])
        words.set(`${kind} ${name}`, inWords(kind, name, words.size < MAX_NEAREST ? await this.meant(kind, name) : ''));
    return rules.map(({ actions }, index) => [
      ...Object.entries(lists[index] ?? {}).flatMap(([kind, names]) =>
        (names as string[]).flatMap((name) => words.get(`${kind} ${name}`) ?? []),
      ),
      ...actions.flatMap((action) => this.topicNote(action)),
    ]);
  }

  private async meant(kind: RuleNameKind, name: string): Promise<string> {
    const nearest = await this.repository.nearest(kind, name);
    return nearest === undefined ? '' : ` (did you mean ${quoted(nearest)}?)`;
  }

  /** A topic that is none of IPTC's may be wanted; more often it is another name of one that is there. */
  private topicNote(action: RuleAction): string[] {
    if ((action.kind !== 'tag' && action.kind !== 'untag') || action.scheme !== 'topic') return [];
    const known = this.topics.find(action.name);
    if (known?.name.toLowerCase() === action.name.toLowerCase()) return [];
    const meant =
      known === undefined ? '; GET /api/v1/topics?q= finds those' : `. The one that it names is ${quoted(known.name)}`;
    return [`${quoted(action.name)} is the name of no IPTC Media Topic${meant}.`];
  }
}

function namesIn({ condition, actions = [] }: Draft): RuleNameLists {
  const leaves = condition === undefined ? [] : conditionLeaves(condition);
  const feeds = leaves.flatMap((leaf) => (leaf.kind === 'feed' ? leaf.feeds.map(feedKey) : []));
  return distinct({
    partners: leaves.flatMap((leaf) => (leaf.kind === 'partner' ? leaf.partners : [])),
    feedIds: feeds.filter(isFeedId),
    feedUrls: feeds.filter((feed) => !isFeedId(feed)),
    channels: actions.flatMap((action) => (action.kind === 'route' ? [action.channel] : [])),
  });
}

function joined(lists: readonly RuleNameLists[]): RuleNameLists {
  return distinct({
    partners: lists.flatMap(({ partners }) => partners),
    feedIds: lists.flatMap(({ feedIds }) => feedIds),
    feedUrls: lists.flatMap(({ feedUrls }) => feedUrls),
    channels: lists.flatMap(({ channels }) => channels),
  });
}

function distinct({ partners, feedIds, feedUrls, channels }: RuleNameLists): RuleNameLists {
  const once = (names: string[]): string[] => [...new Set(names)];
  return { partners: once(partners), feedIds: once(feedIds), feedUrls: once(feedUrls), channels: once(channels) };
}

function inWords(kind: RuleNameKind, name: string, meant: string): string {
  switch (kind) {
    case 'partners':
      return `There is no partner ${quoted(name)}${meant}: no item is from it.`;
    case 'feedIds':
      return `There is no feed ${name}: no item is from it.`;
    case 'feedUrls':
      return `No feed has the URL ${quoted(name)}${meant}: until one has, no item is from it.`;
    case 'channels':
      return `There is no channel ${quoted(name)}${meant}: nothing is put into it.`;
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
