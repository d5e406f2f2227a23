/** Reads comma-separated values as they arrive (RFC 4180), forgiving what spreadsheets make of them. */

/** `line`: where the row begins, from 1. `problem`: why its cells cannot be trusted. */
export interface CsvRow {
  line: number;
  cells: string[];
  problem?: string;
}

export const UNCLOSED = 'a quotation mark is not closed, so nothing behind it could be read';
const MAX_CELL = 2_000;
const MAX_CELLS = 50;

/**
 * Commas part cells, or semicolons where the first line has those alone. Cells may stand in quotation marks, doubled inside; then
 * they may hold separators and line breaks. Lines end by LF, CR LF or CR; empty ones are no rows. Long cells are cut and named.
 */
export class CsvRows {
  private separator: string | undefined;
  private pending = '';
  private line = 1;
  private begunAt = 1;
  private cells: string[] = [];
  private cell = '';
  private quoted: 'no' | 'inside' | 'behind' = 'no';
  private problem: string | undefined;
  private afterCr = false;

  /** The rows that this piece of text completes. */
  push(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    if (this.separator === undefined) {
      this.pending += text;
      const end = this.pending.search(/[\r\n]/);
      if (end === -1 && this.pending.length < MAX_CELL) return rows;
      return this.begin(end === -1 ? this.pending.length : end);
    }
    for (const character of text) this.take(character, rows);
    return rows;
  }

  /** The last row, where no line break ends it. */
  end(): CsvRow[] {
    const rows = this.separator === undefined ? this.begin(this.pending.length) : [];
    // Before what else is wrong with it: the row has swallowed all that is behind it.
    if (this.quoted === 'inside') this.problem = UNCLOSED;
    this.endRow(rows);
    return rows;
  }

  private begin(end: number): CsvRow[] {
    const first = this.pending.slice(0, end);
    this.separator = first.includes(';') && !first.includes(',') ? ';' : ',';
    const text = this.pending.replace(/^\uFEFF/, '');
    this.pending = '';
    return this.push(text);
  }

  private take(character: string, rows: CsvRow[]): void {
    const isBreak = character === '\n' || character === '\r';
    const isSecondHalf = character === '\n' && this.afterCr;
    this.afterCr = character === '\r';
    if (isBreak && !isSecondHalf) this.line += 1;
    if (this.quoted === 'inside') {
      if (character === '"') this.quoted = 'behind';
      else this.add(character);
      return;
    }
    if (character === '"' && this.quoted === 'behind') {
      this.quoted = 'inside';
      this.add('"');
    } else if (character === '"' && this.cell.trim() === '') {
      this.quoted = 'inside';
      this.cell = '';
    } else if (character === this.separator) this.endCell();
    else if (isBreak) {
      if (!isSecondHalf) this.endRow(rows);
    } else this.add(character);
  }

  private add(character: string): void {
    if (this.cell.length < MAX_CELL) this.cell += character;
    else this.problem ??= `a cell has more than ${MAX_CELL} characters`;
  }

  private endCell(): void {
    if (this.cells.length < MAX_CELLS) this.cells.push(this.cell.trim());
    else this.problem ??= `it has more than ${MAX_CELLS} cells`;
    this.cell = '';
    this.quoted = 'no';
  }

  private endRow(rows: CsvRow[]): void {
    this.endCell();
    const isEmpty = this.cells.every((cell) => cell === '');
    if (!isEmpty || this.problem !== undefined)
      rows.push({
        line: this.begunAt,
        cells: this.cells,
        ...(this.problem === undefined ? {} : { problem: this.problem }),
      });
    this.cells = [];
    this.problem = undefined;
    this.begunAt = this.line;
  }
}

/** One line with its end (CR LF, as RFC 4180 has it). */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",;\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
