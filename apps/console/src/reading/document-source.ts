/** Fetches what `dateline read` is pointed at: a file, a URL through the hub's guarded client, or standard input. */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError, loadConfig } from '#config/config.js';
import { LIMITS } from '#feed-reader/limits.js';
import { CommandError, EXIT } from '../cli/command-error.js';

/** Bytes and where they came from, as DocumentParser takes them. `url` is empty for files and standard input. */
export interface SourceDocument {
  bytes: Uint8Array;
  contentType: string | null;
  url: string;
}

const DEADLINE_MS = 15_000;
const MAX_REDIRECTS = 5;
const ACCEPT =
  'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1';

/** Reads one document. Throws CommandError with a sentence when it cannot be had. */
export function openDocument(
  source: string,
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadableStream,
): Promise<SourceDocument> {
  return /^https?:\/\//i.test(source) ? fetchDocument(source, env) : readDocument(source, env, input);
}

/** The lines' stream of a suite: a file or standard input. */
export function openStream(
  source: string,
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadableStream,
): NodeJS.ReadableStream {
  if (source === '-') return input;
  if (/^https?:\/\//i.test(source))
    throw new CommandError(EXIT.usage, '--jsonl reads a file or standard input, no URL: fetch it first');
  return createReadStream(pathOf(source, env));
}

/** In words why a file cannot be read. */
export function fileError(error: unknown, source: string): CommandError {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ENOENT: 'it does not exist',
    EISDIR: 'it is a folder',
    EACCES: 'this user may not read it',
  };
  const reason = reasons[code ?? ''] ?? (error instanceof Error ? error.message : String(error));
  return new CommandError(EXIT.away, `${source} cannot be read: ${reason}`);
}

async function readDocument(
  source: string,
  env: NodeJS.ProcessEnv,
  input: NodeJS.ReadableStream,
): Promise<SourceDocument> {
  const stream = source === '-' ? input : createReadStream(pathOf(source, env));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk as Buffer);
      chunks.push(bytes);
      length += bytes.length;
      // More than the reader takes is refused by it; an endless input is not waited for.
      if (length > LIMITS.documentBytes) break;
    }
  } catch (error) {
    throw fileError(error, source);
  }
  return { bytes: Buffer.concat(chunks), contentType: null, url: '' };
}

/** Relative paths are those of the folder where npm was called. */
function pathOf(source: string, env: NodeJS.ProcessEnv): string {
  return resolve(env['INIT_CWD'] || '.', source);
}

async function fetchDocument(url: string, env: NodeJS.ProcessEnv): Promise<SourceDocument> {
  // Loaded on need: reading a file costs no network code.
  const { createOutboundHttp } = await import('#http-client/http-client.module.js');
  const http = createOutboundHttp(configOf(env));
  try {
    const response = await http.request({
      url,
      headers: { accept: ACCEPT, 'user-agent': http.userAgentFor('dateline read') },
      deadlineMs: DEADLINE_MS,
      maxBytes: LIMITS.documentBytes,
      maxRedirects: MAX_REDIRECTS,
    });
    if (response.status < 200 || response.status > 299)
      throw new CommandError(EXIT.away, `${response.url} answers ${response.status}`);
    // What a poll keeps of the answer, so that this reads what the hub reads.
    return { bytes: response.body, contentType: response.headers['content-type'] ?? null, url: response.url };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(EXIT.away, `${url} cannot be fetched: ${(error as Error).message}`);
  } finally {
    await http.onApplicationShutdown();
  }
}

function configOf(env: NodeJS.ProcessEnv): ReturnType<typeof loadConfig> {
  try {
    return loadConfig(env, { requireStores: false });
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(EXIT.usage, error.message);
    throw error;
  }
}
