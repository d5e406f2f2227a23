/** `evaluate`: what the hub makes of a labelled corpus, without a hub; runs the processor as a process of its own. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { projectFile } from '#config/project-file.js';
import { CommandError, EXIT } from './command-error.js';

export function addEvaluateCommand(program: Command, env: NodeJS.ProcessEnv): void {
  program
    .command('evaluate <file>')
    .description(
      'how well stories, tags, languages and related stories are found in labelled items (docs/evaluate.md): a file of JSON lines, or - for standard input; needs no hub',
    )
    .option('--out <file>', 'write what was decided for each item, a JSON line each')
    .action(async (file: string, { out }: { out?: string }, command: Command) => {
      const json = command.optsWithGlobals<{ json?: boolean }>().json === true;
      const path = (name: string): string => resolve(env['INIT_CWD'] || '.', name);
      const code = await run(
        [
          ...(out === undefined ? [] : ['--out', path(out)]),
          ...(json ? ['--json'] : []),
          ...['--', file === '-' ? file : path(file)],
        ],
        env,
      );
      if (code !== 0) throw new CommandError(code as (typeof EXIT)[keyof typeof EXIT], '');
    });
}

/** The exit code. The evaluation writes to our own standard output and error. */
function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [projectFile('scripts/evaluate.mjs'), ...args], { env, stdio: 'inherit' });
  const pass = (): void => void child.kill('SIGTERM');
  const wait = (): void => undefined;
  process.on('SIGTERM', pass).on('SIGINT', wait);
  return new Promise<number>((end) => {
    child.once('error', () => end(EXIT.refused));
    child.once('exit', (code) => end(code ?? EXIT.refused));
  }).finally(() => process.off('SIGTERM', pass).off('SIGINT', wait));
}
