/** Calls between the bench and its child processes: every loopback server and every load generator runs apart. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Call {
  id: number;
  method: string;
  argument: unknown;
}
interface Reply {
  id: number;
  result?: unknown;
  error?: string;
}

/** A child of the bench. It ends with the bench, whatever happens: its channel closes. */
export class BenchChild {
  private readonly waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  private calls = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (reply: Reply) => {
      const waiter = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if (reply.error === undefined) waiter?.resolve(reply.result);
      else waiter?.reject(new Error(reply.error));
    });
    child.on('exit', (code) => {
      for (const waiter of this.waiting.values()) waiter.reject(new Error(`a child of the bench ended (${code})`));
    });
  }

  /** Forks a compiled file, given relative to `bench/`, for example `servers/partner.js`. */
  static start(file: string): BenchChild {
    const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
    return new BenchChild(fork(path, [], { serialization: 'advanced', execArgv: [] }));
  }

  get pid(): number {
    return this.child.pid as number;
  }

  call<T>(method: string, argument?: unknown): Promise<T> {
    const id = ++this.calls;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.child.send({ id, method, argument } satisfies Call);
    });
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await gone;
  }
}

/** In the child: answers the parent's calls until the parent goes. */
export function serveCalls(methods: Record<string, (argument: never) => unknown>): void {
  process.on('message', (call: Call) => {
    void Promise.resolve()
      .then(() => methods[call.method]?.(call.argument as never))
      .then(
        (result) => process.send?.({ id: call.id, result } satisfies Reply),
        (error: unknown) => process.send?.({ id: call.id, error: String(error) } satisfies Reply),
      );
  });
  process.on('disconnect', () => process.exit(0));
}
