/** The four services in one process: the default on a single machine. */
import 'reflect-metadata';
import { startConsole } from '#apps/console/bootstrap.js';
import { startIngestor } from '#apps/ingestor/bootstrap.js';
import { startProcessor } from '#apps/processor/bootstrap.js';
import { startPublisher } from '#apps/publisher/bootstrap.js';
import { runProcess } from '#service/run-process.js';

await runProcess('hub', [startPublisher, startProcessor, startIngestor, startConsole]);
