/** Reads whole suites of documents, one a line, several at once, and answers one line each in their order. */
import type { DocumentParser } from '#feed-reader/document-parser.js';
import { LIMITS } from '#feed-reader/limits.js';
import { UnreadableFeedError } from '#feed-reader/unreadable-feed-error.js';
import { type Reading, readingOf } from './reading.js';
import { type TextLine, textLines } from '#feed-reader/text-lines.js';

/** A line of the answer. `error` is a sentence, `code` its kind (docs/reading.md). */
type SuiteAnswer = ({ name: unknown } & Reading) | { name: unknown; error: string; code: string };

interface SuiteLine {
  name: unknown;
  bytes: Uint8Array;
  contentType: string | null;
  url: string;
  headers: Record<string, string>;
}

/** Documents under way at once: enough for every thread, few enough to be held. */
const WINDOW = 16;
/** Beyond this many bytes under way, one is awaited before the next is taken. */
const WINDOW_BYTES = 8 * 1024 * 1024;
/** A document of the largest size, in base64 or with every tenth character escaped, fits. */
const MAX_LINE = 2 * LIMITS.documentBytes;

class BadLine extends Error {
  constructor(
    readonly line: unknown,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads lines `{name, xml | base64, headers?, url?}` and yields lines `{name, feed, items, problems}` or `{name, error, code}`,
 * one for each line that is not blank, in their order. Nothing that a line says ends it.
 */
export async function* readSuite(
  stream: NodeJS.ReadableStream,
  parser: DocumentParser,
  sanitise: boolean,
): AsyncGenerator<string> {
  const underWay: { answer: Promise<string>; bytes: number }[] = [];
  let bytes = 0;
  const next = async (): Promise<string> => {
    const first = underWay.shift();
    bytes -= first?.bytes ?? 0;
    return (await first?.answer) ?? '';
  };
  for await (const line of textLines(stream, MAX_LINE)) {
    underWay.push({ answer: answerTo(line, parser, sanitise), bytes: line.text.length });
    bytes += line.text.length;
    while (underWay.length >= WINDOW || (underWay.length > 0 && bytes > WINDOW_BYTES)) yield await next();
  }
  while (underWay.length > 0) yield await next();
}

async function answerTo(line: TextLine, parser: DocumentParser, sanitise: boolean): Promise<string> {
  let name: unknown = null;
  let answer: SuiteAnswer;
  try {
    const { name: given, ...document } = suiteLine(line);
    name = given;
    answer = { name, ...readingOf(await parser.parse({ ...document, sanitise })) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof BadLine) name = error.line;
    answer = { name, error: message, code: error instanceof UnreadableFeedError ? error.code : 'bad-line' };
  }
  return JSON.stringify(answer);
}

/** What a line says. Throws BadLine when it is not understood. */
function suiteLine({ text, cut }: TextLine): SuiteLine {
  if (cut) {
    const name = /"name"\s*:\s*("(?:[^"\\]|\\.){0,1000}")/.exec(text)?.[1];
    throw new BadLine(
      name === undefined ? null : JSON.parse(name),
      `The line is longer than ${MAX_LINE / 1024 / 1024} million characters.`,
    );
  }
  const line = parsed(text);
  const { name = null, xml, base64, url } = line;
  if (typeof xml !== 'string' && typeof base64 !== 'string')
    throw new BadLine(name, 'The line has neither "xml" (text) nor "base64" (bytes).');
  const headers = lowerCase(line['headers']);
  return {
    name,
    bytes: typeof xml === 'string' ? Buffer.from(xml) : Buffer.from(base64 as string, 'base64'),
    contentType: headers['content-type'] ?? null,
    url: typeof url === 'string' ? url : '',
    headers,
  };
}

function parsed(text: string): Record<string, unknown> {
  try {
    const line: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof line === 'object' && line !== null && !Array.isArray(line)) return line as Record<string, unknown>;
  } catch (error) {
    throw new BadLine(null, `The line is not JSON: ${(error as Error).message.slice(0, 200)}.`);
  }
  throw new BadLine(null, 'The line is not a JSON object.');
}

function lowerCase(headers: unknown): Record<string, string> {
  if (typeof headers !== 'object' || headers === null) return {};
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
