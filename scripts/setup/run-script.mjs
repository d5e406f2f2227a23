// How the entries of npm's scripts end: one clear line for a refusal, and the exit code.
import { explain } from './say.mjs';

/**
 * Runs `main` with the command line's arguments and ends the process with the code it returns.
 * @param {(args: string[]) => Promise<number>} main
 */
export async function runScript(main) {
  let code;
  try {
    code = await main(process.argv.slice(2));
  } catch (error) {
    code = explain(error);
  }
  process.exit(code);
}
