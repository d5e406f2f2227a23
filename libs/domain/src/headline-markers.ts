/** What wires put before a headline to say that it changes an earlier one, and what tells a round-up from a story. */

/** "UPDATE 2-", "CORRECTED:", "(Corrects figure)", "Aktualisiert:", … at either end of a headline. */
const MARKER = String.raw`(?:(?:\d+(?:st|nd|rd|th)\s+)?(?:update|upd|aktualisierung|mise à jour|actualización|actualizacion)(?:\s*\d{1,2})?|(?:recasts?|refiled?|corrected|correction|corrects|korrigiert|korrektur|berichtigung|berichtigt|aktualisiert|corrigé|rectificatif|actualisé|corregido|corrección|actualizado|lead\s*\d{0,2}|\d+(?:st|nd|rd|th)\s+ld|refile|repeat|rpt|urgent|eil(?:meldung)?|breaking|flash)(?:\s*\d{1,2})?)`;
const LEADING = new RegExp(
  String.raw`^\s*[[(]?${MARKER}[\])]?\s*[-–—:|/]+\s*|^\s*[[(]${MARKER}\b[^\])]{0,60}[\])]\s*`,
  'iu',
);
const TRAILING = new RegExp(String.raw`\s*[[(]${MARKER}\b[^\])]{0,60}[\])]\s*$|\s+[-–—|/]\s*${MARKER}\s*$`, 'iu');

/** `title` without its markers; `isUpdate` when it had one. "UPDATE 1-CORRECTED-Bank cuts rates" has two. */
export function unmarkedHeadline(headline: string): { title: string; isUpdate: boolean } {
  let title = headline;
  for (let left = 3; left > 0; left -= 1) {
    const next = title.replace(LEADING, '').replace(TRAILING, '');
    if (next === title || next.trim() === '') break;
    title = next;
  }
  return { title: title.trim(), isUpdate: title !== headline };
}

/** Markers that say that the text is another one now; "URGENT" and "RPT" do not. */
const CHANGES: [kind: string, words: RegExp][] = [
  ['correction', /corre|korr|berichtig|corrig|rectif/iu],
  ['update', /upd|aktualis|mise à jour|actuali/iu],
  ['recast', /recast/iu],
  ['lead', /lead|\bld\b/iu],
];

/** What a headline's markers say has changed, with the number if there is one: "correction", "update 2". */
export function changeMarks(headline: string): Set<string> {
  const marks = new Set<string>();
  let title = headline;
  for (let left = 3; left > 0; left -= 1) {
    const marker = LEADING.exec(title)?.[0] ?? TRAILING.exec(title)?.[0] ?? '';
    const kind = CHANGES.find(([, words]) => words.test(marker))?.[0];
    if (kind !== undefined) marks.add(`${kind} ${kind === 'correction' ? '' : (/\d+/.exec(marker)?.[0] ?? '')}`.trim());
    const next = title.replace(marker, '');
    if (marker === '' || next.trim() === '') break;
    title = next;
  }
  return marks;
}

/** One of the markers of `headline` says of a change that the `other` headline has not been told of. */
export function saysChanged(headline: string, other: string): boolean {
  const marks = changeMarks(headline);
  if (marks.size === 0) return false;
  const known = changeMarks(other);
  return [...marks].some((mark) => !known.has(mark));
}

/** Several stories in one item: gluing through them would make one story of strangers. */
const ROUND_UP = new RegExp(
  [
    String.raw`^\W*(?:wrap-?up|round-?up|live|live[- ]?blog|liveticker|en direct|en vivo|ao vivo|briefs|newsletter|digest|podcast)(?:\s*\d{1,2})?\s*[-–—:|]`,
    String.raw`\b(?:live[- ]?(?:blog|updates?|ticker|coverage)|liveticker|minute by minute|as it happened)\b`,
    String.raw`\b(?:news|business|world|sports?|market|weekly|daily|morning|evening|week(?:end)?)\s+(?:round-?up|wrap(?:-?up)?|briefs?|briefing|digest|summary|highlights)\b`,
    // "In brief: Mayor opens new bridge" is one story in few words.
    String.raw`(?:^\W*in brief(?!\s*[-–—:|]\s*(?:\S+\s+){3,}\S)|\S\s+in brief)\b`,
    String.raw`\b(?:at a glance|what to watch|things to know|top stories|top news|headlines (?:of the day|at)|press digest|what you need to know today|the week ahead|day ahead)\b`,
    String.raw`\b(?:nachrichtenüberblick|kurz(?:meldungen|\s+notiert)|das wichtigste|nachrichten(?:ticker|überblick)|tagesüberblick|pressestimmen|revue de presse|l'essentiel|resumen de (?:noticias|prensa))\b`,
  ].join('|'),
  'iu',
);

/** By its headline alone. */
export function isRoundUp(headline: string): boolean {
  return ROUND_UP.test(headline);
}
