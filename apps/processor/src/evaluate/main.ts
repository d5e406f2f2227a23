/** `dateline evaluate` as a process: a corpus in, a report out. Whoever starts it gives it a PostgreSQL (scripts/evaluate.mjs). */
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { type Config, ConfigError, loadConfig } from '#config/config.js';
import type { TagScheme } from '#contracts/story-body.js';
import { Database } from '#storage/database.js';
import { EvaluationRepository } from '#storage/evaluation.repository.js';
import { migrateToLatest } from '#storage/migrate.js';
import { createThrowAwayDatabase } from '#storage/throw-away-database.js';
import { FetchIntake } from '../intake/fetch-intake.js';
import { readGazetteers } from '../tagging/gazetteers.js';
import type { TextTagger } from '../tagging/text-tags.js';
import { RelatedClusterer } from '../related/related-clusterer.js';
import { Corpus } from './corpus.js';
import { DecisionFile } from './decision-file.js';
import { Evaluation } from './evaluation.js';
import { EvaluationLog } from './evaluation-log.js';
import { EvaluationModule } from './evaluation.module.js';
import { type EvaluationReport, inWords } from './report.js';

/** As of every other command of the client (docs/evaluate.md). */
const EXIT = { failed: 1, usage: 2, file: 3 } as const;

const log = new EvaluationLog();

/** The settings that a person can give count; the stores are the evaluation's own. */
function configFor(databaseUrl: string): Config {
  return loadConfig({
    ...process.env,
    DATABASE_URL: databaseUrl,
    // Nothing connects to it.
    REDIS_URL: 'redis://127.0.0.1:1',
    ADMIN_TOKEN: randomBytes(16).toString('hex'),
    SECRET_KEY: randomBytes(32).toString('hex'),
  });
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { out: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [source] = positionals;
  const serverUrl = process.env['DATABASE_URL'];
  if (source === undefined || !serverUrl)
    throw new Error('usage: DATABASE_URL=… evaluate FILE.jsonl [--out FILE] [--json]');
  configFor(serverUrl);
  const [stream, out] = await files(source, values.out);
  const throwAway = await createThrowAwayDatabase(serverUrl, 'evaluate');
  whenStopped(throwAway.drop);
  try {
    const corpus = new Corpus(stream, canonicalName, (sentence) => log.tell(sentence));
    const report = await evaluate(throwAway.url, corpus, out);
    await out?.close().catch(toFileError(values.out ?? ''));
    if (report.items === 0) throw new Error(`${source} has no line that can be evaluated`);
    process.stdout.write(`${values.json ? JSON.stringify(report, null, 2) : inWords(report)}\n`);
    return 0;
  } finally {
    await throwAway.drop();
  }
}

let isStopped = false;

/** The server may be one that goes on after us: whoever ends an evaluation with Ctrl-C leaves no database there. */
function whenStopped(tidyUp: () => Promise<void>): void {
  const stop = (signal: NodeJS.Signals): void => {
    isStopped = true;
    process.stderr.write('dateline: stopped\n');
    void tidyUp()
      .catch((error: unknown) => process.stderr.write(`dateline: ${String(error)}\n`))
      .finally(() => process.exit(128 + constants.signals[signal]));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
}

let gazetteers: TextTagger | undefined;

/** Read when the first name is asked for: most corpora have none. */
function canonicalName(scheme: TagScheme, name: string): string | undefined {
  gazetteers ??= readGazetteers();
  return gazetteers.canonicalName(scheme, name);
}

class FileError extends Error {}

function toFileError(path: string): (error: Error) => never {
  return (error) => {
    throw new FileError(`${path}: ${error.message}`);
  };
}

async function files(source: string, target: string | undefined): Promise<[NodeJS.ReadableStream, DecisionFile?]> {
  const stream = source === '-' ? process.stdin : await readable(source).catch(toFileError(source));
  if (target === undefined) return [stream];
  if (await isSameFile(source, target)) throw new FileError(`${target}: it is the corpus; name another file for --out`);
  return [stream, await DecisionFile.open(target).catch(toFileError(target))];
}

/** By whatever names and links. */
async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => null)));
  return a?.ino !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

async function readable(path: string): Promise<ReadStream> {
  const file = await open(path);
  if ((await file.stat()).isDirectory()) throw new Error('it is a folder');
  await file.close();
  return createReadStream(path);
}

async function evaluate(databaseUrl: string, corpus: Corpus, out: DecisionFile | undefined): Promise<EvaluationReport> {
  const database = new Database({
    connectionString: databaseUrl,
    applicationName: 'dateline-evaluate',
    maxConnections: 2,
  });
  await migrateToLatest(database).finally(() => database.close());
  const app = await NestFactory.createApplicationContext(EvaluationModule.forConfig(configFor(databaseUrl)), {
    logger: log,
    abortOnError: false,
  });
  const progress = process.stderr.isTTY
    ? (line: string) => void process.stderr.write(`\r\u001b[2K${line}`)
    : () => undefined;
  try {
    const evaluation = new Evaluation(
      app.get(FetchIntake, { strict: false }),
      app.get(RelatedClusterer, { strict: false }),
      app.get(EvaluationRepository, { strict: false }),
      {
        progress: (items, perSecond) => progress(`${items} items, ${Math.round(perSecond)} a second`),
        waiting: (stories) => progress(`${stories} stories wait to be related`),
        decision: async (decision) => out?.write(decision).catch(toFileError('--out')),
      },
    );
    const evaluated = await evaluation.run(corpus.read());
    return { lines: corpus.lines, leftOut: corpus.leftOut, ...evaluated };
  } finally {
    progress('');
    await app.close();
  }
}

function explained(error: unknown): number {
  const lines = error instanceof ConfigError ? error.lines : [error instanceof Error ? error.message : String(error)];
  // Without its database an evaluation fails: that is no news.
  if (!isStopped) for (const line of lines) process.stderr.write(`dateline: ${line}\n`);
  if (error instanceof FileError) return EXIT.file;
  return error instanceof ConfigError ? EXIT.usage : EXIT.failed;
}

// Whoever reads the output may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await main().catch(explained);
