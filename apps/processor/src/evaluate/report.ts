/** An evaluation's figures as a table for people. Pure. */
import type { Evaluated } from './evaluation.js';
import type { Score } from './pair-score.js';

/** What an evaluation answers; `--json` prints it as it is (docs/evaluate.md). */
export interface EvaluationReport extends Evaluated {
  lines: number;
  leftOut: number;
}

export function inWords(report: EvaluationReport): string {
  const { items, lines, leftOut, failed, stories, itemsPerSecond, seconds, suppressed } = report;
  const head = [
    `${count(items)} items became ${count(stories)} stories in ${seconds.toFixed(1)} s: ${count(Math.round(itemsPerSecond))} items/s`,
    ...(leftOut === 0 ? [] : [`${count(leftOut)} of ${count(lines)} lines are left out`]),
    ...(failed === 0 ? [] : [`${count(failed)} items came into no story`]),
  ];
  const scores: [string, Score][] = [
    ['duplicate pairs', report.duplicatePairs],
    ['linked pairs', report.linkedPairs],
    ...Object.entries(report.tags ?? {}).map(([scheme, score]): [string, Score] => [`tags: ${scheme}`, score]),
  ];
  const foot = [
    `suppressed without need   ${percent(suppressed.share)} (${count(suppressed.wrongly)} of ${count(suppressed.withoutCopy)} items without a copy)`,
    ...clustersLine(report),
    ...languageLines(report),
  ];
  return [...head, '', scoreTable(scores), '', ...foot].join('\n');
}

function scoreTable(scores: readonly [string, Score][]): string {
  const rows = [
    ['', 'precision', 'recall', 'F1', 'right', 'wrong', 'missed'],
    ...scores.map(([name, { precision, recall, f1, right, wrong, missed }]) => [
      name,
      ...[precision, recall, f1].map(share),
      ...[right, wrong, missed].map(count),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(24) : cell.padStart(widths[column] ?? 0))).join('  '),
    )
    .map((row) => row.trimEnd())
    .join('\n');
}

function clustersLine({ relatedClusters }: EvaluationReport): string[] {
  if (relatedClusters === null) return [];
  const { ari, items, expected, found } = relatedClusters;
  return [
    `related clusters          ARI ${share(ari)} (${count(items)} items in ${count(expected)} clusters, found ${count(found)})`,
  ];
}

const WORST_LANGUAGES = 5;

function languageLines({ language }: EvaluationReport): string[] {
  if (language === null) return [];
  const worst = Object.entries(language.byLanguage)
    .map(([code, { items, right }]) => ({ code, items, wrong: items - right }))
    .filter(({ wrong }) => wrong > 0)
    .sort((a, b) => b.wrong - a.wrong)
    .slice(0, WORST_LANGUAGES)
    .map(({ code, items, wrong }) => `${code} ${count(wrong)} of ${count(items)}`);
  return [
    `language                  ${percent(language.accuracy)} right (${count(language.right)} of ${count(language.items)})`,
    ...(worst.length === 0 ? [] : [`  most often wrong        ${worst.join(', ')}`]),
  ];
}

const share = (value: number | null): string => (value === null ? '-' : value.toFixed(4));
const percent = (value: number | null): string => (value === null ? '-' : `${(value * 100).toFixed(2)} %`);
const count = (value: number): string => value.toLocaleString('en-GB');
