/** Prints the labelled corpus for `dateline evaluate`: `node dist/bench/corpus/write.js [--seed S] [--stories N] [--reports N] [--copies N]`. */
import { parseArgs } from 'node:util';
import { republications } from './republications.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'corpus' },
    stories: { type: 'string', default: '2000' },
    reports: { type: 'string', default: '3000' },
    copies: { type: 'string', default: '3' },
  },
});
const [stories, reports, copies] = [values.stories, values.reports, values.copies].map(Number) as [
  number,
  number,
  number,
];
for (const line of republications({ seed: values.seed, stories, reports, copies }))
  process.stdout.write(`${JSON.stringify(line)}\n`);
