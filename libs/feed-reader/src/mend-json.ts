/** Mends JSON the way a person would read it: line ends inside texts, commas too many, NaN, a document that was cut off. */

/** The next place outside texts that matters. */
const OUTSIDE = /["{}[\],]|-?\b(?:NaN|Infinity)\b/g;
/** In pieces, as everywhere: a run of millions in one match can exhaust the stack of the expression. */
const CONTROLS = /[\u0000-\u001f]{1,4096}/g;
const QUOTE = 34;
const BACKSLASH = 92;
const FIRST_PRINTABLE = 32;

/**
 * `text` with the commonest faults mended; of a cut list of items the whole ones. The result may still be no JSON.
 * One pass, linear in the length.
 */
export function mendJson(text: string): string {
  const kept = new Pieces();
  let from = 0;
  let at = 0;
  const open: string[] = [];
  /** How much stood when the last item of the outermost list was whole. */
  let wholeLength = 0;
  const keep = (to: number): void => {
    kept.add(text.slice(from, to));
    from = to;
  };
  while (at < text.length) {
    OUTSIDE.lastIndex = at;
    const found = OUTSIDE.exec(text);
    if (!found) break;
    at = found.index + 1;
    const char = found[0];
    if (char === '"') {
      at = endOfText(text, at, (first, end) => {
        keep(first);
        kept.add(escaped(text.slice(first, end)));
        from = end;
      });
    } else if (char === ',') {
      if (/^\s*[\]}]/.test(text.slice(at, at + 200))) {
        keep(at - 1);
        from = at;
      }
    } else if (char.length > 1) {
      // Python and JavaScript print numbers that JSON does not have.
      keep(found.index);
      kept.add('null');
      at = from = found.index + char.length;
    } else if (char === '{' || char === '[') open.push(char);
    else {
      open.pop();
      if (char === '}' && open.length === 2 && open[0] === '{' && open[1] === '[') {
        keep(at);
        wholeLength = kept.length;
      }
      // What stands behind the document is no part of it.
      if (open.length === 0) {
        keep(at);
        return kept.text();
      }
    }
  }
  if (wholeLength > 0) return `${kept.text().slice(0, wholeLength)}]}`;
  keep(text.length);
  return kept.text();
}

/** What is kept of a document, joined now and then: millions of pieces take far more memory than their characters. */
class Pieces {
  length = 0;
  private joined: string[] = [];
  private pieces: string[] = [];

  add(piece: string): void {
    this.length += piece.length;
    if (this.pieces.push(piece) < 10_000) return;
    this.joined.push(this.pieces.join(''));
    this.pieces = [];
  }

  text(): string {
    return this.joined.join('') + this.pieces.join('');
  }
}

/** Raw control characters as JSON wants them inside a text (RFC 8259, section 7). */
function escaped(controls: string): string {
  return controls.replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t').replace(CONTROLS, '');
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
    } else if (char === '}' || char === ']') depth--;
  }
}

/** Index after the closing quote of the text that begins at `at`; `mend` is told of each run of raw control characters. */
function endOfText(text: string, at: number, mend: (first: number, end: number) => void): number {
  // By character codes: an expression takes ten times as long where every character matters.
  let index = at;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) return index + 1;
    if (code < FIRST_PRINTABLE) {
      const first = index;
      while (text.charCodeAt(index) < FIRST_PRINTABLE) index++;
      mend(first, index);
    } else index += code === BACKSLASH ? 2 : 1;
  }
  return text.length;
}
