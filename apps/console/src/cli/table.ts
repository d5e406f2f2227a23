/** Lists as aligned columns. What comes from partners is made harmless first: a terminal obeys control characters. */

/** A heading and how a row shows under it. */
export type Column<Row> = readonly [heading: string, show: (row: Row) => string];

const MAX_WIDTH = 70;

/** Lines of text; `none` when there are no rows. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): string {
  if (rows.length === 0) return none;
  const cells = [
    columns.map(([heading]) => heading),
    ...rows.map((row) => columns.map(([, show]) => harmless(show(row)))),
  ];
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One line without control or direction characters, cut to what a column holds. */
export function harmless(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return clean.length > MAX_WIDTH ? `${clean.slice(0, MAX_WIDTH - 1)}…` : clean;
}

/** A value of an API answer as text: nothing for null. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
