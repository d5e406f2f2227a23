/** The newsroom's promises: repeatable, never the same headline twice in 300, finished sentences, lengths of real stories. */
import { arabic } from './arabic.js';
import { blog } from './blog.js';
import { english } from './english/newsroom.js';
import { french } from './french.js';
import { german } from './german.js';
import { tellWireStory } from './languages.js';
import { spanish } from './spanish.js';
import { tellStory } from './tell-story.js';

const stories = Array.from({ length: 300 }, (_, number) => tellWireStory('spec', number));

describe('the wire', () => {
  it('tells the same story for the same seed and number, another for another seed', () => {
    expect(tellWireStory('spec', 17)).toEqual(stories[17]);
    expect(tellWireStory('other', 17)).not.toEqual(stories[17]);
  });

  it.each(['spec', 'a', 'b', '2026'])('has no two same headlines in 300 (seed %s)', (seed) => {
    const headlines = Array.from({ length: 300 }, (_, number) => tellWireStory(seed, number).title);
    expect(new Set(headlines).size).toBe(300);
  });

  it('has no two same paragraphs of text in 300 leads', () => {
    expect(new Set(stories.map((story) => story.paragraphs[0])).size).toBe(300);
  });

  it('writes 3 to 6 paragraphs with no slot left open', () => {
    for (const story of stories) {
      expect(story.paragraphs.length).toBeGreaterThanOrEqual(3);
      expect(story.paragraphs.length).toBeLessThanOrEqual(6);
      expect(JSON.stringify(story.paragraphs)).not.toMatch(/[{}|]|undefined/);
      expect(story.title).not.toMatch(/[{}|]|undefined/);
    }
  });

  it('speaks five languages, mostly English', () => {
    const count = (code: string) => stories.filter((story) => story.language === code).length;
    expect(count('en')).toBe(180);
    expect(['de', 'fr', 'es', 'ar'].map(count)).toEqual([30, 30, 30, 30]);
  });
});

describe('a wrong figure', () => {
  it('is in the first version, and the correction names both', () => {
    const wrong = tellWireStory('spec', 0, true);
    const right = tellWireStory('spec', 0);
    expect(wrong.paragraphs[0]).toContain(wrong.figure);
    expect(right.paragraphs[0]).toContain(right.figure);
    expect(wrong.figure).not.toBe(right.figure);
    expect(right.correctionNote).toContain(wrong.figure);
    expect(right.correctionNote).toContain(right.figure);
    expect(right.correctedTitle).toBe(`CORRECTED: ${right.title}`);
  });
});

describe.each([english, german, french, spanish, arabic, blog])('the $code newsroom', (newsroom) => {
  it('names the place in every headline, the figure in every lead, and has enough to say', () => {
    for (const plot of newsroom.beats.flatMap((beat) => beat.plots)) {
      for (const headline of plot.headlines) expect(headline).toContain('{place}');
      for (const lead of plot.leads) expect(lead).toContain('{n:');
      expect(plot.body.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('can tell every plot', () => {
    for (let order = 0; order < 60; order++) {
      expect(JSON.stringify(tellStory(newsroom, 'all', order))).not.toMatch(/[{|]\w*[|}]|undefined/);
    }
  });
});
