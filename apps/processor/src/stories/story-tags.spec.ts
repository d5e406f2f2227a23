/** Which tags a story has room for, and whose may go. */
import type { StateTag, StoryState } from '#storage/story-state.repository.js';
import type { LeadOffer } from './lead-offer.js';
import { tagsOf } from './rebuild-story.js';
import { broughtTags, mergeTags } from './story-tags.js';

const tag = (slug: string, source: string, scheme: StateTag['scheme'] = 'keyword'): StateTag => ({
  ...{ id: `${scheme}/${slug}`, scheme, slug, name: slug, source, confidence: 1 },
});
const many = (count: number, of: string, source: string): StateTag[] =>
  Array.from({ length: count }, (_, place) => tag(`${of}-${place}`, source));

test('the topic of a text that names more than a story has room for is kept', () => {
  const named = many(60, 'name', 'named in the text (Zog)');
  const lead = { tags: [...named, tag('sport', 'classifier v1', 'topic')] };
  const tags = mergeTags([], broughtTags([lead], lead));
  expect(tags).toHaveLength(40);
  expect(tags).toContainEqual(expect.objectContaining({ slug: 'sport' }));
});

test('what rules give has room of its own, which does not grow with every copy that brings some', () => {
  const crowd = mergeTags([], many(50, 'partner', 'partner category "Zog" (Post)'));
  const once = mergeTags(crowd, many(30, 'one', 'rule "One"'));
  expect(once).toHaveLength(60);
  expect(mergeTags(once, many(30, 'two', 'rule "Two"'))).toEqual(once);
});

test('a topic that the classifier had guessed is the partner’s that names it, also among others that it names', () => {
  const offer = (...tags: StateTag[]) => ({ isHidden: false, ready: { tags } }) as unknown as LeadOffer;
  const guess = tag('tennis', 'classifier v1', 'topic');
  const state = { tags: [guess], refusedTags: [] as string[] } as StoryState;
  const lead = offer(guess);
  const named = ['tennis', 'health'].map((topic) => tag(topic, 'partner category "Zog" (Post)', 'topic'));
  expect(tagsOf(state, lead, [lead, offer(...named)])).toEqual(named);
  expect(tagsOf({ ...state, tags: named }, lead, [lead])).toEqual([guess]);
});
