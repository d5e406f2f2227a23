/** Files that are sent to the hub as they are read, and documents that are printed as they arrive. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CommandError, EXIT } from './command-error.js';
import type { Workbench } from './output.js';

/** `-` is standard input. A file is opened before it is sent, so that one that is not there is told from a hub that is not. */
export async function fileStream(file: string): Promise<ReadableStream> {
  if (file === '-') return Readable.toWeb(process.stdin) as ReadableStream;
  const handle = await open(file).catch((error: unknown) => {
    throw new CommandError(
      EXIT.usage,
      `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  return Readable.toWeb(createReadStream('', { fd: handle })) as ReadableStream;
}

/** Prints what the API answers, line by line. */
export async function printDownload({ hub, print }: Workbench, path: string): Promise<void> {
  const decoder = new TextDecoder();
  let line = '';
  for await (const chunk of await hub.download(path)) {
    const lines = `${line}${decoder.decode(chunk, { stream: true })}`.split(/\r?\n/);
    line = lines.pop() ?? '';
    if (lines.length > 0) print(lines.join('\n'));
  }
  if (line !== '') print(line);
}
