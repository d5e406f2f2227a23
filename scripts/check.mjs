// What `npm run check` runs: everything that can be said about the code without running it, all failures at the end.
import './setup/node-version.mjs';
import { cpus } from 'node:os';
import { ensureDependencies } from './setup/dependencies.mjs';
import { inRoot, ROOT } from './setup/places.mjs';
import { runCommand } from './setup/run-command.mjs';
import { runScript } from './setup/run-script.mjs';
import { say } from './setup/say.mjs';

const STEPS = [
  { name: 'lint', program: 'eslint/bin/eslint.js', args: ['.', '--max-warnings=0'] },
  { name: 'types', program: 'typescript/bin/tsc', args: ['-p', '.', '--noEmit', '--incremental', 'false'] },
  { name: 'format', program: 'prettier/bin/prettier.cjs', args: ['--check', '.'] },
  {
    name: 'dependency rules',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['apps', 'libs', 'demo', 'bench', 'test', 'scripts', '--config', '.dependency-cruiser.cjs'],
  },
  { name: 'unused code', program: 'knip/bin/knip.js', args: ['--no-progress', '--treat-config-hints-as-errors'] },
];
const AT_ONCE = Math.min(2, cpus().length);

await runScript(async () => {
  await ensureDependencies();
  const queue = [...STEPS];
  const failures = [];
  const work = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const result = await runStep(step);
      if (result.code !== 0) failures.push(result);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const { name, output } of failures) process.stdout.write(`\n--- ${name} ---\n${output.trim()}\n`);
  say(failures.length === 0 ? 'all checks pass' : `failed: ${failures.map(({ name }) => name).join(', ')}`);
  return failures.length === 0 ? 0 : 1;
});

async function runStep({ name, program, args }) {
  const startedAt = Date.now();
  const { code, output } = await runCommand(process.execPath, [inRoot('node_modules', program), ...args], {
    cwd: ROOT,
  });
  say(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  return { name, code, output };
}
