// Recognises processes of an earlier run by what they are, not by number: a pid alone may since belong to anyone.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The command line of a process, arguments separated by spaces; empty when there is no such process. */
export function commandOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    if (process.platform === 'linux') return '';
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  }
}

/** When the process began, as the system says it: with the pid it names one process for ever. Undefined when it is gone. */
export function birthOf(pid) {
  try {
    // Field 22 of proc(5) stat; the second field, the name in brackets, may hold anything.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[19];
  } catch {
    if (process.platform === 'linux') return undefined;
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
  }
}

/** Whether the process exists, ours or not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Ends what an earlier run of this data folder left behind although launcher and guard were both killed.
 * @param {{ name: string, pid: number, born?: string }[]} processes as that run recorded them
 */
export async function endLeftovers(processes) {
  const left = processes.filter(({ pid, born }) => born !== undefined && birthOf(pid) === born);
  for (const { pid } of left) kill(pid, 'SIGQUIT');
  const giveUpAt = Date.now() + 3_000;
  while (left.some(({ pid }) => isAlive(pid)) && Date.now() < giveUpAt)
    await new Promise((resolve) => setTimeout(resolve, 50));
  for (const { pid } of left) kill(pid, 'SIGKILL');
  return left.map(({ name }) => name);
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
