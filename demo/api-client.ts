/** A small client of the console's API, as any operator could write it. */

/** The API's answer: its status and its JSON body (problem details for errors). */
export interface ApiAnswer {
  status: number;
  body: Record<string, unknown>;
}

const TIMEOUT_MS = 15_000;

export class ApiClient {
  constructor(
    private readonly consoleUrl: string,
    private readonly token: string,
  ) {}

  /** Sends a request to `/api/v1` + `path`. Throws when no answer comes, or one that is neither expected nor a success. */
  async call(method: string, path: string, body?: object, expected: number[] = []): Promise<ApiAnswer> {
    const response = await fetch(`${this.consoleUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const answer: ApiAnswer = { status: response.status, body: readObject(text) };
    if (!response.ok && !expected.includes(response.status)) {
      throw new Error(`${method} /api/v1${path} was answered ${response.status}: ${text.slice(0, 300)}`);
    }
    return answer;
  }

  /** Every item of a list, over all its pages. */
  async list(path: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    for (let cursor: string | undefined, page = 0; page < 100; page++) {
      const query = new URLSearchParams({ limit: '200', ...(cursor ? { cursor } : {}) });
      const { body } = await this.call('GET', `${path}?${query.toString()}`);
      items.push(...(body.items as Record<string, unknown>[]));
      if (typeof body.nextCursor !== 'string') break;
      cursor = body.nextCursor;
    }
    return items;
  }

  /** Waits until the console says that it is ready; true, or false when `giveUp` says so first. */
  async waitUntilReady(giveUp: () => boolean): Promise<boolean> {
    while (!giveUp()) {
      try {
        const response = await fetch(`${this.consoleUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) });
        await response.body?.cancel();
        if (response.ok) return true;
      } catch {
        // Not listening yet.
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    return false;
  }
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
