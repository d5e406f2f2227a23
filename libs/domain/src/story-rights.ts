/** What a partner's rights say of one of its copies at a moment: the one place that decides what may leave the hub, and how. Pure. */

/** What a partner allows. Absent fields allow everything. */
export interface PartnerRights {
  /** False: nothing of the partner is passed on to anybody. */
  mayRepublish?: boolean | undefined;
  excerptOnly?: boolean | undefined;
  /** An SPDX identifier, a URL, or words. */
  licence?: string | undefined;
  attribution?: string | undefined;
  /** Nothing is shown earlier than this after it was published. */
  embargoMinutes?: number | undefined;
  /** Nothing is shown longer than this after it was published. */
  expiryDays?: number | undefined;
  /** Which address search engines are to take for the story's own: our page (as without it), or the partner's. */
  canonical?: 'here' | 'original' | undefined;
  /** Footers and "read more at …" that come with many of the partner's items are cut from what is published. */
  cutBoilerplate?: boolean | undefined;
}

/** A copy's dates: as its partner gave it, and when the hub first saw it. */
export interface CopyDates {
  publishedAt: Date | null;
  receivedAt: Date;
}

export type HiddenBecause = 'not-republished' | 'embargo' | 'expired';

/** `because` only of nothing. `until`: from then on the answer is another one; null: it stays. */
export interface CopyStanding {
  shows: 'full' | 'excerpt' | 'nothing';
  because: HiddenBecause | null;
  until: Date | null;
}

/** Why a story that was shown is shown no more, as it is kept beside the story and told to operators. */
export const GONE_FOR_RIGHTS: Record<HiddenBecause, string> = {
  'not-republished': 'rights: its partner does not allow it to be passed on',
  embargo: 'rights: its partner wants it held back for now',
  expired: 'rights: the time for which its partner allows it is over',
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A date of publication may lie this far ahead: the longest embargo. One further away is a clock that was never set. */
const FURTHEST_AHEAD_MS = 30 * DAY_MS;
const EARLIEST_YEAR = 1900;

/**
 * What of a copy may be shown at `now`. An embargo and an expiry count from the partner's own date; where that is missing
 * or implausible, and for an expiry where it lies ahead, from when the hub first saw the copy.
 */
export function copyStanding(rights: PartnerRights, dates: CopyDates, now: Date): CopyStanding {
  if (rights.mayRepublish === false) return { shows: 'nothing', because: 'not-republished', until: null };
  const expiresAt = expiry(rights, dates);
  if (expiresAt !== null && now >= expiresAt) return { shows: 'nothing', because: 'expired', until: null };
  const releasedAt = embargoEnd(rights, dates);
  if (releasedAt !== null && now < releasedAt) {
    const isNeverShown = expiresAt !== null && expiresAt <= releasedAt;
    return { shows: 'nothing', because: 'embargo', until: isNeverShown ? expiresAt : releasedAt };
  }
  return { shows: rights.excerptOnly === true ? 'excerpt' : 'full', because: null, until: expiresAt };
}

/** When the copy may be shown first; null where its partner asks for no embargo. */
export function embargoEnd({ embargoMinutes = 0 }: PartnerRights, dates: CopyDates): Date | null {
  return embargoMinutes > 0 ? new Date(anchor(dates).getTime() + embargoMinutes * MINUTE_MS) : null;
}

function expiry({ expiryDays }: PartnerRights, dates: CopyDates): Date | null {
  if (expiryDays === undefined) return null;
  const from = Math.min(anchor(dates).getTime(), dates.receivedAt.getTime());
  return new Date(from + expiryDays * DAY_MS);
}

function anchor({ publishedAt, receivedAt }: CopyDates): Date {
  if (publishedAt === null || Number.isNaN(publishedAt.getTime())) return receivedAt;
  const isPlausible =
    publishedAt.getUTCFullYear() >= EARLIEST_YEAR && publishedAt.getTime() <= receivedAt.getTime() + FURTHEST_AHEAD_MS;
  return isPlausible ? publishedAt : receivedAt;
}

/** The earliest moment at which one of these answers changes; null when none does. */
export function nextChange(standings: readonly CopyStanding[]): Date | null {
  const moments = standings.flatMap(({ until }) => (until === null ? [] : [until.getTime()]));
  return moments.length === 0 ? null : new Date(moments.reduce((earliest, moment) => Math.min(earliest, moment)));
}

/** The HTML that may be shown of a story that is shown: nothing where only an excerpt is allowed. */
export function shownContent(rights: PartnerRights | null | undefined, content: string): string {
  return rights?.excerptOnly === true || rights?.mayRepublish === false ? '' : content;
}

/** The line that names whose story it is: the partner's, else what the item itself says; empty when neither says any. */
export function attributionLine(rights: PartnerRights | null | undefined, ofItem: string | null): string {
  return rights?.attribution ?? ofItem ?? '';
}

/** The address that search engines are to take for the story's own. `original` null: it is not known. */
export function canonicalAddress(
  rights: PartnerRights | null | undefined,
  { here, original }: { here: string; original: string | null | undefined },
): string {
  return rights?.canonical === 'original' ? (original ?? here) : here;
}
