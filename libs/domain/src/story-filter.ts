/** Decides whether a story belongs to a channel or is for an endpoint, by the facts that filters speak of. */
import type { EndpointFilter, StoryFilter } from '#contracts/channel-filter.js';
import { languageAsked } from './language-tag.js';

/** What a filter can ask of a story. `tags`: SCHEME/SLUG; `partners`, `channels`: slugs; `language`: BCP 47 or null. */
export interface StoryFacts {
  tags: readonly string[];
  partners: readonly string[];
  language: string | null;
  /** The channels that hold the story; only endpoints' filters ask. */
  channels?: readonly string[];
  /** The kinds of media that come with it. */
  media?: readonly string[];
  /** Whether its text has what the filter's lists of words ask: Postgres knows, by its search index. */
  hasWords?: boolean;
  /** How many partners carry it now, where `partners` are those of an older moment. */
  carriers?: number;
  /** Since it was published. */
  ageHours?: number;
}

export function asksForWords({ words = [], allWords = [], noWords = [] }: StoryFilter): boolean {
  return words.length + allWords.length + noWords.length > 0;
}

/**
 * All given conditions must hold; within a list one match is enough. An absent condition and an empty list ask
 * nothing. A story of unknown language fits no list of languages.
 */
export function matchesFilter(filter: EndpointFilter & StoryFilter, facts: StoryFacts): boolean {
  return (
    filter.onlyRouted !== true &&
    anyOf(filter.tags, facts.tags) &&
    anyOf(filter.partners, facts.partners) &&
    anyOf(filter.languages?.map(languageAsked), facts.language === null ? [] : [primaryLanguage(facts.language)]) &&
    anyOf(filter.channels, facts.channels ?? []) &&
    (filter.allTags ?? []).every((tag) => facts.tags.includes(tag)) &&
    !(filter.noTags ?? []).some((tag) => facts.tags.includes(tag)) &&
    anyOf(filter.media, facts.media ?? []) &&
    (facts.carriers ?? facts.partners.length) >= (filter.minPartners ?? 0) &&
    (facts.ageHours ?? 0) < (filter.maxAgeHours ?? Infinity) &&
    (!asksForWords(filter) || facts.hasWords === true)
  );
}

/** `en` of `en-GB`: filters name primary subtags only. */
function primaryLanguage(language: string): string {
  return language.split('-', 1)[0]?.toLowerCase() ?? '';
}

function anyOf(wanted: readonly string[] | undefined, present: readonly string[]): boolean {
  return wanted === undefined || wanted.length === 0 || wanted.some((value) => present.includes(value));
}
