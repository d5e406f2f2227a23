/** Where the firm that a report begins with is listed: wires put its exchange and its code behind its name ("<QUIL.L>", "(TSX: QUIL)"). Pure. */

/** ISO 3166 code → endings of codes, as wires write them. */
const ENDINGS =
  codes(`GB: L | CA: TO, V | JP: T | DE: F, DE | FR: PA | NL: AS | IT: MI | ES: MC | BE: BR | PT: LS | AT: VI | SE: ST | DK: CO | FI: HE | NO: OL
  HK: HK | SG: SI | KR: KS, KQ | AU: AX | NZ: NZ | CN: SS, SZ | TW: TW | IN: NS, BO | ID: JK | MY: KL | TH: BK | ZA: JO | BR: SA | MX: MX | IL: TA | PL: WA | US: N, O, OQ`);
/** Exchanges before a colon, as press releases write them. */
const EXCHANGES =
  codes(`GB: LSE, AIM | CA: TSX, TSXV, TSX-V, CSE | DE: XETRA, FWB, ETR | AU: ASX | NZ: NZX | SG: SGX | HK: HKEX, SEHK | ZA: JSE | ES: BME | IL: TASE
  US: NYSE, NASDAQ, Nasdaq, AMEX, OTC, OTCQB, OTCQX`);
const LISTING = /[<([]\s?(?:[A-Z0-9]{2,8}\.([A-Z]{1,2})\s?[>)\]]|([A-Za-z-]{3,6})\s?:\s?[A-Z0-9.]{1,8}\b)/g;

export interface Listing {
  /** ISO 3166. */
  code: string;
  /** As the text writes it, without brackets. */
  evidence: string;
}

/** The first listing in a text's beginning; undefined where there is none, or one of an exchange that is not known. */
export function firstListing(beginning: string): Listing | undefined {
  for (const [written, ending, exchange] of beginning.matchAll(LISTING)) {
    const code = ending === undefined ? EXCHANGES.get(exchange ?? '') : ENDINGS.get(ending);
    if (code !== undefined) return { code, evidence: written.replace(/[^\w.: -]/g, '').trim() };
    if (ending !== undefined) return undefined;
  }
  return undefined;
}

/** Codes as wires write them in angle brackets, with an ending or without ("<QUIL>", "<QUIL.L>"): capitals only. */
const CODE = /<[A-Z0-9]{1,8}(?:\.[A-Z]{1,4})?>/g;

/** Where a text has codes of exchanges, in UTF-16 units: no word there is a name, not the exchange's either. */
export function listingCodes(text: string): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (const { 0: written, index } of text.matchAll(CODE)) found.push({ from: index, to: index + written.length });
  for (const { 0: written, 2: exchange, index } of text.matchAll(LISTING))
    if (exchange !== undefined && EXCHANGES.has(exchange)) found.push({ from: index, to: index + written.length });
  return found;
}

function codes(list: string): ReadonlyMap<string, string> {
  return new Map(
    list.split(/[|\n]/).flatMap((line) => {
      const [code = '', all = ''] = line.trim().split(': ');
      return all.split(', ').map((one): [string, string] => [one, code]);
    }),
  );
}
