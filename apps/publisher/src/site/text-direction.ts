/** Which way a language is written. */

const RIGHT_TO_LEFT = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** For a language's BCP 47 tag; undefined where it is not known: then the browser looks at the letters (`dir=auto`). */
export function textDirection(language: string | null): 'ltr' | 'rtl' | 'auto' {
  if (language === null) return 'auto';
  return RIGHT_TO_LEFT.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
}
