/** Language tags as feeds write them, reduced to what the hub keeps. */

/** Codes that name the same or are written differently by detector and feeds. */
const ALIASES: Record<string, string> = { nb: 'no', in: 'id', iw: 'he', ji: 'yi', fil: 'tl', mo: 'ro' };

/** What codes were found to mean; as many as there are codes of three letters. Asking ICU takes microseconds, and filters ask for each story. */
const CANONICAL = new Map<string, string>();

/** `en-GB` → `en`, `deu` → `de`; null for anything that is no language tag. */
export function primarySubtag(tag: string | null | undefined): string | null {
  const first =
    tag
      ?.trim()
      .toLowerCase()
      .split(/[-_;,\s]/)[0] ?? '';
  if (!/^[a-z]{2,3}$/.test(first) || ['und', 'mul', 'zxx', 'xx'].includes(first)) return null;
  const known = CANONICAL.get(first);
  if (known !== undefined) return known;
  // "sh" is "sr-Latn" there.
  const canonical = Intl.getCanonicalLocales(first)[0]?.split('-', 1)[0] ?? first;
  const code = ALIASES[canonical] ?? canonical;
  CANONICAL.set(first, code);
  return code;
}

/** The one code that items have for a language, by any that somebody asks for it: `nb` → `no`, `deu` → `de`. */
export function languageAsked(code: string): string {
  return CANONICAL.get(code) ?? primarySubtag(code) ?? code;
}
