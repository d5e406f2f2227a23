/** `read`: what the hub makes of a document, without a hub; the tool for "what is wrong with my feed". */
import type { Command } from 'commander';
import { CommandError, EXIT } from './command-error.js';

/** What the command needs of its process. */
export interface ReadSurroundings {
  env: NodeJS.ProcessEnv;
  input: NodeJS.ReadableStream;
  print: (text: string) => void;
}

interface ReadOptions {
  jsonl?: boolean;
  raw?: boolean;
}

export function addReadCommand(program: Command, surroundings: ReadSurroundings): void {
  program
    .command('read [source]')
    .description(
      'what the hub reads in a document and what it repairs: a file, a URL, or - for standard input; needs no hub',
    )
    .option('--raw', 'summary and content as the partner wrote them, not sanitised')
    .option('--jsonl', 'a document a line, {name, xml | base64, headers?, url?}; an answer a line')
    .action(async (source: string | undefined, options: ReadOptions) => {
      if (source === undefined && options.jsonl !== true)
        throw new CommandError(EXIT.usage, 'read what? Name a file, a URL, or - for standard input');
      await read(source ?? '-', options, surroundings);
    });
}

async function read(source: string, options: ReadOptions, { env, input, print }: ReadSurroundings): Promise<void> {
  // Loaded on need: the other commands are calls of the API and start faster without.
  const [{ DocumentParser }, { fileError, openDocument, openStream }, { readSuite }, { readingOf }] = await Promise.all(
    [
      import('#feed-reader/document-parser.js'),
      import('../reading/document-source.js'),
      import('../reading/suite-reader.js'),
      import('../reading/reading.js'),
    ],
  );
  const sanitise = options.raw !== true;
  const parser = new DocumentParser();
  try {
    if (options.jsonl === true) {
      const stream = openStream(source, env, input);
      for await (const line of readSuite(stream, parser, sanitise)) print(line);
    } else {
      const document = await openDocument(source, env, input);
      print(JSON.stringify(readingOf(await parser.parse({ ...document, sanitise })), null, 2));
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : fileError(error, source);
  } finally {
    await parser.onApplicationShutdown();
  }
}
