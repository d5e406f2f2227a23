/** One page at a time from each host, for all feeds of this process: the door to a host's pages. */

/** What came of waiting: `leave` must be called after the page. */
export interface PageTurn {
  leave: () => void;
}

export class PageTurns {
  private readonly busy = new Map<string, (() => void)[]>();

  /** Null when `signal` aborts before the host is free. */
  async take(host: string, signal: AbortSignal): Promise<PageTurn | null> {
    const waiting = this.busy.get(host);
    if (signal.aborted) return null;
    if (waiting === undefined) this.busy.set(host, []);
    else {
      const isMine = await new Promise<boolean>((resolve) => {
        const enter = (): void => {
          signal.removeEventListener('abort', giveUp);
          resolve(true);
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(enter), 1);
          resolve(false);
        };
        waiting.push(enter);
        signal.addEventListener('abort', giveUp, { once: true });
      });
      if (!isMine) return null;
    }
    return { leave: () => this.next(host) };
  }

  private next(host: string): void {
    const enter = this.busy.get(host)?.shift();
    if (enter) enter();
    else this.busy.delete(host);
  }
}
