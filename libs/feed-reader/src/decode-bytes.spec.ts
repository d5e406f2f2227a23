/** Bytes in the charsets of the world's feeds, labelled right, wrong or not at all. */
import fc from 'fast-check';
import iconv from 'iconv-lite';

import { decodeBytes } from './decode-bytes.js';
import { ProblemLog } from './problem-log.js';

function decode(bytes: Uint8Array, contentType: string | null = null): { text: string; codes: string[] } {
  const problems = new ProblemLog();
  return { text: decodeBytes(bytes, contentType, problems), codes: problems.problems.map((problem) => problem.code) };
}

const xml = (text: string, encoding?: string): string =>
  `<?xml version="1.0"${encoding ? ` encoding="${encoding}"` : ''}?><t>${text}</t>`;

it.each([
  ['UTF-8 without a label', xml('é中'), 'utf8', null, []],
  ['valid UTF-8 under a wrong HTTP label', xml('é中'), 'utf8', 'text/xml; charset=windows-1251', ['charset-mismatch']],
  ['valid UTF-8 under the usual wrong label', xml('é中', 'iso-8859-1'), 'utf8', null, []],
  ['the HTTP label', xml('Привет'), 'windows-1251', 'application/xml; charset="windows-1251"', []],
  ['the XML declaration', xml('Привет', 'koi8-r'), 'koi8-r', 'text/xml', []],
  ['windows-1252 called ISO-8859-1', xml('“é” €', 'ISO-8859-1'), 'windows-1252', null, []],
  ['Shift_JIS by its declaration', xml('日本語', 'Shift_JIS'), 'shift_jis', null, []],
  ['UTF-16 by its zeros', xml('é中'), 'utf-16le', null, []],
  ['UTF-16 big-endian by its zeros', xml('é中'), 'utf-16be', null, []],
  ['a wrong XML declaration, a right HTTP label', xml('日本語', 'utf-8'), 'euc-jp', 'text/xml; charset=euc-jp', []],
])('reads %s', (_name, text, charset, contentType, codes) => {
  expect(decode(iconv.encode(text, charset), contentType)).toEqual({ text, codes });
});

it.each(['utf8', 'utf-16le', 'utf-16be', 'utf-32le'])('reads a byte order mark of %s and drops it', (charset) => {
  expect(decode(iconv.encode(xml('é'), charset, { addBOM: true }), 'text/xml; charset=windows-1252').text).toBe(
    xml('é'),
  );
});

it.each([
  ['windows-1251', 'В Москве сегодня открылась выставка современного искусства, на которую пришли тысячи посетителей.'],
  ['koi8-r', 'В Москве сегодня открылась выставка современного искусства, на которую пришли тысячи посетителей.'],
  ['shift_jis', '東京で新しい美術館が開館しました。多くの人々が訪れています。'],
  ['euc-jp', '東京で新しい美術館が開館しました。多くの人々が訪れています。'],
  ['euc-kr', '서울에서 새로운 미술관이 문을 열었습니다. 많은 사람들이 방문하고 있습니다.'],
  ['gb18030', '北京的一家新美术馆今天开馆了,这是中国最大的美术馆,来了很多人。'],
  ['big5', '台北的一家新美術館今天開館了,這是台灣最大的美術館,來了很多人。'],
  ['windows-1256', 'أعلنت الحكومة اليوم عن خطة جديدة لبناء المدارس في المدن الكبرى خلال السنوات القادمة.'],
  ['iso-8859-6', 'أعلنت الحكومة اليوم عن خطة جديدة لبناء المدارس في المدن الكبرى خلال السنوات القادمة.'],
  ['windows-1255', 'ראש העיר הודיע היום על תוכנית חדשה לבניית בתי ספר בשנים הקרובות.'],
  ['windows-874', 'วันนี้รัฐบาลประกาศแผนใหม่เพื่อสร้างโรงเรียนในเมืองใหญ่'],
  ['windows-1252', 'Le musée d’été a rouvert ses portes à Genève après des années de travaux.'],
])('detects %s when nothing names it', (charset, text) => {
  const document = xml(text.repeat(3));
  expect(decode(iconv.encode(document, charset))).toEqual({ text: document, codes: ['charset-detected'] });
});

it.each([
  ['csIBM855', 'cp855', 'Ж'],
  ['cspc8codepage437', 'cp437', 'é'],
  ['csmacintosh', 'macintosh', 'Ä'],
  ['hkscs', 'big5hkscs', '中'],
  ['ujis', 'eucjp', '日'],
  ['windows_1250', 'cp1250', 'ř'],
  ['ISO_8859-2:1987', 'iso-8859-2', 'ł'],
  ['no-such-charset', 'windows-1252', 'é'],
])('knows %s', (label, charset, text) => {
  const document = xml(text, label);
  expect(decode(iconv.encode(document, charset)).text).toBe(document);
});

it('reads ISO-2022-JP under each of its names', () => {
  const bytes = Buffer.concat([
    Buffer.from('<?xml version="1.0" encoding="iso2022jp"?><t>\x1b$B'),
    Buffer.from([0x46, 0x7c, 0x4b, 0x5c]),
    Buffer.from('\x1b(B</t>'),
  ]);
  expect(decode(bytes).text).toContain('<t>日本</t>');
});

it('reads EBCDIC by its first bytes', () => {
  const bytes = Buffer.from(
    // <?xml version="1.0" encoding="cp500"?><t>Åé[]</t>
    '4c6fa7949340a58599a28996957e7ff14bf07f4085958396848995877e7f8397f5f0f07f6f6e4ca36e67514a5a4c61a36e',
    'hex',
  );
  expect(decode(bytes).text).toMatch(/^<\?xml version="1.0" .*<t>Åé\[\]<\/t>$/);
});

it("lets the document's own label win over a server's default Latin", () => {
  const text = xml('В Москве сегодня открылась выставка', 'windows-1251');
  expect(decode(iconv.encode(text, 'windows-1251'), 'text/html; charset=iso-8859-1').text).toBe(text);
  const latin = xml('Été à Genève', 'windows-1251');
  expect(decode(iconv.encode(latin, 'windows-1252'), 'text/xml; charset=windows-1252').text).toBe(latin);
});

it('reads UTF-8 with pasted windows-1252, and UTF-8 cut inside a character', () => {
  const mixed = Buffer.concat([
    Buffer.from('<t>é中é ', 'utf8'),
    Buffer.from([0x93]),
    Buffer.from('quoted', 'utf8'),
    Buffer.from([0x94]),
    Buffer.from('</t>'),
  ]);
  expect(decode(mixed)).toEqual({ text: '<t>é中é “quoted”</t>', codes: ['charset-mixed'] });
  expect(decode(Buffer.from('<t>é中', 'utf8').subarray(0, -1)).text).toBe('<t>é');
});

it('never throws, whatever the bytes and labels', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.option(fc.string({ maxLength: 30 })), (bytes, label) => {
      expect(typeof decode(bytes, label === null ? null : `text/xml; charset=${label}`).text).toBe('string');
    }),
    { numRuns: 1_000 },
  );
});
