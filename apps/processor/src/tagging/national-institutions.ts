/** Offices, parliaments and exchanges that news at home names without their country; those in places.json ("the Kremlin") are parts of it. */

/** ISO 3166 code → names. Such as several countries have ("Congress", "Securities Commission") are not here, nor agencies of the press. */
const INSTITUTIONS = `
US: Securities and Exchange Commission, SEC, Federal Reserve, Food and Drug Administration, FDA, Federal Communications Commission, FCC, Federal Trade Commission, FTC, Federal Aviation Administration, FAA, Internal Revenue Service, IRS, Federal Deposit Insurance Corp, FDIC, Federal Home Loan Bank, Commodity Futures Trading Commission, CFTC, Environmental Protection Agency, NASA, FBI, CIA, Nasdaq, NASDAQ, NYSE, Chapter 11
GB: House of Lords, FTSE, Scotland Yard
DE: Bundesbank, Bundestag
FR: Elysee, Élysée, Matignon
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

/** Each institution with its country's code. */
export const NATIONAL_INSTITUTIONS: readonly (readonly [name: string, code: string])[] = INSTITUTIONS.trim()
  .split('\n')
  .flatMap((line) => {
    const [code = '', names = ''] = line.split(': ');
    return names.split(', ').map((name) => [name, code] as const);
  });
