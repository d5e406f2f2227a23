/** Dates as feeds write them: read right, the same in every time zone, or not at all. */
import { execFileSync } from 'node:child_process';

import fc from 'fast-check';

import { projectFile } from '#config/project-file.js';

import { parseDate } from './parse-date.js';

const READ: [text: string, instant: string][] = [
  // RFC 822, 1123, 2822, 5322
  ['Thu, 01 Jan 2004 19:48:21 GMT', '2004-01-01T19:48:21Z'],
  ['Thu, 1 Jan 04 19:48:21 EST', '2004-01-02T00:48:21Z'],
  ['01 Jan 2004 19:48 +0200', '2004-01-01T17:48:00Z'],
  ['Thu, 01 Jan 2004 19:48:21 Z', '2004-01-01T19:48:21Z'],
  ['Thu,01 Jan 2004 19:48:21GMT', '2004-01-01T19:48:21Z'],
  ['Thu, 01 Jan 2004 19:48:21 GMT+00:00', '2004-01-01T19:48:21Z'],
  ['Tue, 10 Apr 2012 10:00:00 GMT+1', '2012-04-10T09:00:00Z'],
  ['Thursday, 1 January 2004 19:48:21 PDT', '2004-01-02T02:48:21Z'],
  ['Wed, 1 Apr, 2015 10:11:12 GMT', '2015-04-01T10:11:12Z'],
  ['Mon, 02 Jan 99', '1999-01-02T00:00:00Z'],
  ['Wed, 19 Aug 2009 18:28:00 Etc/GMT', '2009-08-19T18:28:00Z'],
  ['Fri, 15 Dec 2023 24:00:00 GMT', '2023-12-16T00:00:00Z'],
  ['Sun, 31 Dec 1999 23:59:60 GMT', '2000-01-01T00:00:00Z'],
  ['Mon, 06 May 2024 10:00:00 0200', '2024-05-06T08:00:00Z'],
  ['Mon, 2 Jan 2006 15:04:05 PM', '2006-01-02T15:04:05Z'],
  // RFC 850, asctime, JavaScript, Perforce
  ['Sunday, 04-Jan-04 16:29:06 GMT', '2004-01-04T16:29:06Z'],
  ['Sun Jan  4 16:29:06 PST 2004', '2004-01-05T00:29:06Z'],
  ['Sun Jan  4 16:29:06 2004', '2004-01-04T16:29:06Z'],
  ['Thu Jan 01 2004 19:48:21 GMT+0100 (Central European Time)', '2004-01-01T18:48:21Z'],
  ['Fri, 2006/09/15 08:19:53 EDT', '2006-09-15T12:19:53Z'],
  // ISO 8601, RFC 3339, W3C-DTF
  ['2003-12-31T10:14:55Z', '2003-12-31T10:14:55Z'],
  ['2003-12-31T10:14:55.5-08:00', '2003-12-31T18:14:55.500Z'],
  ['2003-12-31T10:14:55 +01:00', '2003-12-31T09:14:55Z'],
  ['2003-12-31t10:14z', '2003-12-31T10:14:00Z'],
  ['2003-12-31 10:14:55', '2003-12-31T10:14:55Z'],
  ['2003-12-31', '2003-12-31T00:00:00Z'],
  ['2003-12', '2003-12-01T00:00:00Z'],
  ['2003', '2003-01-01T00:00:00Z'],
  ['20031231T101455Z', '2003-12-31T10:14:55Z'],
  ['2003-365', '2003-12-31T00:00:00Z'],
  ['2004-W01-4', '2004-01-01T00:00:00Z'],
  ['2004-07-08 23:56:58.0', '2004-07-08T23:56:58Z'],
  ['2011.06.07 10:20', '2011-06-07T10:20:00Z'],
  // Words in English order
  ['January 4, 2004, 4:29 pm', '2004-01-04T16:29:00Z'],
  ['Sept. 9, 2013 at 10:15 AM', '2013-09-09T10:15:00Z'],
  ['10:15 AM, September 9 2013', '2013-09-09T10:15:00Z'],
  ['Monday, January 2, 2006 3:04 PM EST', '2006-01-02T20:04:00Z'],
  ['12:30 am 4 Jan 2004', '2004-01-04T00:30:00Z'],
  // Other languages
  ['2004년 05월 28일  01:31:15', '2004-05-27T16:31:15Z'],
  ['2004-05-25 오후 11:23:17', '2004-05-25T14:23:17Z'],
  ['2004年5月28日 10時11分', '2004-05-28T10:11:00Z'],
  ['Κυρ, 11 Ιούλ 2004 12:00:00 EST', '2004-07-11T17:00:00Z'],
  ['2004-július-13T9:15-05:00', '2004-07-13T14:15:00Z'],
  ['må., 05 jan. 2004 10:00:00 +0100', '2004-01-05T09:00:00Z'],
  ['5 stycznia 2004', '2004-01-05T00:00:00Z'],
  ['1er janvier 2004 à 10h11', '2004-01-01T10:11:00Z'],
  ['martes, 2 de marzo de 2004 10:00', '2004-03-02T10:00:00Z'],
  ['02 января 2006 15:04', '2006-01-02T15:04:00Z'],
  ['31.12.2004 10:11 Uhr', '2004-12-31T10:11:00Z'],
  ['29/02/2012', '2012-02-29T00:00:00Z'],
  // ISO 8601 and its neighbours, less usual
  ['2006-01-02T15Z', '2006-01-02T15:00:00Z'],
  ['2006-01-02+01:00', '2006-01-01T23:00:00Z'],
  ['2006-01-02 at 15:04:05', '2006-01-02T15:04:05Z'],
  ['20060102150405', '2006-01-02T15:04:05Z'],
  ['2006-01-02T15:04:05.1234567-08:00', '2006-01-02T23:04:05.123Z'],
  ['2006-01-02T15:04:05+0000Z', '2006-01-02T15:04:05Z'],
  ['2006-01-02T15:04:05.000Z[UTC]', '2006-01-02T15:04:05Z'],
  // Zones by place
  ['2006-07-02T15:04:05 America/New_York', '2006-07-02T19:04:05Z'],
  ['Mon, 02 Jan 2006 15:04:05 Europe/Berlin', '2006-01-02T14:04:05Z'],
  ['Mon, 02 Jan 2006 15:04:05 PST8PDT', '2006-01-02T23:04:05Z'],
  ['Mon, 02 Jan 2006 15:04:05 +0530 IST', '2006-01-02T09:34:05Z'],
  // Military letters tell nothing (RFC 5322, 4.3)
  ['Mon, 02 Jan 2006 15:04:05 M', '2006-01-02T15:04:05Z'],
  ['Mon, 02 Jan 2006 15.04.05 GMT', '2006-01-02T15:04:05Z'],
  ['26/Jan/2006:15:04:05 +0100', '2006-01-26T14:04:05Z'],
  ['Monday 2nd January 2006 at 3:04pm', '2006-01-02T15:04:00Z'],
  // More languages
  ['2006. 1. 2. 오후 3:04:05', '2006-01-02T06:04:05Z'],
  ['2006년 1월 2일 월요일 15:04:05', '2006-01-02T06:04:05Z'],
  ['令和6年5月6日', '2024-05-06T00:00:00Z'],
  ['2006年1月2日(月) 15時04分', '2006-01-02T15:04:00Z'],
  ['2006. január 2. 15:04', '2006-01-02T15:04:00Z'],
  ['Δευ, 02 Ιαν 2006 15:04:05 EET', '2006-01-02T13:04:05Z'],
  ['٢ يناير ٢٠٠٦', '2006-01-02T00:00:00Z'],
  ['jeu, 10 aoû 2006 10:00:00 +0200', '2006-08-10T08:00:00Z'],
  ['Di, 07 Mär 2006 10:00:00 +0100', '2006-03-07T09:00:00Z'],
  ['2 января 2006 г., 15:04', '2006-01-02T15:04:00Z'],
  ['Pzt, 02 Oca 2006 15:04:05 +0200', '2006-01-02T13:04:05Z'],
  ['/Date(1136214245000)/', '2006-01-02T15:04:05Z'],
  // Machines
  ['1073234946', '2004-01-04T16:49:06Z'],
  ['1073234946123', '2004-01-04T16:49:06.123Z'],
];

