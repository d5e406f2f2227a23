/** A story as the repository hands it out, for tests of what is made of it without a database. */
import type { FullStory } from '#storage/published-story.repository.js';

export function fullStory(changes: Partial<FullStory> = {}): FullStory {
  return {
    leadingItemId: '018f0000-0000-7000-8000-000000000001',
    id: '01900000-0000-7000-8000-000000000001',
    slug: 'sea-wall',
    version: 1,
    title: 'Council rebuilds the sea wall',
    summary: 'The council voted on Monday.',
    content: '<p>The council voted on Monday.</p>',
    language: 'en',
    image: null,
    sourceName: 'Harbour Daily',
    sourceUrl: 'https://harbour.example/',
    sourceFeedUrl: 'https://harbour.example/feed',
    itemUrl: 'https://harbour.example/wall',
    sortAt: new Date('2026-11-20T10:00:00Z'),
    publishedAt: new Date('2026-11-20T10:00:00Z'),
    updatedAt: new Date('2026-11-20T10:05:00Z'),
    partners: [{ slug: 'harbour', name: 'Harbour Daily' }],
    tags: [],
    authors: [],
    media: [],
    rights: null,
    partnerRights: {},
    ...changes,
  };
}
