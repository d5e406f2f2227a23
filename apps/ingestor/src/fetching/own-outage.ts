/** Tells an outage of our own network from failing partners: a pure state machine over what polls of different hosts came to. */

/** Hosts that worked and then failed one after the other, with no answer from anywhere in between. */
const HOSTS_FOR_AN_OUTAGE = 3;
/** Failures further apart than this have nothing to do with each other. */
const WINDOW_MS = 30 * 60_000;

export type NetworkState = 'up' | 'down';

/**
 * Fed with every answer and every failure to reach a host. Any answer, whatever its status, proves that the network
 * works. One host alone proves nothing of the network: a hub that polls fewer than three hosts blames them.
 */
export class OwnOutage {
  private readonly suspects = new Map<string, number>();
  private current: NetworkState = 'up';

  get state(): NetworkState {
    return this.current;
  }

  /** The network works, and nothing speaks against it. */
  get isCalm(): boolean {
    return this.current === 'up' && this.suspects.size === 0;
  }

  /** A host answered. */
  answered(): void {
    if (this.suspects.size > 0) this.suspects.clear();
    this.current = 'up';
  }

  /**
   * A host could not be reached at `now` (ms). `wasWell`: its last fetch before succeeded; hosts that failed before say
   * nothing of the network.
   */
  failed(host: string, { wasWell, now }: { wasWell: boolean; now: number }): NetworkState {
    if (this.current === 'down') return this.current;
    for (const [suspect, at] of this.suspects) if (at < now - WINDOW_MS) this.suspects.delete(suspect);
    if (wasWell) this.suspects.set(host, now);
    if (this.suspects.size >= HOSTS_FOR_AN_OUTAGE) this.current = 'down';
    return this.current;
  }
}
