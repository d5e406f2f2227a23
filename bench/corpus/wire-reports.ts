/** Invented wire reports: templates that come back every day with other numbers, and are other stories each time. */
import type { Random } from '../../demo/texts/random.js';
import type { WrittenNews } from './news-prose.js';
import { COMPANIES, COMPANY_FORMS, FIRST_NAMES, LAST_NAMES, MONTHS, PLACES } from './vocabulary.js';

/** Writes one report; `name` is what its series is about: a bank, a company, a town. */
type Report = (random: Random, name: string) => WrittenNews;

const cents = (random: Random): string => `${random.integer(2, 98)} cts`;
const money = (random: Random): string => random.integer(110_000, 98_000_000).toLocaleString('en-US');
const millions = (random: Random): string => `${(random.integer(11, 9_800) / 10).toFixed(1)} mln`;
const percent = (random: Random): string => `${random.integer(1, 14)}-${random.integer(1, 7)}/8 pct`;
const rate = (random: Random): string => (random.integer(10_000, 29_999) / 10_000).toFixed(4);
const tonnes = (random: Random): string => (random.integer(10, 900) * 500).toLocaleString('en-US');
const date = (random: Random): string => `${random.pick(MONTHS)} ${random.integer(1, 28)}`;
const company = (random: Random): string => `${random.pick(COMPANIES)} ${random.pick(COMPANY_FORMS)}`;
const person = (random: Random): string => `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;

const earnings: Report = (random, name) => {
  const loss = random.next() < 0.2;
  const [shr, net] = loss ? ['Shr loss', 'Net loss'] : ['Shr', 'Net'];
  const quarter = random.pick(['1st qtr', '2nd qtr', '3rd qtr', '4th qtr']);
  return {
    title: `${name} ${quarter} ${loss ? 'loss' : 'net'}`,
    paragraphs: [
      `${shr} ${cents(random)} vs profit ${cents(random)}. ${net} ${money(random)} vs profit ${money(random)}.`,
      `Revs ${millions(random)} vs ${millions(random)}. Avg shrs ${money(random)} vs ${money(random)}.`,
      ...(random.next() < 0.6
        ? [
            `Year shr ${cents(random)} vs ${cents(random)}. Net ${money(random)} vs ${money(random)}. Revs ${millions(random)} vs ${millions(random)}.`,
          ]
        : []),
      ...(random.next() < 0.5
        ? [
            `NOTE: Current year net includes gain of ${money(random)} dlrs, or ${cents(random)} a share, from sale of assets.`,
          ]
        : []),
    ],
  };
};

const dividend: Report = (random, name) => ({
  title: `${name} sets quarterly payout`,
  paragraphs: [`Qtly div ${cents(random)} vs ${cents(random)} prior. Pay ${date(random)}. Record ${date(random)}.`],
});

const moneyMarket: Report = (random, name) => {
  const amount = `${random.integer(40, 1_900)} mln crowns`;
  return {
    title: `${name} central bank sees money market shortage of ${amount}`,
    paragraphs: [
      `The central bank of ${name} said it forecast a shortage of around ${amount} in the money market today.`,
      `Among the main factors affecting liquidity, bills maturing in official hands and the take-up of treasury bills will drain some ${random.integer(40, 1_900)} mln crowns, while bankers' balances below target will take out a further ${random.integer(10, 400)} mln.`,
      `Partly offsetting these outflows, exchequer transactions and a fall in note circulation will add ${random.integer(10, 900)} mln crowns and ${random.integer(5, 200)} mln crowns respectively.`,
    ],
  };
};

const reserves: Report = (random, name) => ({
  title: `${name} bank expected to add reserves via repurchase pacts`,
  paragraphs: [
    `The central bank of ${name} will enter the government securities market to supply temporary reserves indirectly via ${(random.integer(10, 60) / 10).toFixed(1)} billion dlrs of customer repurchase agreements, economists said.`,
    `They expected the bank to add temporary reserves because the overnight rate opened at ${percent(random)} and remained there after averaging ${percent(random)} yesterday.`,
  ],
});

const grain: Report = (random, name) => ({
  title: `Exporters report ${tonnes(random)} tonnes of ${random.pick(['wheat', 'barley', 'maize'])} for ${name}`,
  paragraphs: [
    `Private exporters reported sales of ${tonnes(random)} tonnes of wheat to ${name} for delivery in the ${random.integer(2024, 2027)} season, the farm department said.`,
    `The marketing year for wheat began on ${date(random)}. Under reporting rules exporters must report sales of 100,000 tonnes or more made in one day by the next business day.`,
    `Total commitments to ${name} now stand at ${tonnes(random)} tonnes against ${tonnes(random)} tonnes a year ago.`,
  ],
});

