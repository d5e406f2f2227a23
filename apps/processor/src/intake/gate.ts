/** Lets a few pieces of work run at a time, in the order in which they came. */

export class Gate {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  /** Calls `start` as soon as there is room; every start must be followed by one `leave`. */
  enter(start: () => void): void {
    if (this.running >= this.limit) {
      this.waiting.push(start);
      return;
    }
    this.running += 1;
    start();
  }

  /** Nothing runs and nothing waits. */
  get isIdle(): boolean {
    return this.running === 0;
  }

  leave(): void {
    this.running -= 1;
    const next = this.waiting.shift();
    if (next !== undefined) this.enter(next);
  }
}
