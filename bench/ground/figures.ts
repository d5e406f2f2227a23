/** What the bench finds out: figures beside their ceilings, as a table for people and as JSON for later. */

/** A limit measured in the same run: what the machine does with nothing of ours around it. */
export interface Ceiling {
  name: string;
  value: number;
}

export interface Figure {
  part: string;
  name: string;
  value: number;
  unit: string;
  ceilings: Ceiling[];
  /** The speed to reach, where there is one: a least value, or a most one for times. */
  target?: { least?: number; most?: number; leastRatio?: number };
  note?: string;
}

/** The figure over its ceiling; undefined for a ceiling of nothing. */
function ratio(figure: Figure, ceiling: Ceiling): number | undefined {
  return ceiling.value > 0 ? figure.value / ceiling.value : undefined;
}

/** Whether the figure reaches its target; undefined where it has none. */
export function reached(figure: Figure): boolean | undefined {
  const { target } = figure;
  if (!target) return undefined;
  const [first] = figure.ceilings;
  const share = first && ratio(figure, first);
  return (
    (target.least === undefined || figure.value >= target.least) &&
    (target.most === undefined || figure.value <= target.most) &&
    (target.leastRatio === undefined || (share !== undefined && share >= target.leastRatio))
  );
}

/** A number as a table shows it: three figures where they matter. */
export function show(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return value.toPrecision(3);
}

/** The table, one line a ceiling. */
export function table(figures: Figure[]): string {
  const rows = [['', 'measured', 'ceiling in the same run', 'ratio', 'target']];
  for (const figure of figures) {
    const first = figure.ceilings[0];
    rows.push([
      figure.name,
      `${show(figure.value)} ${figure.unit}`,
      ...ceilingCells(figure, first),
      targetCell(figure),
    ]);
    for (const ceiling of figure.ceilings.slice(1)) rows.push(['', '', ...ceilingCells(figure, ceiling), '']);
    if (figure.note) rows.push([`  ${figure.note}`]);
  }
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...rows.filter((row) => row.length > 1).map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row.length === 1
        ? row[0]
        : row
            .map((cell, column) => cell.padEnd(widths[column] ?? 0))
            .join('  ')
            .trimEnd(),
    )
    .join('\n');
}

function ceilingCells(figure: Figure, ceiling: Ceiling | undefined): [string, string] {
  if (!ceiling) return ['', ''];
  const share = ratio(figure, ceiling);
  return [`${show(ceiling.value)} ${ceiling.name}`, share === undefined ? '' : share.toFixed(2)];
}

function targetCell(figure: Figure): string {
  const { target } = figure;
  if (!target) return '';
  const words = [
    ...(target.least === undefined ? [] : [`>= ${show(target.least)}`]),
    ...(target.most === undefined ? [] : [`< ${show(target.most)}`]),
    ...(target.leastRatio === undefined ? [] : [`ratio >= ${target.leastRatio}`]),
  ].join(', ');
  return `${words} ${reached(figure) ? 'reached' : 'MISSED'}`;
}
