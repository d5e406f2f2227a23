/** The signed cookie that a browser gets for the token: it holds an expiry and nothing else, and dies with the token. */
import { createHmac } from 'node:crypto';
import type { Config } from '#config/config.js';
import { isSameSecret } from './same-secret.js';

export const SESSION_COOKIE = 'dateline_session';
const SESSION_SECONDS = 12 * 60 * 60;

/** The `Set-Cookie` header of a session that begins now. `secure`: the browser came by https. */
export function sessionCookie(config: Config, now: number, secure: boolean): string {
  const expires = String(Math.floor(now / 1_000) + SESSION_SECONDS);
  return cookie(`${expires}.${signature(config, expires)}`, SESSION_SECONDS, secure);
}

/** The `Set-Cookie` header that ends a session. */
export function endedSessionCookie(secure: boolean): string {
  return cookie('', 0, secure);
}

/** Whether the cookie's value was made by this hub under its present token, and has not run out. */
export function isLiveSession(config: Config, value: string, now: number): boolean {
  const [expires = '', signed = ''] = value.split('.', 2);
  return isSameSecret(signed, signature(config, expires)) && Number(expires) * 1_000 > now;
}

function cookie(value: string, maxAge: number, secure: boolean): string {
  return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
}

/** Keyed by the token too: a new token ends every session. */
function signature(config: Config, expires: string): string {
  return createHmac('sha256', config.secretKey)
    .update(`console session\n${config.adminToken}\n${expires}`)
    .digest('base64url');
}
