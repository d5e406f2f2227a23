/** Mends JSON the way a person would read it: line ends inside texts, commas too many, a document that was cut off. */

/** What stands for a control character inside a text, which JSON wants escaped (RFC 8259, section 7). */
const ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
/** The next place inside a text that matters: its end, an escape, a control character. */
const IN_TEXT = /["\\\u0000-\u001f]/g;
/** The next place outside texts that matters. */
const OUTSIDE = /["{}[\],]/g;

/**
 * `text` with the commonest faults mended; of a cut list of items the whole ones. The result may still be no JSON.
 * One pass, linear in the length.
 */
export function mendJson(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let at = 0;
  const open: string[] = [];
  /** How many pieces stood when the last item of the outermost list was whole. */
  let wholePieces = 0;
  const keep = (to: number): void => {
    kept.push(text.slice(from, to));
    from = to;
  };
  while (at < text.length) {
    OUTSIDE.lastIndex = at;
    const found = OUTSIDE.exec(text);
    if (!found) break;
    at = found.index + 1;
    const char = found[0];
    if (char === '"') {
      at = endOfText(text, at, (index, escape) => {
        keep(index);
        kept.push(escape);
        from = index + 1;
      });
    } else if (char === ',') {
      if (/^\s*[\]}]/.test(text.slice(at, at + 200))) {
        keep(at - 1);
        from = at;
      }
    } else if (char === '{' || char === '[') open.push(char);
    else {
      open.pop();
      if (char === '}' && open.length === 2 && open[0] === '{' && open[1] === '[') {
        keep(at);
        wholePieces = kept.length;
      }
      // What stands behind the document is no part of it.
      if (open.length === 0) {
        keep(at);
        return kept.join('');
      }
    }
  }
  if (wholePieces > 0) return `${kept.slice(0, wholePieces).join('')}]}`;
  keep(text.length);
  return kept.join('');
}

/** Whether lists and objects are nested deeper than `limit`: parsers take much memory for each level. */
export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; ;) {
    OUTSIDE.lastIndex = at;
    const found = OUTSIDE.exec(text);
    if (!found) return false;
    at = found.index + 1;
    const char = found[0];
    if (char === '"') at = endOfText(text, at, () => undefined);
    else if (char === '{' || char === '[') {
      if (++depth > limit) return true;
    } else if (char !== ',') depth--;
  }
}

/** Index after the closing quote of the text that begins at `at`; `mend` is told of each raw control character. */
function endOfText(text: string, at: number, mend: (index: number, escape: string) => void): number {
  for (;;) {
    IN_TEXT.lastIndex = at;
    const found = IN_TEXT.exec(text);
    if (!found) return text.length;
    at = found.index + 1;
    if (found[0] === '"') return at;
    if (found[0] === '\\') at++;
    else mend(found.index, ESCAPES[found[0]] ?? '');
  }
}
