/** `npm run --silent dateline -- COMMAND`: the command line client as a process. */
import { runProgram } from './program.js';

// Whoever reads the output may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
  // A line that is written over has a place only where a person looks on.
  ...(process.stderr.isTTY ? { progress: (line: string) => void process.stderr.write(`\r\u001b[2K${line}`) } : {}),
  input: process.stdin,
});
