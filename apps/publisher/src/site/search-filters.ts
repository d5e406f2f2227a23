/** The filters beside a search: which of the asked ones exist, and what there is to choose from. */
import { Injectable } from '@nestjs/common';
import type { StoryCard } from '#storage/published-story.repository.js';
import { type PublicPartner, type PublicTag, SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { type AskedSearch, searchQuery, type SearchProblem, tagOf, withoutFilter } from '../serving/asked-search.js';
import { ContentVersion } from '../serving/content-version.js';
import type { Edition } from './editions.js';

/** A choice of a list; `value` as the address has it. */
interface Choice {
  value: string;
  name: string;
  chosen: boolean;
}

/** A filter in force and the search without it; or a tag that narrows the search down. */
interface FilterLink {
  name: string;
  path: string;
}

export interface ShownFilters {
  partners: Choice[];
  languages: Choice[];
  active: FilterLink[];
  narrower: FilterLink[];
}

/** A search that can be done, with its tag as it is called here. */
interface KnownSearch {
  asked: AskedSearch;
  problems: SearchProblem[];
  tag: PublicTag | undefined;
}

/** What all searches choose from. */
interface Lists {
  languages: string[];
  every: PublicPartner[];
}

/** With more partners than this, only those of the stories at hand are offered. */
const MOST_PARTNERS = 100;
const NARROWER_TAGS = 8;

@Injectable()
export class SearchFilters {
  private listed: { version: string; lists: Promise<Lists> } | undefined;

  constructor(
    private readonly directory: SiteDirectoryRepository,
    private readonly contentVersion: ContentVersion,
  ) {}

  /** The search without a tag or partner that is not here: those become problems. `tag` is the one that it keeps. */
  async known(asked: AskedSearch, problems: readonly SearchProblem[]): Promise<KnownSearch> {
    const tag = tagOf(asked);
    const [knownTag, partner] = await Promise.all([
      tag && this.directory.tag(tag.scheme, tag.slug),
      asked.partner === undefined ? undefined : this.directory.partner(asked.partner),
    ]);
    const gone: ('tag' | 'partner')[] = [];
    if (tag !== undefined && knownTag === undefined) gone.push('tag');
    if (asked.partner !== undefined && partner?.mayBeNamed !== true) gone.push('partner');
    if (gone.length === 0) return { asked, problems: [...problems], tag: knownTag };
    return {
      asked: withoutFilter(asked, ...gone),
      problems: [...problems, ...gone.map((kind) => ({ kind, text: asked[kind] ?? '' }))],
      tag: knownTag,
    };
  }

  /** `tag`: the one that is asked for; `stories`: those that the page shows. */
  async shown(
    { asked, tag }: Pick<KnownSearch, 'asked' | 'tag'>,
    stories: readonly StoryCard[],
    { t, dates }: Edition,
  ): Promise<ShownFilters> {
    const { languages, every } = await this.lists();
    const nameOf = languageNames(t.locale);
    const near = new Set(stories.flatMap((story) => story.partners.map(({ slug }) => slug)));
    const partners = every
      .filter(({ slug }) => every.length <= MOST_PARTNERS || near.has(slug) || slug === asked.partner)
      .map(({ slug, name }) => ({ value: slug, name, chosen: slug === asked.partner }));
    const without = (name: string, ...filters: Parameters<typeof withoutFilter>[1][]): FilterLink => ({
      name,
      path: `/search?${searchQuery(withoutFilter(asked, ...filters))}`,
    });
    const day = (text: string): string => dates.day(new Date(text));
    return {
      partners,
      languages: [...new Set([...languages, ...(asked.language === undefined ? [] : [asked.language])])]
        .map((code) => ({ value: code, name: nameOf(code), chosen: code === asked.language }))
        .sort((a, b) => a.name.localeCompare(b.name, t.locale)),
      active: [
        ...(tag === undefined ? [] : [without(tag.name, 'tag')]),
        ...partners.filter(({ chosen }) => chosen).map(({ name }) => without(name, 'partner')),
        ...(asked.language === undefined ? [] : [without(nameOf(asked.language), 'language')]),
        ...(asked.from === undefined ? [] : [without(`${t.filterFrom} ${day(asked.from)}`, 'from')]),
        ...(asked.until === undefined ? [] : [without(`${t.filterUntil} ${day(asked.until)}`, 'until')]),
      ],
      narrower: asked.tag === undefined ? narrower(asked, stories) : [],
    };
  }

  /** Read once a version of the content. A failure is not remembered. */
  private lists(): Promise<Lists> {
    const version = this.contentVersion.current();
    if (this.listed?.version === version) return this.listed.lists;
    const lists = Promise.all([this.directory.languages(), this.directory.partners()]).then(([languages, every]) => ({
      languages,
      every,
    }));
    this.listed = { version, lists };
    lists.catch(() => {
      if (this.listed?.lists === lists) this.listed = undefined;
    });
    return lists;
  }
}

/** The tags that most of the stories at hand share, where that tells some of them from the others. */
function narrower(asked: AskedSearch, stories: readonly StoryCard[]): FilterLink[] {
  const counts = new Map<string, { name: string; count: number }>();
  for (const { scheme, slug, name } of stories.flatMap((story) => story.tags)) {
    const tag = `${scheme}/${slug}`;
    counts.set(tag, { name, count: (counts.get(tag)?.count ?? 0) + 1 });
  }
  return [...counts]
    .filter(([, { count }]) => count > 1 && count < stories.length)
    .sort(([, a], [, b]) => b.count - a.count || a.name.localeCompare(b.name))
    .slice(0, NARROWER_TAGS)
    .map(([tag, { name }]) => ({ name, path: `/search?${searchQuery({ ...asked, tag })}` }));
}

function languageNames(locale: string): (code: string) => string {
  const names = new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' });
  return (code) => names.of(code) ?? code;
}
