/** `npm run --silent dateline -- COMMAND`: the command line client as a process. */
import { text } from 'node:stream/consumers';
import { runProgram } from './program.js';

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
  readInput: () => text(process.stdin),
});
