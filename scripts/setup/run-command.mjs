// Runs a command to its end and hands back what it printed, so that only failures need to be shown. It does not outlive us.
import { spawn } from 'node:child_process';

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/**
 * Never throws: a command that cannot be started has code 127.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { input?: string }} options
 * @returns {Promise<{ code: number, output: string, stdout: string }>} output is stdout and stderr as they came
 */
export function runCommand(command, args, { input, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
    running.add(child);
    child.on('close', () => running.delete(child));
    let output = '';
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => (output += chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.on('error', (error) => resolve({ code: 127, output: error.message, stdout: '' }));
    child.on('close', (code) => resolve({ code: code ?? 1, output, stdout }));
  });
}
