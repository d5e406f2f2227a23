import fc from 'fast-check';
import { StoryWindow } from './story-window.js';
import { packTerms } from './term-weights.js';

const FADING = { fullDays: 3, halfLifeDays: 7, floor: 0.6 };
const DAY_MS = 86_400_000;

const story = fc.record({
  words: fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 20 }),
  day: fc.integer({ min: 0, max: 40 }),
});

describe('StoryWindow', () => {
  it('finds stories as alike all at once as one by one', () => {
    fc.assert(
      fc.property(fc.array(story, { minLength: 1, maxLength: 12 }), fc.nat(), (stories, left) => {
        const window = new StoryWindow(FADING);
        stories.forEach(({ words, day }, at) =>
          window.put({
            id: `story ${at}`,
            at: day * DAY_MS,
            terms: packTerms(new Map(words.map((word) => [`word ${word}`, 1 + (word % 3)]))),
          }),
        );
        window.settle();
        // Some of the window only, and not in its order.
        const ids = stories.map((_, at) => `story ${at}`).reverse();
        ids.splice(left % ids.length, 1);
        const oneByOne = ids.flatMap((id, row) => window.likenesses(id, ids.slice(0, row)));
        const atOnce = [...window.likenessesAmong(ids)];
        expect(atOnce).toHaveLength(oneByOne.length);
        atOnce.forEach((likeness, at) => expect(likeness).toBeCloseTo(oneByOne[at]?.likeness ?? -1, 5));
      }),
    );
  });
});
