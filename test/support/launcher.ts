/** The launcher as an operator sees it: a process with an environment, its lines, and what it leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFile } from '#config/project-file.js';
import { freePorts } from './free-ports.js';
import { until } from './until.js';

export interface SupervisedProcess {
  name: string;
  pid: number;
}

const START_MS = 180_000;

export class Launcher {
  private output = '';
  private readonly child: ChildProcess;
  /** The exit code, or null after a signal. */
  readonly ended: Promise<number | null>;

  constructor(
    private readonly env: Record<string, string>,
    args: string[] = [],
  ) {
    this.child = spawn(process.execPath, [projectFile('scripts/start.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', LOG_LEVEL: 'warn', LOG_FORMAT: 'json', DEMO: 'off', ...env },
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** Its own lines, without the services' logs and without its name before them. */
  get lines(): string[] {
    return this.output
      .split('\n')
      .filter((line) => line.startsWith('dateline: '))
      .map((line) => line.slice('dateline: '.length));
  }

  /** Throws with everything it printed when it ends instead. */
  async ready(): Promise<this> {
    const endedFirst = this.ended.then(() => Promise.reject(new Error(`the launcher ended:\n${this.output}`)));
    await Promise.race([until('the launcher says ready', () => this.lines.includes('ready'), START_MS), endedFirst]);
    return this;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** What DATA_DIR/run.json says now. */
  get run(): { processes: SupervisedProcess[]; databaseUrl: string; redisUrl: string } {
    return JSON.parse(readFileSync(join(this.env['DATA_DIR'] ?? '', 'run.json'), 'utf8')) as Launcher['run'];
  }

  pidOf(name: string): number | undefined {
    return this.run.processes.find((entry) => entry.name === name)?.pid;
  }

  /** Every process that must be gone with it: its own, the supervised ones and theirs (PostgreSQL's backends). */
  family(): number[] {
    const supervised = this.run.processes.map(({ pid }) => pid);
    return [this.child.pid ?? 0, ...supervised, ...supervised.flatMap(childrenOf)];
  }

  async isReady(): Promise<boolean> {
    const ports = [
      this.env['PUBLISHER_PORT'],
      this.env['CONSOLE_PORT'],
      this.env['INGESTOR_PORT'],
      this.env['PROCESSOR_PORT'],
    ];
    const answers = await Promise.all(ports.map((port) => fetch(`http://127.0.0.1:${port}/health/ready`)));
    return answers.every((answer) => answer.ok);
  }

  /** Ends it, however far it came. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.signal('SIGTERM');
    await this.ended;
  }
}

/** Environment for a hub of its own: four free ports, and a data folder. */
export async function ownPlace(dataDir: string): Promise<Record<string, string>> {
  const [publisher, console, ingestor, processor] = await freePorts(4);
  return {
    PUBLISHER_PORT: String(publisher),
    CONSOLE_PORT: String(console),
    INGESTOR_PORT: String(ingestor),
    PROCESSOR_PORT: String(processor),
    DATA_DIR: dataDir,
  };
}

/** Whether the process runs; one that ended but was not yet collected does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/^\d+ \(.*\) Z/.test(readFileSync(stat, 'utf8'));
}

/** Linux tells; elsewhere the supervised processes alone must do. */
function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number).filter(Boolean) : [];
}
