// Knows processes by what they are, not by number: a pid alone may since belong to anyone.
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

/** The pid of a process's parent; undefined where the system tells only at a price. */
export function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1];
  } catch {
    return undefined;
  }
}

/**
 * When the process began, as the system says it: with the pid it names one process for ever.
 * Undefined when it is gone; a zombie that nobody collected (in a container) is gone.
 */
export function birthOf(pid) {
  try {
    // proc(5) stat: after the name in brackets, which may hold anything, come the state and, as the 20th, the start time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    if (process.platform === 'linux') return undefined;
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;
  }
}

/** Whether the process that a run recorded still runs. @param {{ pid: number, born?: string } | undefined} recorded */
export function stillRuns(recorded) {
  return recorded?.born !== undefined && birthOf(recorded.pid) === recorded.born;
}

/**
 * Ends what an earlier run of this data folder left behind although launcher and guard were both killed.
 * @param {{ name: string, pid: number, born?: string }[]} processes as that run recorded them
 */
export async function endLeftovers(processes) {
  const left = processes.filter(stillRuns);
  // PostgreSQL takes its own processes along when it is asked; the others have nothing to say any more.
  for (const { name, pid } of left) kill(pid, name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
  await gone(left, 3_000);
  for (const { pid } of left.filter(stillRuns)) kill(pid, 'SIGKILL');
  await gone(left, 3_000);
  return left.map(({ name }) => name);
}

async function gone(processes, patienceMs) {
  const giveUpAt = Date.now() + patienceMs;
  while (processes.some(stillRuns) && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 50));
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}
