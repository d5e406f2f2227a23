/** Offices, parliaments and exchanges that news at home names without their country; those in places.json ("the Kremlin") are parts of it. */

/** ISO 3166 code → names. Such as several countries have ("Congress", "Securities Commission") are not here, nor agencies of the press. */
const INSTITUTIONS = `
US: Securities and Exchange Commission, SEC, Federal Reserve, Food and Drug Administration, FDA, Federal Communications Commission, FCC, Federal Trade Commission, FTC, Federal Aviation Administration, FAA, Internal Revenue Service, IRS, Federal Deposit Insurance Corp, FDIC, Federal Home Loan Bank, Commodity Futures Trading Commission, CFTC, NASA, FBI, CIA, Nasdaq, NASDAQ, NYSE
GB: House of Lords, FTSE, Scotland Yard
DE: Bundesbank, Bundestag
FR: Elysee, Élysée, Matignon
IT: FTSE MIB
IL: Knesset
JP: Nikkei
IN: Lok Sabha, Rajya Sabha, Sensex
SE: Riksbank, Riksdag
NO: Storting, Norges Bank
DK: Folketing
PL: Sejm
IE: Taoiseach, Oireachtas
RU: State Duma
UA: Verkhovna Rada
KR: Kospi
BR: Bovespa
`;

/** Which other countries have one of that name: where a text names such a country, it is that one's. */
const ALSO_OF = `
Securities and Exchange Commission, SEC: PH TH NG GH BD LK KE ZM
Food and Drug Administration, FDA: PH TH GH TW IN
FTC: JP KR TW
`;

/** Languages in which its letters mean something else: a tax, a builder, a club. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  pt: ['IRS'],
  it: ['IRS'],
  es: ['FCC', 'SEC'],
  ca: ['FCC'],
  gl: ['FCC'],
  hu: ['FTC'],
};

/** `alsoOf`: codes of other countries that have one of that name. */
export interface NationalInstitution {
  name: string;
  code: string;
  alsoOf: ReadonlySet<string>;
}

const OTHERS = new Map(
  ALSO_OF.trim()
    .split('\n')
    .flatMap((line) => {
      const [names = '', codes = ''] = line.split(': ');
      return names.split(', ').map((name): [string, ReadonlySet<string>] => [name, new Set(codes.split(' '))]);
    }),
);

const ALL: readonly NationalInstitution[] = INSTITUTIONS.trim()
  .split('\n')
  .flatMap((line) => {
    const [code = '', names = ''] = line.split(': ');
    return names.split(', ').map((name) => ({ name, code, alsoOf: OTHERS.get(name) ?? new Set<string>() }));
  });

/** Those that a text in the language may name. */
export function nationalInstitutions(language: string): readonly NationalInstitution[] {
  const others = OTHER_WORDS[language] ?? [];
  return ALL.filter(({ name }) => !others.includes(name));
}
