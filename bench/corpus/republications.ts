/** A labelled corpus of invented news: prose, wire reports that look alike, and what partners make of their copies. */
import { Random } from '../../demo/texts/random.js';
import { capital, type WrittenNews, writeProse } from './news-prose.js';
import { ADJECTIVES, COMPANIES, NOUNS, PLACES, VERBS } from './vocabulary.js';
import { writeSeries } from './wire-reports.js';

/** What a copy's partner did to the text; 'original' did nothing, 'look-alike' is a wire report that copies nothing. */
export type Treatment =
  | 'original'
  | 'look-alike'
  | 'whole'
  | 'footer'
  | 'first half'
  | 'lead only'
  | 'ten percent edited'
  | 'other headline'
  | 'numbers updated';

/** A line of `dateline evaluate` (docs/evaluate.md); `treatment` is for whoever looks for the reason of a figure. */
export interface CorpusLine {
  id: string;
  partner: string;
  url: string;
  title: string;
  text: string;
  /** ISO 8601. */
  published: string;
  language: string;
  duplicateOf?: string;
  treatment: Treatment;
}

export interface CorpusSize {
  seed: string;
  /** Stories in prose, and wire reports (in series of five) that look alike. */
  stories: number;
  reports: number;
  /** Copies of each story; every third report is copied as well. */
  copies: number;
}

const TREATMENTS: Treatment[] = [
  'footer',
  'first half',
  'lead only',
  'ten percent edited',
  'other headline',
  'numbers updated',
  'whole',
];
const SERIES_LENGTH = 5;
const PARTNERS = 12;
const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-02T06:00:00Z');
/** Shorter texts are left whole: a lead of few words is nobody's republication. */
const WORDS_OF_A_LEAD = 20;

/** The same size and seed give the same lines, in the order of their publication. */
export function republications({ seed, stories, reports, copies }: CorpusSize): CorpusLine[] {
  const random = new Random(`republications ${seed}`);
  const lines: CorpusLine[] = [];
  const add = (news: WrittenNews, at: number, facts: Pick<CorpusLine, 'treatment' | 'duplicateOf'>): string => {
    const id = `${seed}-${lines.length}`;
    const partner = facts.duplicateOf === undefined ? 'wire' : `partner-${random.integer(1, PARTNERS)}`;
    lines.push({
      id,
      partner,
      url: `https://${partner}.example/news/${id}`,
      title: news.title,
      text: news.paragraphs.join('\n\n'),
      published: new Date(at).toISOString(),
      language: 'en',
      ...facts,
    });
    return id;
  };
  const addWithCopies = (news: WrittenNews, treatment: Treatment, count: number, at: number): void => {
    const id = add(news, at, { treatment });
    for (let copy = 0; copy < count; copy += 1) {
      const wanted = TREATMENTS[(copy + random.integer(0, TREATMENTS.length - 1)) % TREATMENTS.length] ?? 'whole';
      add(treat(random, news, wanted), at + random.integer(1, 600) * 60_000, { treatment: wanted, duplicateOf: id });
    }
  };
  for (let i = 0; i < stories; i += 1)
    addWithCopies(writeProse(random), 'original', copies, START + random.integer(0, 10 * 1440) * 60_000);
  for (let i = 0; i < reports; i += SERIES_LENGTH) {
    const at = START + random.integer(0, 8 * 1440) * 60_000;
    const apart = random.pick([30 * 60_000, 4 * 3_600_000, DAY_MS]);
    writeSeries(random, SERIES_LENGTH).forEach((news, n) => {
      addWithCopies(news, 'look-alike', (i + n) % 3 === 0 ? copies : 0, at + n * apart);
    });
  }
  return lines.sort((a, b) => (a.published === b.published ? 0 : a.published < b.published ? -1 : 1));
}

/** What a partner makes of a story. */
export function treat(random: Random, news: WrittenNews, treatment: Treatment): WrittenNews {
  const { title, paragraphs } = news;
  switch (treatment) {
    case 'footer':
      return { title, paragraphs: [...paragraphs, footer(random.pick(COMPANIES))] };
    case 'first half':
      return { title, paragraphs: words(paragraphs, (all) => Math.max(WORDS_OF_A_LEAD * 2, Math.ceil(all / 2))) };
    case 'lead only':
      return { title, paragraphs: words(paragraphs.slice(0, 1), (all) => Math.max(WORDS_OF_A_LEAD, all)) };
    case 'ten percent edited':
      return { title, paragraphs: paragraphs.map((text) => edited(random, text, 0.1)) };
    case 'other headline':
      return {
        title: `${capital(random.pick(ADJECTIVES))} ${random.pick(NOUNS)} ${random.pick(VERBS)} in ${random.pick(PLACES)}`,
        paragraphs,
      };
    case 'numbers updated':
      return { title: `UPDATE 1-${title}`, paragraphs: paragraphs.map((text) => renumbered(random, text)) };
    case 'original':
    case 'look-alike':
    case 'whole':
      return news;
  }
}

function footer(company: string): string {
  return (
    `© ${company} Media. All rights reserved. Read more stories like this one at ${company.toLowerCase()}.example, ` +
    `or subscribe to the ${company} newsletter for the news of the day in your inbox every morning.`
  );
}

/** The beginning, as many words as `count` says of all of them. */
function words(paragraphs: readonly string[], count: (all: number) => number): string[] {
  let left = count(paragraphs.reduce((sum, text) => sum + text.split(' ').length, 0));
  return paragraphs.flatMap((text) => {
    const kept = text.split(' ').slice(0, Math.max(0, left));
    left -= kept.length;
    return kept.length === 0 ? [] : [kept.join(' ')];
  });
}

/** An editor at work: of that share of the words (never a number) some go, some are replaced, beside some one is put. */
function edited(random: Random, text: string, share: number): string {
  return text
    .split(' ')
    .flatMap((word) => {
      if (/\d/.test(word) || random.next() >= share) return [word];
      const other = random.pick(random.next() < 0.5 ? NOUNS : ADJECTIVES);
      return random.pick([[], [other], [word, other]]);
    })
    .join(' ');
}

/** An update counts anew: three numbers of ten, years excepted, are others than before. */
function renumbered(random: Random, text: string): string {
  return text.replace(/\d[\d,]*/g, (number) => {
    if (/^(19|20)\d\d$/.test(number) || random.next() >= 0.3) return number;
    const value = Number(number.replaceAll(',', ''));
    const other = value + Math.max(1, Math.round(value * (0.05 + random.next() * 0.4)));
    return number.includes(',') ? other.toLocaleString('en-US') : String(other);
  });
}
