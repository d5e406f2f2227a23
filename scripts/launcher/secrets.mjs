// The secrets that a hub needs and nobody should have to think up: made once, kept in DATA_DIR for its owner's eyes.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../setup/say.mjs';

/**
 * The admin token and the sealing key: from the environment, else from DATA_DIR, else new.
 * @param {string} folder DATA_DIR
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ adminToken: string, secretKey: string, isNewToken: boolean }}
 */
export function secrets(folder, env) {
  const token = secret(
    env.ADMIN_TOKEN,
    join(folder, 'admin-token'),
    () => `dl_${randomBytes(24).toString('base64url')}`,
  );
  const key = secret(env.SECRET_KEY, join(folder, 'secret-key'), () => randomBytes(32).toString('hex'));
  return { adminToken: token.value, secretKey: key.value, isNewToken: token.isNew };
}

function secret(given, file, make) {
  if (given !== undefined && given !== '') return { value: given, isNew: false };
  const isNew = !existsSync(file);
  if (isNew) writeFileSync(file, `${make()}\n`, { mode: 0o600 });
  const value = readFileSync(file, 'utf8').trim();
  if (value === '') throw new Refusal(`${file} is empty: restore it, or delete it to get a new one`);
  return { value, isNew };
}
