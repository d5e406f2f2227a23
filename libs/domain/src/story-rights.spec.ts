/** Rights: a table of what each does, and what holds whatever the rights, the dates and the moment. */
import fc from 'fast-check';
import {
  attributionLine,
  canonicalAddress,
  copyStanding,
  type CopyDates,
  embargoEnd,
  nextChange,
  type PartnerRights,
  shownContent,
} from './story-rights.js';

const at = (time: string): Date => new Date(`2026-11-${time}Z`);
const DATES: CopyDates = { publishedAt: at('20T10:00'), receivedAt: at('20T10:05') };

test.each<[string, PartnerRights, Partial<CopyDates>, Date, string, string | null, Date | null]>([
  ['no rights', {}, {}, at('20T10:05'), 'full', null, null],
  ['excerpt only', { excerptOnly: true }, {}, at('20T10:05'), 'excerpt', null, null],
  [
    'nothing passed on',
    { mayRepublish: false, excerptOnly: true, expiryDays: 1 },
    {},
    at('20T10:05'),
    'nothing',
    'not-republished',
    null,
  ],
  ['under embargo', { embargoMinutes: 30 }, {}, at('20T10:29:59.999'), 'nothing', 'embargo', at('20T10:30')],
  ['at its end', { embargoMinutes: 30 }, {}, at('20T10:30'), 'full', null, null],
  ['released, and to expire', { embargoMinutes: 30, expiryDays: 2 }, {}, at('20T11:00'), 'full', null, at('22T10:00')],
  ['before expiry', { expiryDays: 1 }, {}, at('21T09:59:59.999'), 'full', null, at('21T10:00')],
  ['expired', { expiryDays: 1 }, {}, at('21T10:00'), 'nothing', 'expired', null],
  [
    'expired before release',
    { embargoMinutes: 2_880, expiryDays: 1 },
    {},
    at('20T12:00'),
    'nothing',
    'embargo',
    at('21T10:00'),
  ],
  ['no date', { embargoMinutes: 30 }, { publishedAt: null }, at('20T10:31'), 'nothing', 'embargo', at('20T10:35')],
  [
    'a date ahead holds back',
    { embargoMinutes: 30 },
    { publishedAt: at('21T00:00') },
    at('20T12:00'),
    'nothing',
    'embargo',
    at('21T00:30'),
  ],
  [
    'a date ahead prolongs nothing',
    { expiryDays: 1 },
    { publishedAt: at('25T00:00') },
    at('20T12:00'),
    'full',
    null,
    at('21T10:05'),
  ],
  [
    'an impossible date',
    { embargoMinutes: 30 },
    { publishedAt: new Date('2199-01-01') },
    at('20T12:00'),
    'full',
    null,
    null,
  ],
  ['no embargo', { embargoMinutes: 0 }, { publishedAt: at('21T00:00') }, at('20T12:00'), 'full', null, null],
])('%s', (_, rights, dates, now, shows, because, until) =>
  expect(copyStanding(rights, { ...DATES, ...dates }, now)).toEqual({ shows, because, until }),
);

const instant = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true });
const anyDates = fc.record({ publishedAt: fc.option(fc.date(), { nil: null }), receivedAt: instant });
const anyRights = fc.record<PartnerRights>(
  {
    mayRepublish: fc.boolean(),
    excerptOnly: fc.boolean(),
    embargoMinutes: fc.integer({ min: 0, max: 43_200 }),
    expiryDays: fc.integer({ min: 1, max: 60 }),
  },
  { requiredKeys: [] },
);

it('changes at the moment it names, and at none before', () => {
  fc.assert(
    fc.property(
      anyRights,
      anyDates,
      instant,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (rights, dates, now, part) => {
        const standing = copyStanding(rights, dates, now);
        const until = standing.until?.getTime() ?? now.getTime() + 400 * 86_400_000;
        expect(until).toBeGreaterThan(now.getTime());
        const meanwhile = new Date(now.getTime() + Math.floor((until - 1 - now.getTime()) * part));
        expect(copyStanding(rights, dates, meanwhile)).toEqual(standing);
        if (standing.until !== null) expect(copyStanding(rights, dates, standing.until)).not.toEqual(standing);
      },
    ),
  );
});

it('shows nothing before release, after expiry, or of a partner that passes nothing on, and names why', () => {
  fc.assert(
    fc.property(anyRights, anyDates, instant, (rights, dates, now) => {
      const { shows, because } = copyStanding(rights, dates, now);
      expect(because === null).toBe(shows !== 'nothing');
      const release = embargoEnd(rights, dates);
      if (rights.mayRepublish === false || (release !== null && now < release)) expect(shows).toBe('nothing');
      if (shows === 'full') expect(rights.excerptOnly).not.toBe(true);
    }),
  );
});

it('ends for good: what has expired is never shown again', () => {
  fc.assert(
    fc.property(anyRights, anyDates, instant, instant, (rights, dates, one, two) => {
      const [earlier, later] = one < two ? [one, two] : [two, one];
      if (copyStanding(rights, dates, earlier).because === 'expired')
        expect(copyStanding(rights, dates, later).because).toBe('expired');
    }),
  );
});

it('finds the next change of several copies', () => {
  const standing = (until: Date | null) => ({ shows: 'full' as const, because: null, until });
  expect(nextChange([standing(null), standing(at('22T00:00')), standing(at('21T00:00'))])).toEqual(at('21T00:00'));
  expect(nextChange([standing(null)])).toBeNull();
  expect(nextChange([])).toBeNull();
});

it('gives content, attribution and the canonical address as the rights say', () => {
  expect(shownContent({}, '<p>a</p>')).toBe('<p>a</p>');
  expect(shownContent({ excerptOnly: true }, '<p>a</p>')).toBe('');
  expect(shownContent({ mayRepublish: false }, '<p>a</p>')).toBe('');
  expect(attributionLine({ attribution: '© Quay' }, '© Item')).toBe('© Quay');
  expect(attributionLine({}, '© Item')).toBe('© Item');
  expect(attributionLine(null, null)).toBe('');
  const places = { here: 'https://hub.example/1', original: 'https://quay.example/1' };
  expect(canonicalAddress({}, places)).toBe(places.here);
  expect(canonicalAddress({ canonical: 'original' }, places)).toBe(places.original);
  expect(canonicalAddress({ canonical: 'original' }, { ...places, original: null })).toBe(places.here);
});
