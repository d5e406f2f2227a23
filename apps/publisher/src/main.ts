/** The publisher as a process of its own. */
import 'reflect-metadata';
import { runProcess } from '#service/run-process.js';
import { startPublisher } from './bootstrap.js';

await runProcess('publisher', [startPublisher]);
