import type { FanOutChannel, FanOutStory } from '#storage/fan-out-facts.js';
import { channelMembership } from './channel-membership.js';

const SPORT: FanOutChannel = {
  id: 'c-sport',
  slug: 'sport',
  formerSlugs: ['games'],
  filter: { tags: ['topic/sport'] },
};
const ENGLISH: FanOutChannel = { id: 'c-english', slug: 'english', formerSlugs: [], filter: { languages: ['en'] } };
const CHANNELS = [SPORT, ENGLISH];
const STORY: FanOutStory = {
  id: 's1',
  published: true,
  sortAt: new Date(0),
  language: 'en',
  partners: ['agency'],
  tags: ['topic/sport'],
  channels: [],
  routes: [],
  worded: [],
  media: [],
  ageHours: 1,
};

test('a new story joins the channels whose filter it fits', () => {
  expect(channelMembership({ stories: [STORY], channels: CHANNELS })).toEqual({
    joins: [
      { channelId: 'c-sport', storyId: 's1', sortAt: new Date(0) },
      { channelId: 'c-english', storyId: 's1', sortAt: new Date(0) },
    ],
    leaves: [],
    changed: ['c-english', 'c-sport'],
  });
});

test('a story whose tags changed moves; a channel it stays in shows its new text', () => {
  const moved = { ...STORY, tags: [], channels: ['c-sport', 'c-english'] };
  expect(channelMembership({ stories: [moved], channels: CHANNELS })).toEqual({
    joins: [],
    leaves: [{ channelId: 'c-sport', storyId: 's1' }],
    changed: ['c-english', 'c-sport'],
  });
});

test('a withdrawn story leaves every channel', () => {
  const withdrawn = { ...STORY, published: false, channels: ['c-english'] };
  expect(channelMembership({ stories: [withdrawn], channels: CHANNELS })).toEqual({
    joins: [],
    leaves: [{ channelId: 'c-english', storyId: 's1' }],
    changed: ['c-english'],
  });
});

test('what has nothing to do with a channel does not move its version', () => {
  const foreign = { ...STORY, language: 'de', tags: [] };
  expect(channelMembership({ stories: [foreign], channels: CHANNELS })).toEqual({ joins: [], leaves: [], changed: [] });
});

test('a rule routes a story, by an old slug too, into a channel whose filter it does not fit, and into one that takes nothing else', () => {
  const picks = { id: 'c-picks', slug: 'picks', formerSlugs: [], filter: { onlyRouted: true as const } };
  const channels = [SPORT, picks];
  const foreign = { ...STORY, tags: [], channels: [] };
  expect(channelMembership({ stories: [foreign], channels }).joins).toEqual([]);
  const routed = { ...foreign, routes: ['picks', 'games'] };
  expect(channelMembership({ stories: [routed], channels }).joins.map(({ channelId }) => channelId)).toEqual([
    'c-sport',
    'c-picks',
  ]);
});
