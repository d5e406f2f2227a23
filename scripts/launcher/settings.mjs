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
