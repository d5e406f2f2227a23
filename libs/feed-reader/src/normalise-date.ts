/** Brings dates into one spelling before they are read: spaces, dashes, digits, and the habits of some systems. */

/** First years, less one, of the Japanese eras that feeds can still name. */
const ERAS: Record<string, number> = { 昭和: 1925, 平成: 1988, 令和: 2018 };
/** Zeros of the digits that are not ASCII: Arabic, Persian, Devanagari, full width. */
const ZEROS = [0x660, 0x6f0, 0x966, 0xff10];

/** `text` trimmed, cut to 500 characters and spelt the one way that parseDate reads. */
export function normaliseDate(text: string): string {
  return (
    text
      .slice(0, 500)
      .replace(/[\u00a0\u2000-\u200f\u202f\u3000\ufeff\s]+/g, ' ')
      .replace(/[\u2010-\u2015\u2212]/g, '-')
      .replace(/[٠-٩۰-۹०-९０-９]/g, asciiDigit)
      .replace(/\([^()]*\)/g, (comment) => (/^\(\d{13}\)$/.test(comment) ? comment : ' '))
      // JSON of older .NET: /Date(1136214245000)/
      .replace(/^\/?Date\((\d{13})\)\/?$/, '$1')
      .replace(/(昭和|平成|令和)(\d{1,2}|元)(?=年)/u, (_era, name: string, year: string) =>
        String((ERAS[name] ?? 0) + (year === '元' ? 1 : Number(year))),
      )
      .replace(/(\d{1,2})\s?h\s?(\d{2})\b/gi, '$1:$2')
      // 02/Jan/2006:15:04:05, as web servers log it.
      .replace(/^(\d{1,2}\/[a-z]{3}\/\d{4}):(?=\d\d:)/i, '$1 ')
      // 15.04.05 behind a year is a time.
      .replace(
        /(\d{4} )(\d{1,2})\.(\d\d)(?:\.(\d\d))?(?= |$)/,
        (_time, year: string, ...parts: string[]) => `${year}${parts.slice(0, 3).filter(Boolean).join(':')}`,
      )
      // Hungarian and Korean: 2006. 01. 02.
      .replace(/^(\d{4})\. ?(\d{1,2})\. ?(\d{1,2})\.?(?= |$)/, '$1-$2-$3')
      // Fourteen or twelve digits in a row, as databases export.
      .replace(/^((?:19|20)\d\d[01]\d[0-3]\d)([0-2]\d[0-5]\d(?:[0-5]\d)?)$/, '$1T$2')
      // Java names the place behind the offset; others write the zone twice.
      .replace(/(Z|[+-]\d\d:?\d\d) ?\[[\w/+-]+\]$/i, '$1')
      .replace(/(Z|[+-]\d\d:?\d\d)Z$/i, '$1')
      // A weekday tells nothing before a date that begins with its year.
      .replace(/^\s*[\p{L}.]+,?\s+(?=\d{4}[-/.])/u, '')
      .replace(/ +/g, ' ')
      .trim()
  );
}

function asciiDigit(digit: string): string {
  const code = digit.charCodeAt(0);
  const zero = ZEROS.findLast((each) => each <= code) ?? code;
  return String(code - zero);
}
