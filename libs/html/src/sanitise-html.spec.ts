/** Sanitising: what passes, what is stripped, and that no input whatever leaves anything active. */
import fc from 'fast-check';
import { expectCpuBelow } from '../../../test/support/cpu-time.js';
import { boundHtml } from './bound-html.js';
import { htmlText, sanitisedText } from './html-text.js';
import { safeUrl, sanitiseHtml } from './sanitise-html.js';

const link = (href: string, text = 'x') => `<a href="${href}" rel="nofollow ugc noopener">${text}</a>`;

describe('sanitiseHtml', () => {
  it.each([
    ['paragraphs and emphasis', '<p>One <b>two</b> <em>three</em></p>', '<p>One <b>two</b> <em>three</em></p>'],
    ['classes, ids and styles', '<p class="x" id="y" style="color:red">a</p>', '<p>a</p>'],
    ['unknown tags, their text stays', '<section><font>a</font><blink>b</blink></section>', 'ab'],
    ['scripts with all that is in them', 'a<script>alert(1)</script>b<style>p{}</style>c', 'abc'],
    ['event handlers', '<p onclick="x()" onmouseover=x>a</p>', '<p>a</p>'],
    ['forms', '<form action="/x"><input name="q"><button>Go</button></form>', 'Go'],
    ['frames and objects', '<iframe src="https://a.example">x</iframe><object>y</object><embed src="z">', ''],
    ['svg and math', '<svg><a href="javascript:x">y</a></svg><math><mi>z</mi></math>', ''],
    ['comments', 'a<!-- <p> -->b', 'ab'],
    ['headings of the page', '<h1>a</h1><h2>b</h2>', '<h2>a</h2><h2>b</h2>'],
    [
      'good links',
      '<a href="https://a.example/b?c=d&amp;e" target=_blank>x</a>',
      link('https://a.example/b?c=d&amp;e'),
    ],
    ['mail links', '<a href="mailto:a@b.example">x</a>', link('mailto:a@b.example')],
    ['script links', '<a href="javascript:alert(1)">x</a>', 'x'],
    ['disguised script links', '<a href=" jAvA&#10;script:alert(1)">x</a>', 'x'],
    ['data links', '<a href="data:text/html,x">x</a>', 'x'],
    ['relative links', '<a href="/b">x</a><a href="//b.example">y</a>', 'xy'],
    ['links without address', '<a name="top">x</a>', 'x'],
    ['what follows a dropped link', '<a name="top">x</a><b>y</b><p>z</p>', 'x<b>y</b><p>z</p>'],
    [
      'links in links',
      '<a>u<a href="https://a.example/v">v</a>w</a><a href="https://a.example/x">x<a>y</a></a>',
      `u${link('https://a.example/v', 'v')}w${link('https://a.example/x', 'xy')}`,
    ],
    ['what follows a dropped image', '<img src="data:x"><b>y</b><p>z</p>', '<b>y</b><p>z</p>'],
    [
      'images',
      '<img src="https://a.example/p.jpg" width="600" onerror="x()" style="width:9px" srcset="x 2x">',
      '<img src="https://a.example/p.jpg" alt="" width="600" loading="lazy" />',
    ],
    ['tracking pixels by size', '<img src="https://a.example/p" width="1" height=1>', ''],
    ['tracking pixels by style', '<img src="https://a.example/p" style="display: none">', ''],
    ['tracking pixels by host', '<img src="https://pixel.wp.com/g.gif">', ''],
    ['data images', '<img src="data:image/png;base64,AAAA">', ''],
    ['relative images', '<img src="p.jpg">', ''],
    [
      'tables',
      '<table><tr><td colspan="2" onclick=x>a</td></tr></table>',
      '<table><tr><td colspan="2">a</td></tr></table>',
    ],
    ['direction', '<p dir="rtl" lang="he">א</p>', '<p dir="rtl">א</p>'],
    ['quotations', '<blockquote cite="javascript:x">a</blockquote>', '<blockquote>a</blockquote>'],
    ['what is left open', '<p><b>a', '<p><b>a</b></p>'],
    ['stray angle brackets', 'a < b > c & d', 'a &lt; b &gt; c &amp; d'],
    ['noscript', '<noscript><img src=x onerror=alert(1)></noscript>', ''],
    ['template', '<template><p>x</p></template>', ''],
    ['soft hyphens in entities', '<p>Bundes&shy;kanz&#173;ler</p>', '<p>Bundeskanzler</p>'],
    ['controls and overrides in entities', '<p title="x">a&#8;b&#x202e;c&#xfeff;</p>', '<p>abc</p>'],
    ['frames that end at once', '<p>a</p><iframe src="https://a.example/v" /><p>b</p>', '<p>a</p><p>b</p>'],
    ['scripts that end at once', 'a<script async="async" src="https://a.example/s.js"/>b<script/>c', 'abc'],
    ['frames with an address that ends in a slash', 'a<iframe src=https://a.example/>x</iframe>b', 'ab'],
  ])('%s', (_, html, clean) => expect(sanitiseHtml(html)).toBe(clean));

  const hostile = [
    '<div>'.repeat(100_000),
    '&lt;'.repeat(100_000),
    '<a '.repeat(50_000),
    `<p ${'x=1 '.repeat(100_000)}>`,
    '<![CDATA['.repeat(20_000),
    '<table><tr><td>'.repeat(10_000),
    `<a href="https://a.example/${'x'.repeat(400_000)}">y</a>`,
    '<img>xxxxx'.repeat(50_000),
    `<svg>${'<path/>'.repeat(70_000)}`,
    `<style><svg></style>${'<b/>'.repeat(100_000)}`,
    `<svg>${'<path/></x>'.repeat(45_000)}`,
  ];
  it.each(hostile.map((html, i) => [i, html] as const))('hostile input %i ends in time', async (_, html) => {
    await expectCpuBelow(3_000, () => sanitiseHtml(boundHtml(html)));
  });

  it('leaves nothing active, whatever comes in, and changes nothing the second time', () => {
    const parts = fc.constantFrom(
      ...[
        '<',
        '>',
        '"',
        "'",
        '/',
        '=',
        ' ',
        '&',
        '<a href=',
        '<img src=',
        'javascript:',
        'https://a.example/',
        '<script>',
        '</script>',
      ],
      ...[
        'onerror=x',
        '<svg',
        '<style>',
        '<!--',
        '-->',
        '<p',
        '</p>',
        '&#x6a;',
        '\u0000',
        '\n',
        '`',
        'x',
        '<b>',
        '<math><mi>',
        '<a>',
        '</a>',
        '</b>',
        '<img>',
      ],
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (pieces) => {
        const clean = sanitiseHtml(pieces.join(''));
        expect(clean).not.toMatch(/<(?!\/?(p|b|a|img)\b)/);
        expect(clean).not.toMatch(/<[^>]*\s(on\w+|style)=/i);
        expect(clean).not.toMatch(/(href|src)="(?!https:\/\/a\.example\/)/);
        expect(sanitiseHtml(clean)).toBe(clean);
        expect(openTags(clean)).toEqual([]);
        expect(sanitisedText(clean, 10_000)).toBe(htmlText(clean, 10_000));
      }),
      { numRuns: 500 },
    );
  });
});