const bond: Report = (random, name) => ({
  title: `${name} issues ${random.integer(30, 500)} mln dlr eurobond`,
  paragraphs: [
    `${name} is issuing a ${random.integer(30, 500)} mln dlr eurobond due ${date(random)}, ${random.integer(2028, 2045)}, paying ${percent(random)} and priced at ${random.integer(98, 102)}-${random.integer(1, 7)}/8, lead manager ${company(random)} said.`,
    `The non-callable bond is available in denominations of ${random.pick(['1,000', '5,000', '10,000'])} dlrs and will be listed in ${random.pick(PLACES)}. The selling concession is ${percent(random)} while management and underwriting combined pays ${percent(random)}. Payment date is ${date(random)}.`,
  ],
});

const stake: Report = (random, name) => ({
  title: `Investor group lifts ${name} stake to ${percent(random)}`,
  paragraphs: [
    `An investor group led by ${person(random)} told the securities commission it raised its stake in ${name} to ${money(random)} shares, or ${percent(random)} of the total outstanding common stock, from ${money(random)} shares.`,
    `The group said it bought ${money(random)} ${name} common shares between ${date(random)} and ${date(random)} at ${random.integer(4, 90)}.${random.integer(10, 99)} dlrs a share. It said it has no plans to seek control but may buy more stock.`,
  ],
});

const currency: Report = (random, name) => ({
  title: `Dollar ${random.pick(['opens lower', 'closes higher', 'little changed'])} in ${name}`,
  paragraphs: [
    `The dollar was fixed at ${rate(random)} crowns in ${name} today after ${rate(random)} at yesterday's fixing. There was no intervention by the central bank, dealers said.`,
    `Trading was quiet ahead of figures due later this week. The pound was quoted at ${rate(random)} after ${rate(random)}, the franc at ${rate(random)} and the yen at ${rate(random)} per hundred.`,
  ],
});

const football: Report = (random, name) => ({
  title: `${name} ${random.integer(0, 5)}-${random.integer(0, 5)} ${random.pick(PLACES)}`,
  paragraphs: [
    `${name} played ${random.pick(PLACES)} in round ${random.integer(1, 34)} of the premier division before ${money(random)} spectators. ${person(random)} scored in minute ${random.integer(1, 45)} and ${person(random)} in minute ${random.integer(46, 90)}.`,
    `${name} now have ${random.integer(3, 80)} points from ${random.integer(3, 34)} matches and stand in place ${random.integer(1, 18)} of the table.`,
  ],
});

const weather: Report = (random, name) => ({
  title: `Weather for ${name}, ${date(random)}`,
  paragraphs: [
    `Morning temperatures of ${random.integer(1, 14)} degrees rise to ${random.integer(15, 34)} degrees in the afternoon. Winds from the ${random.pick(['north', 'south', 'east', 'west'])} reach ${random.integer(10, 90)} kilometres an hour with a chance of rain of ${random.integer(5, 95)} per cent.`,
    `Sunrise in ${name} is at ${random.integer(5, 8)}.${random.integer(10, 59)}, sunset at ${random.integer(17, 21)}.${random.integer(10, 59)}. The water of the bay has ${random.integer(8, 24)} degrees.`,
  ],
});

const SERIES: { report: Report; named: 'place' | 'company' }[] = [
  { report: earnings, named: 'company' },
  { report: dividend, named: 'company' },
  { report: stake, named: 'company' },
  { report: bond, named: 'company' },
  { report: moneyMarket, named: 'place' },
  { report: reserves, named: 'place' },
  { report: grain, named: 'place' },
  { report: currency, named: 'place' },
  { report: football, named: 'place' },
  { report: weather, named: 'place' },
];

/** `count` issues of one series: some about one name, day after day, others about another name each. */
export function writeSeries(random: Random, count: number): WrittenNews[] {
  const { report, named } = random.pick(SERIES);
  const name = (): string => (named === 'place' ? random.pick(PLACES) : company(random));
  const steady = random.next() < 0.5 ? name() : null;
  return Array.from({ length: count }, () => report(random, steady ?? name()));
}
