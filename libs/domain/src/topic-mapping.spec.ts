/** Operators' mappings over the shipped names of topics. */
import { readFileSync } from 'node:fs';
import { projectFile } from '#config/project-file.js';
import { type MediaTopic, topicIndex } from './topic-index.js';
import { categoryKey, mappedTopics, type TopicMapping } from './topic-mapping.js';

const topics = JSON.parse(readFileSync(projectFile('libs/domain/data/mediatopics.json'), 'utf8')) as MediaTopic[];
const shipped = topicIndex(topics);
const mapping = (partnerId: string | null, category: string, topic: string | null): TopicMapping => ({
  partnerId,
  categoryKey: categoryKey(category),
  code: topic === null ? null : (shipped(topic)?.code ?? 'medtop:99999999'),
});
const index = mappedTopics(topics, shipped, [
  mapping(null, 'Footy & more', 'soccer'),
  mapping('p1', 'footy and more', 'sport'),
  mapping('p2', 'Footy & More', null),
  mapping(null, 'Music', null),
  mapping('p1', 'Music', 'music'),
  mapping(null, 'Health', 'a topic that is no longer there'),
]);

test.each([
  ['a general mapping holds for everybody', 'FOOTY  &  more!', undefined, 'soccer'],
  ['and for a partner without one of its own', 'Footy and more', 'p9', 'soccer'],
  ['a partner’s own mapping comes first', 'Footy & more', 'p1', 'sport'],
  ['also when it says that there is no topic', 'Footy & more', 'p2', null],
  ['a mapping takes a shipped name away', 'Music', 'p2', null],
  ['but for the partner who means it', 'Music', 'p1', 'music'],
  ['what nobody mapped is as shipped', 'Wirtschaft', 'p1', 'economy, business and finance'],
  ['a code that is gone leaves what ships', 'Health', undefined, 'health'],
  ['the unknown stays unknown', 'Kelso Bay', 'p1', undefined],
])('%s', (_, category, partnerId, name) => {
  const found = index(category, partnerId);
  expect(found === null ? null : found?.name).toBe(name);
});

test('without mappings the shipped names answer', () => {
  expect(mappedTopics(topics, shipped, [])('Sport')?.name).toBe('sport');
});