const UNREADABLE = [
  ...[
    '',
    'today',
    'now',
    'Thu, 31 Jun 2004 19:48:21 GMT',
    '2003-12-31T25:14:55Z',
    '2003-12-31T10:61:55Z',
    '2003-02-29',
    '0001-01-01T00:00:00Z',
  ],
  ...[
    '0000-00-00 00:00:00',
    '01/02/2004',
    '031231',
    '04-05-06',
    '12 listopada 2004',
    'Thu, 5 Apr 2012 10:00:00 XYZ',
    '2012-13-14T10:00:00Z',
    '12',
  ],
  ...['Thu, 30 Nov -0001 00:00:00 +0000', '31/12/06', '2/1/2006', '2006-01-02T10:11:12 Europe/Atlantis', '1 day ago'],
  ...['Jan', '10:11', '5 foo 2004', '99999999999999999999', '2004-01-01T10:11:12+99:00', '-', '\u0000'],
];

it.each(READ)('reads %s', (text, instant) => {
  expect(parseDate(text)).toBe(new Date(instant).toISOString());
});

it.each(UNREADABLE)('does not guess %j', (text) => {
  expect(parseDate(text)).toBeUndefined();
});

it('reads the same in every time zone of the machine', () => {
  const module = projectFile('dist/libs/feed-reader/src/parse-date.js');
  const script = `import { parseDate } from ${JSON.stringify(module)}; console.log(JSON.stringify(${JSON.stringify(READ.map(([text]) => text))}.map(parseDate)))`;
  for (const TZ of ['America/St_Johns', 'Pacific/Kiritimati', 'Europe/Berlin', 'Asia/Seoul']) {
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { TZ },
      encoding: 'utf8',
    });
    expect(JSON.parse(printed)).toEqual(READ.map(([, instant]) => new Date(instant).toISOString()));
  }
});

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const pad = (value: number): string => String(value).padStart(2, '0');
/** The ways of writing one instant at one offset (minutes) that must all give it back. */
const WRITERS: ((local: Date, zone: string) => string)[] = [
  (d, zone) =>
    `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()} ${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())} ${zone.replace(':', '')}`,
  (d, zone) => d.toISOString().replace(/\.\d+Z/, zone),
  (d, zone) =>
    `${d
      .toISOString()
      .replace(/\.\d+Z/, '')
      .replace('T', ' ')} ${zone}`,
  (d, zone) =>
    `${MONTHS[d.getUTCMonth()]} ${d.getUTCDate()}, ${d.getUTCFullYear()} ${((d.getUTCHours() + 11) % 12) + 1}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())} ${d.getUTCHours() < 12 ? 'AM' : 'p.m.'} ${zone}`,
  (d, zone) =>
    `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())} ${zone} ${d.getUTCFullYear()}`.replace(
      /^/,
      `${MONTHS[d.getUTCMonth()]} ${d.getUTCDate()} `,
    ),
];

it('gives back every instant, however it is written', () => {
  const instants = fc.date({
    min: new Date('1970-01-02T00:00:00Z'),
    max: new Date('2099-12-30T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(
      instants,
      fc.integer({ min: -12 * 4, max: 14 * 4 }),
      fc.constantFrom(...WRITERS),
      (instant, quarters, write) => {
        const time = Math.floor(instant.getTime() / 1000) * 1000;
        const minutes = quarters * 15;
        const zone = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
        expect(parseDate(write(new Date(time + minutes * 60_000), zone))).toBe(new Date(time).toISOString());
      },
    ),
    { numRuns: 500 },
  );
});

it('answers quickly and never throws, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.stringMatching(/^[0-9:T.+ Za-z,/-]{0,60}$/)),
      (text) => {
        const read = parseDate(text);
        expect(read === undefined || !Number.isNaN(Date.parse(read))).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});
