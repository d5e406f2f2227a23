// The hub's configuration as the launcher sees it: checked by the services' own reader before anything is started.
import { pathToFileURL } from 'node:url';
import { inRoot } from '../setup/places.mjs';
import { Refusal } from '../setup/say.mjs';

/**
 * Reads the environment with libs/config. Throws a Refusal with a line for each mistake.
 * @param {NodeJS.ProcessEnv} env
 */
export async function readSettings(env) {
  const { ConfigError, loadConfig } = await import(pathToFileURL(inRoot('dist/libs/config/src/config.js')).href);
  try {
    return loadConfig(env, { requireStores: false });
  } catch (error) {
    if (error instanceof ConfigError) throw new Refusal(error.lines);
    throw error;
  }
}

/**
 * Throws a Refusal for a token that somebody wrote into DATA_DIR and that the services would refuse.
 * @param {string} token
 * @param {string} file where it was read
 */
export async function checkKeptToken(token, file) {
  const { adminTokenProblem } = await import(pathToFileURL(inRoot('dist/libs/config/src/admin-token.js')).href);
  const problem = adminTokenProblem(token);
  if (problem !== null) throw new Refusal(`the token in ${file} ${problem}; or delete the file to get a new one`);
}
