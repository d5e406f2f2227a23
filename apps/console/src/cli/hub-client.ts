/** Calls the console's API for the commands, and turns whatever goes wrong into one clear line. */
import { CommandError, EXIT } from './command-error.js';
import type { HubAddress } from './hub-address.js';

/** A resource as the API shows it. */
export type Resource = Record<string, unknown>;

const DEADLINE_MS = 40_000;

export class HubClient {
  constructor(private readonly address: HubAddress) {}

  /** `path` begins behind /api/v1. Throws CommandError. */
  async call(method: string, path: string, body?: object): Promise<Resource> {
    const { url, token } = this.address;
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new CommandError(
        EXIT.away,
        `no hub answers at ${url} (${reason(error)}): start it with npm start, or set DATELINE_URL`,
      );
    });
    const answer = read(await response.text(), url);
    if (response.status === 401)
      throw new CommandError(
        EXIT.token,
        `the hub at ${url} does not know this token: set DATELINE_TOKEN, or DATA_DIR to the hub's data folder`,
      );
    if (!response.ok)
      throw new CommandError(
        EXIT.refused,
        typeof answer['detail'] === 'string' ? answer['detail'] : `the hub answered ${response.status}`,
      );
    return answer;
  }

  /** The whole list, or its first `most` entries. `path` may have a query. */
  async list(path: string, most = 1_000): Promise<Resource[]> {
    const items: Resource[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: String(Math.min(200, most - items.length)) });
      if (cursor !== null) query.set('cursor', cursor);
      const page = await this.call('GET', `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`);
      items.push(...(page['items'] as Resource[]));
      cursor = page['nextCursor'] as string | null;
    } while (cursor !== null && items.length < most);
    return items;
  }
}

function read(text: string, url: string): Resource {
  if (text === '') return {};
  try {
    return JSON.parse(text) as Resource;
  } catch {
    throw new CommandError(
      EXIT.away,
      `what answers at ${url} is not a Dateline console: set DATELINE_URL or CONSOLE_PORT`,
    );
  }
}

function reason(error: unknown): string {
  const { cause, message, name } = error as Error & { cause?: { code?: string } };
  return name === 'TimeoutError' ? `not within ${DEADLINE_MS / 1_000} s` : (cause?.code ?? message);
}
