/** The archive: years, a year's months, a month's days, a day's stories. All in UTC. */
import { Injectable } from '@nestjs/common';
import { ArchiveRepository } from '#storage/archive.repository.js';
import type { DateFormats } from './format-date.js';
import { ListPage } from './list-page.js';
import { archivePath } from './links.js';
import type { Edition } from './editions.js';
import type { Outcome } from './page-server.js';

/** A day in a month's calendar; `path` only where there are stories. */
interface CalendarDay {
  day: number;
  count: number;
  path: string | undefined;
}

@Injectable()
export class ArchivePage {
  constructor(
    private readonly archive: ArchiveRepository,
    private readonly lists: ListPage,
  ) {}

  /** Every year and month with a story. */
  async index({ t, dates }: Edition): Promise<Outcome> {
    const months = await this.archive.months();
    const years = [...new Set(months.map(({ year }) => year))];
    return this.page('archive', t.archive, '/archive', {
      years: years.map((year) => ({
        year,
        path: archivePath(utc(year), 'year'),
        months: months
          .filter((month) => month.year === year)
          .map(({ month }) => monthLink(dates, year, month))
          .reverse(),
      })),
    });
  }

  async year(year: number, { t, dates }: Edition): Promise<Outcome> {
    if (isFuture(utc(year))) return undefined;
    const months = (await this.archive.months()).filter((month) => month.year === year);
    return this.page('archive', t.archiveOf(String(year)), archivePath(utc(year), 'year'), {
      years: [
        {
          year,
          path: archivePath(utc(year), 'year'),
          months: months.map(({ month }) => monthLink(dates, year, month)).reverse(),
        },
      ],
      emptyText: months.length === 0 ? t.noStoriesThatYear : undefined,
    });
  }

  /** `month` 1 to 12. */
  async calendar(year: number, month: number, { t, dates }: Edition): Promise<Outcome> {
    const from = utc(year, month);
    const until = utc(year, month + 1);
    if (isFuture(from)) return undefined;
    const [counts, { earlier, later }] = await Promise.all([
      this.archive.days(from, until),
      this.archive.neighbours(from, until),
    ]);
    const length = new Date(until.getTime() - 1).getUTCDate();
    const days = Array.from({ length }, (_, index): CalendarDay => {
      const count = counts.get(index + 1) ?? 0;
      return { day: index + 1, count, path: count > 0 ? archivePath(utc(year, month, index + 1)) : undefined };
    });
    const title = capital(dates.month(from));
    return this.page('archive-month', t.archiveOf(title), archivePath(from, 'month'), {
      month: title,
      weekdays: dates.weekdays,
      year: { name: String(year), path: archivePath(from, 'year') },
      // Weeks begin on Monday.
      blanks: (from.getUTCDay() + 6) % 7,
      days,
      total: days.reduce((sum, { count }) => sum + count, 0),
      earlier: earlier && { name: capital(dates.month(earlier)), path: archivePath(earlier, 'month') },
      later: later && { name: capital(dates.month(later)), path: archivePath(later, 'month') },
    });
  }

  async day(from: Date, before: unknown, edition: Edition): Promise<Outcome> {
    if (isFuture(from)) return undefined;
    const until = new Date(from.getTime() + 86_400_000);
    const { t, dates } = edition;
    const outcome = await this.lists.build(
      {
        selection: { kind: 'span', from, until },
        path: archivePath(from),
        title: capital(dates.day(from)),
        kicker: t.archive,
        section: 'archive',
        before,
      },
      edition,
    );
    if (outcome?.kind !== 'page') return outcome;
    const { earlier, later } = await this.archive.neighbours(from, until);
    const near = (date: Date | null): unknown => date && { name: capital(dates.day(date)), path: archivePath(date) };
    Object.assign(outcome.page.data, {
      emptyText: t.noStoriesThatDay,
      earlier: near(earlier),
      later: near(later),
      up: { name: capital(dates.month(from)), path: archivePath(from, 'month') },
      ungrouped: true,
    });
    return outcome;
  }

  private page(template: string, title: string, path: string, data: Record<string, unknown>): Outcome {
    return {
      kind: 'page',
      page: { template, title, path, section: 'archive', indexed: data['emptyText'] === undefined, data },
    };
  }
}

function monthLink(dates: DateFormats, year: number, month: number): { name: string; path: string } {
  const date = utc(year, month);
  return { name: capital(dates.monthName(date)), path: archivePath(date, 'month') };
}

/** French and Spanish write months and days small; a heading and a list begin with a capital. */
function capital(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

/** `month` 1 to 12, or 13 for the next year's first. */
function utc(year: number, month = 1, day = 1): Date {
  return new Date(Date.UTC(year, month - 1, day));
}

function isFuture(date: Date): boolean {
  return date.getTime() > Date.now();
}
