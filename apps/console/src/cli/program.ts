/** The command line client of the console: every command is one call of its API. */
import { text } from 'node:stream/consumers';
import { Command, CommanderError } from 'commander';
import { CommandError, EXIT } from './command-error.js';
import { addDictionaryCommands } from './dictionary-commands.js';
import { addTokenCommands } from './endpoint-key-commands.js';
import { addEvaluateCommand } from './evaluate-command.js';
import { addFeedCommands } from './feed-commands.js';
import { addFetchCommands } from './fetch-commands.js';
import { addHostCommands } from './host-commands.js';
import { hubAddress } from './hub-address.js';
import { HubClient } from './hub-client.js';
import { addHubCommands } from './hub-commands.js';
import { addItemCommands } from './item-commands.js';
import { addOpmlCommands } from './opml-commands.js';
import type { Workbench } from './output.js';
import { addPartnerCommands } from './partner-commands.js';
import { addReadCommand } from './read-command.js';
import { addChannelCommands } from './channel-commands.js';
import { addDeliveryCommands, addEndpointCommands } from './publishing-commands.js';
import { addReparseCommands } from './reparse-commands.js';
import { addClassifierCommands, addTopicCommands } from './topic-commands.js';
import { addReprocessCommands } from './reprocess-commands.js';
import { addRuleCommands } from './rule-commands.js';
import { addStoryCommands } from './story-commands.js';

/** What the program needs of the process it runs in. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  print: (text: string) => void;
  complain: (text: string) => void;
  progress?: (text: string) => void;
  /** Standard input. */
  input: NodeJS.ReadableStream;
}

const NOTES = `
Where and as whom: DATELINE_URL (default http://127.0.0.1:CONSOLE_PORT) and DATELINE_TOKEN (default ADMIN_TOKEN, else the
text in DATA_DIR/admin-token). Exit codes: 0 done, ${EXIT.refused} the hub refused, ${EXIT.usage} not understood, ${EXIT.away} no hub answers, ${EXIT.token} no or wrong token.`;

/** Runs one command. `args` without the program's own name. Answers the exit code; never throws. */
export async function runProgram(
  args: readonly string[],
  { env, print, complain, input, progress = () => undefined }: Surroundings,
): Promise<number> {
  const program = new Command('dateline')
    .description('Operate a Dateline hub.')
    .option('--json', 'print what the API answers, for programs')
    .addHelpText('after', NOTES)
    .exitOverride()
    .configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: (text) => complain(text.trimEnd()) });
  const connect = (command: Command): Workbench => ({
    hub: new HubClient(hubAddress(env)),
    json: command.optsWithGlobals<{ json?: boolean }>().json === true,
    print,
    progress,
    readInput: () => text(input),
  });
  addFeedCommands(program, connect);
  addPartnerCommands(program, connect);
  addFetchCommands(program, connect);
  addReparseCommands(program, connect);
  addReprocessCommands(program, connect);
  addStoryCommands(program, connect);
  addHostCommands(program, connect);
  addTopicCommands(program, connect);
  addClassifierCommands(program, connect);
  addChannelCommands(program, connect);
  addEndpointCommands(program, connect);
  addDeliveryCommands(program, connect);
  addTokenCommands(program, connect);
  addRuleCommands(program, connect);
  addDictionaryCommands(program, connect);
  addItemCommands(program, connect);
  addHubCommands(program, connect);
  addReadCommand(program, { env, print, input });
  addEvaluateCommand(program, env);
  addOpmlCommands(program, connect);
  allowJsonAnywhere(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    return exitCode(error, complain);
  }
}

/** `--json` may stand before or behind the command; commander's sub-commands do not inherit how errors are handled. */
function allowJsonAnywhere(command: Command): void {
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    child.option('--json', 'print what the API answers, for programs');
    allowJsonAnywhere(child);
  }
}

function exitCode(error: unknown, complain: (text: string) => void): number {
  // Commander has printed help, version or its own complaint already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  // An empty message: a process that the command ran has said why.
  if (!(error instanceof Error)) complain(String(error));
  else if (error.message !== '') complain(error.message);
  return error instanceof CommandError ? error.exitCode : EXIT.refused;
}
