/** What processes use of memory and processor, from Linux's /proc. */
import { readdir, readFile } from 'node:fs/promises';

export interface ProcessUse {
  /** Resident now; for PostgreSQL all its processes, shared pages counted once. */
  nowMb: number;
  /** The most it ever was, where known. */
  peakMb: number;
  /** Processor time since the process began. */
  cpuSeconds: number;
}

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;

/** Undefined where there is no /proc, or the process is gone or another user's. */
export async function processUse(pid: number): Promise<ProcessUse | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): number =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
    const { own } = await statOf(pid);
    return { nowMb: field('VmRSS'), peakMb: field('VmHWM'), cpuSeconds: own };
  } catch {
    return undefined;
  }
}

/** PostgreSQL as a whole, by one of its backends: the postmaster and all its children, those that have ended too. */
export async function postgresUse(backendPid: number): Promise<ProcessUse | undefined> {
  try {
    const postmaster = (await statOf(backendPid)).parent;
    // The parent of a backend that runs in another container looks like init.
    if (postmaster <= 1) return undefined;
    const { own, endedChildren } = await statOf(postmaster);
    let cpuSeconds = own + endedChildren;
    let nowMb = await proportionalMb(postmaster);
    for (const name of await readdir('/proc')) {
      const child = /^\d+$/.test(name) ? await statOf(Number(name)).catch(() => undefined) : undefined;
      if (child?.parent !== postmaster) continue;
      cpuSeconds += child.own;
      nowMb += await proportionalMb(Number(name)).catch(() => 0);
    }
    return { nowMb, peakMb: nowMb, cpuSeconds };
  } catch {
    return undefined;
  }
}

async function statOf(pid: number): Promise<{ parent: number; own: number; endedChildren: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The command's name may hold anything; after its closing bracket the fields are plain (proc(5)): state, ppid, …
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const seconds = (...indexes: number[]): number =>
    indexes.reduce((sum, index) => sum + (fields[index] ?? 0), 0) / TICKS_PER_SECOND;
  return { parent: fields[1] ?? 0, own: seconds(11, 12), endedChildren: seconds(13, 14) };
}

async function proportionalMb(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
}
