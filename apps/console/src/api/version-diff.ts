/** What differs between two versions of a story, as a person reads it. Pure; its cost is bounded. */
import { type DiffPiece, wordDiff } from '#domain/word-diff.js';
import type { StoryVersionDetail } from '#storage/story-version.repository.js';

export interface NamesDiff {
  added: string[];
  removed: string[];
}

export interface VersionDiff {
  title: DiffPiece[];
  text: DiffPiece[];
  tags: NamesDiff;
  partners: NamesDiff;
  media: NamesDiff;
  rights: { before: string | null; after: string | null } | null;
}

export function versionDiff(before: StoryVersionDetail, after: StoryVersionDetail): VersionDiff {
  const key = ({ scheme, slug }: { scheme: string; slug: string }): string => `${scheme}/${slug}`;
  return {
    title: wordDiff(before.title, after.title),
    text: wordDiff(before.body_text ?? '', after.body_text ?? ''),
    tags: namesDiff((before.tags ?? []).map(key), (after.tags ?? []).map(key)),
    partners: namesDiff(
      (before.partners ?? []).map(({ slug }) => slug),
      (after.partners ?? []).map(({ slug }) => slug),
    ),
    media: namesDiff(mediaOf(before), mediaOf(after)),
    rights: before.rights === after.rights ? null : { before: before.rights, after: after.rights },
  };
}

function namesDiff(before: readonly string[], after: readonly string[]): NamesDiff {
  return {
    added: after.filter((name) => !before.includes(name)),
    removed: before.filter((name) => !after.includes(name)),
  };
}

function mediaOf({ image, media }: StoryVersionDetail): string[] {
  return [...new Set([...(image === null ? [] : [image.url]), ...(media ?? []).map(({ url }) => url)])];
}
