/** Work that a process looks for every so often: one turn at a time, a failed one is said and left to the next, none is cut off by the end. */
import type { Logger } from '@nestjs/common';

export class RepeatedWork {
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<unknown> | undefined;
  private saidAt = -Infinity;

  /** `trouble` is the message of the warning when a turn throws; it is said once in `sayEveryMs` at most. */
  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly logger: Logger,
    private readonly trouble: string,
    private readonly sayEveryMs = 0,
  ) {}

  /** The first turn begins after the first `everyMs`; a turn that takes longer skips those that would begin meanwhile. */
  start(everyMs: number): void {
    this.timer = setInterval(() => {
      this.turn ??= this.work()
        .catch((error: unknown) => this.say(error))
        .finally(() => (this.turn = undefined));
    }, everyMs);
  }

  /** No further turn begins; resolves when the present one has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.turn;
  }

  private say(error: unknown): void {
    if (Date.now() - this.saidAt < this.sayEveryMs) return;
    this.saidAt = Date.now();
    this.logger.warn({ msg: this.trouble, error: String(error) });
  }
}
