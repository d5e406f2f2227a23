/** Where the hub's console is and which token opens it, from the same variables that the hub is run with. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, EXIT } from './command-error.js';

export interface HubAddress {
  /** Without a final slash. */
  url: string;
  token: string;
}

/**
 * DATELINE_URL, else this machine at CONSOLE_PORT; DATELINE_TOKEN, else ADMIN_TOKEN, else the text in DATA_DIR/admin-token.
 * Throws CommandError when there is no token to be found.
 */
export function hubAddress(env: NodeJS.ProcessEnv): HubAddress {
  const given = env['DATELINE_URL'];
  if (given !== undefined && given !== '' && !/^https?:\/\//.test(given))
    throw new CommandError(EXIT.usage, `DATELINE_URL=${given} must begin with http:// or https://`);
  const url = given || `http://127.0.0.1:${env['CONSOLE_PORT'] || '8081'}`;
  return { url: url.replace(/\/+$/, ''), token: tokenFrom(env) };
}

function tokenFrom(env: NodeJS.ProcessEnv): string {
  const given = env['DATELINE_TOKEN'] || env['ADMIN_TOKEN'];
  if (given) return given;
  const file = join(env['DATA_DIR'] || './data', 'admin-token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new CommandError(
      EXIT.token,
      `no admin token: ${file} cannot be read. Start the hub with npm start, or set DATA_DIR or DATELINE_TOKEN to those of the hub`,
    );
  }
}
