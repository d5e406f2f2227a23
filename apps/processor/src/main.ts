/** The processor as a process of its own. */
import 'reflect-metadata';
import { runProcess } from '#service/run-process.js';
import { startProcessor } from './bootstrap.js';

await runProcess('processor', [startProcessor]);
