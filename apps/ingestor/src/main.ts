/** The ingestor as a process of its own. */
import 'reflect-metadata';
import { runProcess } from '#service/run-process.js';
import { startIngestor } from './bootstrap.js';

await runProcess('ingestor', [startIngestor]);
