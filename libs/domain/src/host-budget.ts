/** How the requests that are due at one host are spread over time: pure arithmetic. Deferral is no error and touches no health. */

/** What one host is asked to bear. `requestsPerMinute` 0: no limits at all. */
export interface HostLimits {
  requestsPerMinute: number;
  /** Requests under way at once. */
  connections: number;
}

/** What is remembered of a host. Times in ms. */
export interface HostState {
  /** When all requests that were let go or promised a moment are paid for, at one an interval. */
  freeAt: number;
  /** The host asked for no requests at all until then (Retry-After). */
  closedUntil: number;
}

export interface HostDemand {
  /** Requests that are due, in order. `promised`: this is the moment that was set aside for it; it is paid for. */
  due: readonly { id: string; promised: boolean }[];
  /** Requests under way. */
  inHand: number;
}

/** A request put off. `promised`: to a moment of its own; else it asks again then. */
export interface Deferral {
  id: string;
  waitSeconds: number;
  promised: boolean;
  because: 'requests' | 'connections' | 'closed';
}

export interface HostVerdict {
  go: string[];
  later: Deferral[];
  freeAt: number;
}

/** Nobody is put off for less, which would only be work, nor for more: then it asks again. */
const LEAST_WAIT_SECONDS = 5;
const MOST_WAIT_SECONDS = 4 * 3_600;
/** How fast a host without limits is asked again after it wanted to be left alone. */
const REOPENING: HostLimits = { requestsPerMinute: 6_000, connections: 100 };

/**
 * Decides who may go at `now` (ms). A quarter of a minute's requests may come at once; the rest follows evenly spaced, so
 * that no minute, wherever it begins, sees more than `requestsPerMinute`. Who must wait is promised a moment and goes then
 * without paying again: everybody gets a turn, in the order of asking. `random`, 0 to 1, spreads those beyond the longest
 * wait.
 */
export function shareHost(
  now: number,
  limits: HostLimits,
  state: HostState,
  demand: HostDemand,
  random: () => number,
): HostVerdict {
  const isClosed = state.closedUntil > now;
  if (limits.requestsPerMinute === 0 && !isClosed) {
    return { go: demand.due.map(({ id }) => id), later: [], freeAt: state.freeAt };
  }
  const { burst, intervalMs, connections } = pace(limits);
  const promised = isClosed ? [] : demand.due.filter((one) => one.promised);
  const asking = isClosed ? demand.due : demand.due.filter((one) => !one.promised);
  const base = Math.max(now, state.freeAt, isClosed ? state.closedUntil + burst * intervalMs : 0);
  const verdict: HostVerdict = { go: [], later: [], freeAt: base };
  let free = Math.max(0, connections - demand.inHand);
  let crowded = 0;
  const letGo = (id: string) => {
    if (free-- > 0) return verdict.go.push(id);
    const waitSeconds = LEAST_WAIT_SECONDS + (crowded++ * intervalMs) / 1000;
    return verdict.later.push({ id, waitSeconds, promised: true, because: 'connections' });
  };
  for (const { id } of promised) letGo(id);
  for (const { id } of asking) {
    const waitSeconds = (verdict.freeAt + intervalMs - burst * intervalMs - now) / 1000;
    if (waitSeconds > MOST_WAIT_SECONDS) {
      const again = MOST_WAIT_SECONDS * (0.8 + 0.2 * random());
      verdict.later.push({ id, waitSeconds: again, promised: false, because: isClosed ? 'closed' : 'requests' });
      continue;
    }
    verdict.freeAt += intervalMs;
    if (waitSeconds <= 0) letGo(id);
    else {
      const wait = Math.max(LEAST_WAIT_SECONDS, waitSeconds);
      verdict.later.push({ id, waitSeconds: wait, promised: true, because: isClosed ? 'closed' : 'requests' });
    }
  }
  return verdict;
}

/** What a request costs a host of its time. */
export function pace(limits: HostLimits): { burst: number; intervalMs: number; connections: number } {
  const { requestsPerMinute, connections } = limits.requestsPerMinute === 0 ? REOPENING : limits;
  const burst = Math.max(1, Math.ceil(requestsPerMinute / 4));
  return { burst, intervalMs: 60_000 / (requestsPerMinute - burst + 1), connections };
}
