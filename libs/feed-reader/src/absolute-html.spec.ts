/** Addresses in HTML made absolute, everything else left alone. */
import { absoluteHtml } from './absolute-html.js';

it.each([
  ['<a href="x?a=1&amp;b=2">x</a>', '<a href="https://p.example/d/x?a=1&amp;b=2">x</a>'],
  [`<img alt='a' src='/y.png'>`, `<img alt='a' src="https://p.example/y.png">`],
  ['<img src=z.png>', '<img src="https://p.example/d/z.png">'],
  [
    '<video src="//cdn.example/v.mp4" poster="p.jpg"></video>',
    '<video src="https://cdn.example/v.mp4" poster="https://p.example/d/p.jpg"></video>',
  ],
  ['<img srcset="a.png 1x, /b.png 2x">', '<img srcset="https://p.example/d/a.png 1x, https://p.example/b.png 2x">'],
  ...[
    '<a href="https://q.example/">x</a>',
    '<a href="#note">x</a>',
    '<a href="mailto:a@b.example">x</a>',
    '<a href="">x</a>',
  ].map((same) => [same, same]),
  ...[
    '<a href="http://[bad">x</a>',
    'href="x" in text',
    '1 < 2 href="x"',
    '<p data-href="x">',
    '<a title="href=x">',
  ].map((same) => [same, same]),
])('turns %s into %s', (html, absolute) => {
  expect(absoluteHtml(html ?? '', 'https://p.example/d/e')).toBe(absolute);
});

it('changes nothing without a base', () => {
  expect(absoluteHtml('<a href="x">', undefined)).toBe('<a href="x">');
});
