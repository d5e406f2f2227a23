import { extractArticle } from './extract-article.js';

const page = (base: string): Parameters<typeof extractArticle>[0] => ({
  bytes: Buffer.from(
    `<html><head><base href="${base}"><title>T</title></head><body><article>${'<p>The ferry leaves at noon, and comes back in the evening, <a href="a">as ever</a>, with the mail.</p>'.repeat(500)}</article></body></html>`,
  ),
  contentType: 'text/html',
  url: 'http://partner.example/1',
});

test('an article is found, with its addresses made absolute', () => {
  expect(extractArticle(page('http://partner.example/news/'))?.html).toContain('href="http://partner.example/news/a"');
});

test('one that its base makes enormous is none', () => {
  expect(() => extractArticle(page(`http://partner.example/${'x'.repeat(5_000)}/`))).toThrow(
    'its article has more than a million characters',
  );
});
