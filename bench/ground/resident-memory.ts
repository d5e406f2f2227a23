/** Resident memory of processes, from Linux's /proc. */
import { readdir, readFile } from 'node:fs/promises';

export interface Resident {
  nowMb: number;
  /** The most it ever was. */
  peakMb: number;
}

/** Undefined where there is no /proc, or the process is gone or another user's. */
export async function residentMemory(pid: number): Promise<Resident | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
    return { nowMb: field('VmRSS'), peakMb: field('VmHWM') };
  } catch {
    return undefined;
  }
}

/** A process and its children, shared pages counted once (proportional set size): PostgreSQL's own way of being many. */
export async function proportionalMemory(pid: number): Promise<number | undefined> {
  try {
    let total = await proportional(pid);
    for (const other of await readdir('/proc')) {
      if (/^\d+$/.test(other) && (await parentOf(Number(other))) === pid) total += await proportional(Number(other));
    }
    return total;
  } catch {
    return undefined;
  }
}

/** The parent's id; undefined for a process that has just ended. */
export async function parentOf(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

async function proportional(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
}
