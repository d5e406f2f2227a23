// Keeps the processes of one run alive: starts them, starts again what dies, and ends them in order.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { takeLock } from './lock.mjs';
import { birthOf } from './processes.mjs';
import { Refusal } from './say.mjs';

/**
 * A process that ends with this has said that starting it again cannot help (libs/config: EXIT_BAD_CONFIGURATION).
 * One that was ready before has a good configuration: it met a store that is away, which will come back.
 */
const EXIT_BAD_CONFIGURATION = 78;

const BACKOFF_MS = { first: 100, most: 5_000 };
/** A process that lived so long starts again at once. */
const STABLE_MS = 10_000;
const QUICK_DEATHS = 3;
/** From the wish to stop: apps are killed, stores are told to end; then stores are killed. */
const STOP_MS = { apps: 3_000, stores: 4_500 };
const POLL_MS = 75;

/**
 * @typedef {object} Service
 * @property {string} name
 * @property {'apps' | 'stores'} stage apps end first
 * @property {string} command
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 * @property {{ uid: number, gid: number }} [user]
 * @property {import('node:child_process').StdioOptions} stdio
 * @property {NodeJS.Signals} stopSignal
 * @property {NodeJS.Signals} killSignal
 * @property {() => void} [prepare] before each start
 * @property {(pid: number) => boolean | Promise<boolean>} isReady
 * @property {string} [logFile] where its output goes, when it is not ours
 * @property {() => void} [afterQuickDeaths] when it ended several times just after its start
 * @property {boolean} [mayFinish] exit code 0 means that its work is done
 */

/** One run's processes. Events reach the launcher through `onChange` (pids changed) and `onFatal` (nothing can help). */
export class Supervisor {
  #lockFile;
  #guard;
  #say;
  #onChange;
  #onFatal;
  #running = new Map();
  #stopping = false;

  /**
   * @param {{ lockFile: string, guard: import('node:child_process').ChildProcess, say: (line: string) => void, onChange?: (processes: object[]) => void, onFatal?: (service: Service, code: number) => void }} options
   */
  constructor({ lockFile, guard, say, onChange = () => undefined, onFatal = () => undefined }) {
    this.#lockFile = lockFile;
    this.#say = say;
    this.#onChange = onChange;
    this.#onFatal = onFatal;
    this.#watchGuard(guard);
  }

  /** Starts a service and keeps it running. @param {Service} service */
  start(service) {
    const entry = { service, child: undefined, wasReady: false, deaths: 0, timer: undefined };
    this.#running.set(service.name, entry);
    this.#spawn(entry);
  }

