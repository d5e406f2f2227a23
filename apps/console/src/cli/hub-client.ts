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
    const response = await this.send(method, path, {
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(body === undefined ? {} : { type: 'application/json', body: JSON.stringify(body) }),
    });
    return read(await response.text(), this.address.url);
  }

  /** Sends a file as it is read, however long that takes. Throws CommandError. */
  async upload(path: string, type: string, file: ReadableStream): Promise<Resource> {
    const response = await this.send('POST', path, { type, body: file });
    return read(await response.text(), this.address.url);
  }

  /** Takes a document that is no JSON as it comes, however long that takes. Throws CommandError. */
  async download(path: string): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.send('GET', path, {});
    return body ?? new ReadableStream({ start: (controller) => controller.close() });
  }

  private async send(
    method: string,
    path: string,
    { type, body, signal }: { type?: string; body?: string | ReadableStream; signal?: AbortSignal },
  ): Promise<Response> {
    const { url, token } = this.address;
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(type === undefined ? {} : { 'content-type': type }) },
      ...(signal === undefined ? {} : { signal }),
      // A stream can only be sent while nothing is answered yet (WHATWG Fetch, duplex).
      ...(body === undefined ? {} : { body, duplex: 'half' as const }),
    }).catch((error: unknown) => {
      throw new CommandError(
        EXIT.away,
        `no hub answers at ${url} (${reason(error)}): start it with npm start, or set DATELINE_URL`,
      );
    });
    if (response.ok) return response;
    if (response.status === 401)
      throw new CommandError(
        EXIT.token,
        `the hub at ${url} does not know this token: set DATELINE_TOKEN, or DATA_DIR to the hub's data folder`,
      );
    const { detail } = read(await response.text(), url);
    throw new CommandError(EXIT.refused, typeof detail === 'string' ? detail : `the hub answered ${response.status}`);
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