/** Tags that are not closed by their own, in the right order. */
function openTags(html: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = ''] of html.matchAll(/<(\/?)([a-z0-9]+)(?:(?!\/>)[^>])*>/g))
    if (slash === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else open.push(`/${name}`);
  return open;
}

describe('boundHtml', () => {
  const text = '<p>Text behind it.</p>';
  it.each([
    ['a drawing of many shapes', `<svg><title>Map</title><g>${'<path d="M0 0"/>'.repeat(2_000)}</g></svg>`],
    ['a formula of many parts', `<math>${'<mspace width="1em" />'.repeat(2_000)}</math>`],
    ['a picture in its address', `<img src="data:image/png;base64,${'iVBORw0K'.repeat(90_000)}=">`],
  ])('keeps the text behind %s', (_, html) => expect(sanitiseHtml(boundHtml(html + text))).toBe(text));

  it.each([
    ['open elements', '<b>', '<b>'],
    ['shapes outside drawings', '<path/>', ''],
    ['shapes in HTML within a drawing', '<path/>', '<svg><desc>'],
    ['far too many shapes', '<path/>', '<svg>'],
  ])('cuts before %s go too deep', (_, element, before) => {
    expect(boundHtml(before + element.repeat(20_000) + text)).not.toContain('Text');
  });
});

describe('htmlText', () => {
  it.each([
    ['<p>One</p><p>two&nbsp;&amp; three</p>', 'One\ntwo & three'],
    ['a<br>b<script>c</script><style>d</style>', 'a\nb'],
    ['<table><tr><td>1</td><td>2</td></tr></table>', '1 2'],
    ['<ul><li>a</li><li>b <b>c</b>d</li></ul>', 'a\nb cd'],
    ['', ''],
  ])('%s', (html, text) => expect(htmlText(html, 1_000)).toBe(text));

  it('stops where it should', () => expect(htmlText('abc'.repeat(10), 7)).toBe('abcabca'));
});

test('safeUrl refuses what is no absolute web address', () => {
  expect(safeUrl('HTTP://A.example/ä')).toBe('http://a.example/%C3%A4');
  for (const url of [
    '/x',
    'x',
    'ftp://a.example',
    'javascript:x',
    'data:x',
    '',
    undefined,
    `https://a.example/${'x'.repeat(5_000)}`,
  ])
    expect(safeUrl(url)).toBeUndefined();
});