  /**
   * Resolves when the service is ready. Throws a Refusal when it is not within `patienceMs`.
   * @param {string} name @param {number} patienceMs
   */
  async ready(name, patienceMs) {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      const entry = this.#running.get(name);
      if (entry === undefined || this.#stopping) throw new Refusal(`${name} ended while starting`);
      if (entry.child?.pid !== undefined && (await entry.service.isReady(entry.child.pid))) {
        entry.wasReady = true;
        return;
      }
      if (Date.now() > giveUpAt)
        throw new Refusal(
          `${name} was not ready after ${patienceMs / 1000} s: see ${entry.service.logFile ?? 'its log above'}`,
        );
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Ends everything, apps first, in at most five seconds. */
  async stop() {
    this.#stopping = true;
    const startedAt = Date.now();
    for (const entry of this.#running.values()) clearTimeout(entry.timer);
    await this.#endStage('apps', startedAt + STOP_MS.apps);
    await this.#endStage('stores', startedAt + STOP_MS.stores);
    this.#tellGuard();
    this.#guard.stdin.end();
    if (this.#guard.exitCode === null && this.#guard.signalCode === null) await once(this.#guard, 'exit');
  }

  async #endStage(stage, killAt) {
    const children = [...this.#running.values()]
      .filter((entry) => entry.service.stage === stage && entry.child !== undefined)
      .map(({ service, child }) => ({ service, child }));
    await Promise.all(
      children.map(async ({ service, child }) => {
        const ended = once(child, 'exit');
        kill(child, service.stopSignal);
        const timer = setTimeout(() => kill(child, service.killSignal), Math.max(0, killAt - Date.now()));
        const last = setTimeout(() => kill(child, 'SIGKILL'), Math.max(0, killAt + 400 - Date.now()));
        await ended;
        clearTimeout(timer);
        clearTimeout(last);
      }),
    );
  }

  #spawn(entry) {
    if (this.#stopping) return;
    const { service } = entry;
    service.prepare?.();
    // Detached: a Ctrl-C in the terminal reaches the launcher alone, which then ends its children in order.
    const child = spawn(service.command, service.args, {
      env: service.env ?? process.env,
      cwd: service.cwd,
      stdio: service.stdio,
      detached: true,
      ...service.user,
    });
    const startedAt = Date.now();
    entry.child = child;
    this.#changed();
    child.once('error', (error) => this.#ended(entry, startedAt, undefined, error.message));
    child.once('exit', (code, signal) => {
      if (entry.child === child) this.#ended(entry, startedAt, code, signal ?? `exit code ${code}`);
    });
  }

  #ended(entry, startedAt, code, how) {
    const { service } = entry;
    entry.child = undefined;
    if (!this.#stopping) {
      if (code === 0 && service.mayFinish === true) this.#running.delete(service.name);
      else if (code === EXIT_BAD_CONFIGURATION && !entry.wasReady) this.#onFatal(service, code);
      else this.#startAgain(entry, Date.now() - startedAt, how);
    }
    this.#changed();
  }

  #startAgain(entry, livedMs, how) {
    entry.deaths = livedMs > STABLE_MS ? 1 : entry.deaths + 1;
    const pause = Math.min(BACKOFF_MS.first * 2 ** (entry.deaths - 1), BACKOFF_MS.most);
    this.#say(`${entry.service.name} ended (${how}); starting it again in ${pause / 1000} s`);
    if (entry.deaths % QUICK_DEATHS === 0) entry.service.afterQuickDeaths?.();
    entry.timer = setTimeout(() => this.#spawn(entry), pause);
  }

  #changed() {
    this.#tellGuard();
    this.#onChange(this.processes());
  }

  /** What runs now, the guard included. */
  processes() {
    const children = [...this.#running.values()].filter((entry) => entry.child?.pid !== undefined);
    return [
      ...children.map(({ service, child }) => ({ name: service.name, pid: child.pid, born: birthOf(child.pid) })),
      { name: 'guard', pid: this.#guard.pid, born: birthOf(this.#guard.pid) },
    ];
  }

  #tellGuard() {
    const pids = (stage) =>
      [...this.#running.values()]
        .filter((entry) => entry.service.stage === stage && entry.child?.pid !== undefined)
        .map((entry) => entry.child.pid)
        .join(' ');
    if (this.#guard.stdin.writable) this.#guard.stdin.write(`${pids('apps')}|${pids('stores')}\n`);
  }

  /** The guard is one of those that may be killed: a new one takes the lock and the list. */
  #watchGuard(guard) {
    this.#guard = guard;
    guard.once('exit', async (code, signal) => {
      if (this.#stopping) return;
      this.#say(`guard ended (${signal ?? `exit code ${code}`}); starting it again`);
      const next = await takeLock(this.#lockFile);
      if (next === undefined) {
        this.#say('another hub took the lock of DATA_DIR meanwhile');
        this.#onFatal({ name: 'guard' }, 1);
      } else {
        this.#watchGuard(next);
        this.#changed();
        if (this.#stopping) next.stdin.end();
      }
    });
  }
}

function kill(child, signal) {
  try {
    child.kill(signal);
  } catch {
    // Gone already.
  }
}
