/** Reads what a request presents to prove who it is. */
import type { FastifyRequest } from 'fastify';
import { SESSION_COOKIE } from './session-cookie.js';

/** What a request presents. `ambient` credentials are sent by a browser on its own, so changes need proof of origin. */
export type Credentials =
  | { kind: 'bearer'; token: string; ambient: false }
  | { kind: 'basic'; token: string; ambient: true }
  | { kind: 'session'; cookie: string; ambient: true };

/** The first of: `Authorization: Bearer TOKEN`, `Authorization: Basic` with the token as password, our session cookie. */
export function credentialsOf(request: FastifyRequest): Credentials | undefined {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(/\s+/, 2);
  if (scheme.toLowerCase() === 'bearer' && value !== '') return { kind: 'bearer', token: value, ambient: false };
  if (scheme.toLowerCase() === 'basic' && value !== '') {
    const pair = Buffer.from(value, 'base64').toString('utf8');
    return { kind: 'basic', token: pair.slice(pair.indexOf(':') + 1), ambient: true };
  }
  const cookie = cookieNamed(request.headers.cookie, SESSION_COOKIE);
  return cookie === undefined ? undefined : { kind: 'session', cookie, ambient: true };
}

function cookieNamed(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}
