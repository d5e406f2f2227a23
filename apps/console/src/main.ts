/** The console as a process of its own. */
import 'reflect-metadata';
import { runProcess } from '#service/run-process.js';
import { startConsole } from './bootstrap.js';

await runProcess('console', [startConsole]);
