/** Items as partners write them, and what is left to show. */
import type { ParsedItem } from '#contracts/parsed-feed.js';
import { textPrint } from '#domain/text-print.js';
import { cleanItem } from './clean-item.js';

const clean = (facts: Partial<ParsedItem>) =>
  cleanItem({ parsed: { authors: [], categories: [], media: [], ...facts }, at: '2026-11-20T08:00:00.000Z' });

describe('cleanItem', () => {
  it.each([
    ['plain', 'Storm hits coast', 'Storm hits coast'],
    ['mark-up and entities', '<b>Storm</b> hits &amp; runs', 'Storm hits & runs'],
    ['no mark-up after all', 'x < y and 5 > 3', 'x < y and 5 > 3'],
    ['line breaks and tabs', ' Storm\n\thits ', 'Storm hits'],
    ['controls and lone surrogates', 'St\u0000orm\u0007 \ud800hits\u202e', 'Storm \ufffdhits'],
    ['no title: the first sentence', undefined, 'The first sentence.'],
    ['only mark-up', '<br/>', 'The first sentence.'],
  ])('title: %s', (_, title, expected) => {
    const content = '<p>The first sentence.</p>';
    expect(clean(title === undefined ? { content } : { title, content }).title).toBe(expected);
  });

  it('falls back to the address, and refuses what has nothing at all', () => {
    expect(clean({ url: 'https://a.example/b-c' }).title).toBe('a.example/b-c');
    expect(() => clean({})).toThrow(/nothing to show/);
    expect(() => clean({ content: '<script>x</script>', url: 'javascript:x' })).toThrow(/nothing to show/);
  });

  it('takes the partner’s summary without its tail, else whole sentences of the text', () => {
    const content = `<p>${'One more sentence of the article. '.repeat(30)}</p>`;
    expect(
      clean({ title: 't', content, summary: '<p>Short and good […] <a href="https://a.example">Read more →</a></p>' })
        .summary,
    ).toBe('Short and good…');
    const { summary } = clean({ title: 't', content });
    expect(summary).toMatch(/article\.$/);
    expect(summary.length).toBeLessThanOrEqual(300);
    expect(summary.length).toBeGreaterThan(200);
  });

  it.each([
    ['The post <a href="https://a.example/1">Storm</a> appeared first on <a href="https://a.example">A</a>.'],
    ['Der Beitrag <a href="https://a.example/1">Sturm</a> erschien zuerst auf <a href="https://a.example">A</a>.'],
  ])('leaves a blog system’s signature out of the summary: %s', (signature) => {
    const summary = `<p>Short and good [&#8230;]</p>\n<p>${signature}</p>`;
    const content = `<p>Short and good, and longer.</p><p>${signature}</p>`;
    expect(clean({ title: 't', content, summary }).summary).toBe('Short and good…');
    expect(clean({ title: 't', content }).summary).toBe('Short and good, and longer.');
  });

  it('shows the summary as content where there is nothing else', () => {
    expect(clean({ title: 't', summary: '<p>All we have.</p>' })).toMatchObject({
      content: '<p>All we have.</p>',
      summary: 'All we have.',
      bodyText: 'All we have.',
    });
  });

  it('picks the largest image, else the first in the text', () => {
    const media = [
      { url: 'https://a.example/s.jpg', medium: 'image' as const, width: 100 },
      { url: 'https://a.example/l.jpg', medium: 'image' as const, width: 900, credit: ' A\nPhotographer ' },
      { url: 'https://a.example/a.mp3', type: 'audio/mpeg' },
      { url: 'relative.jpg' },
    ];
    const item = clean({ title: 't', media });
    expect(item.image).toEqual({
      url: 'https://a.example/l.jpg',
      credit: 'A Photographer',
      caption: null,
      width: 900,
      height: null,
    });
    expect(item.media).toHaveLength(3);
    const content =
      '<img src="https://a.example/icon.png" width="16"><img src="https://a.example/p.png" alt="A pier" width="640">';
    expect(clean({ title: 't', content }).image).toMatchObject({
      url: 'https://a.example/p.png',
      caption: 'A pier',
      width: 640,
    });
  });

  it('takes no writer’s portrait for the picture of the story', () => {
    const media = [
      { url: 'https://1.gravatar.com/avatar/0123?s=96', medium: 'image' as const },
      { url: 'https://a.example/p.jpg', medium: 'image' as const },
    ];
    expect(clean({ title: 't', media }).image?.url).toBe('https://a.example/p.jpg');
    expect(clean({ title: 't', media: media.slice(0, 1) }).image).toBeNull();
  });

  describe('with boilerplate that may be cut', () => {
    const FOOTER = 'Subscribe to the letter of the harbour.';
    const boilerplate = textPrint(FOOTER).sentences.map(({ hash }) => hash);
    const cut = (facts: Partial<ParsedItem>) =>
      cleanItem({
        parsed: { authors: [], categories: [], media: [], title: 't', ...facts },
        at: '2026-11-20T08:00:00.000Z',
        boilerplate,
      });

    it('cuts it from the content and from the partner’s summary', () => {
      const content = `<p>The ferry sails again.</p><p>${FOOTER}</p>`;
      expect(cut({ content, summary: `The ferry sails. ${FOOTER}` })).toMatchObject({
        content: '<p>The ferry sails again.</p>',
        summary: 'The ferry sails.',
      });
      expect(cut({ content, summary: FOOTER }).summary).toBe('The ferry sails again.');
    });

    it('leaves a picture with the words beneath it', () => {
      const content = `<p><img src="https://a.example/p.jpg" alt="" loading="lazy" /><br />${FOOTER}</p><p>Text.</p>`;
      expect(cut({ content }).content).toBe(content);
    });
  });

  it('bounds what is huge and stays well formed', () => {
    const item = clean({ title: 'x'.repeat(10_000_000), content: `<p>${'<b>word</b> '.repeat(100_000)}</p>` });
    expect(item.title.length).toBeLessThanOrEqual(300);
    expect(item.content.length).toBeLessThan(600_000);
    expect(item.content).toMatch(/<\/p>$/);
    expect(item.bodyText.length).toBeLessThanOrEqual(100_000);
  });
});
