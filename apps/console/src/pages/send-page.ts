/** Sends a page of the console with a policy under which nothing can run: no script, no foreign style, no frame. */
import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Html } from './html.js';
import { STYLE } from './style.js';

const styleHash = createHash('sha256').update(STYLE).digest('base64');
const POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${styleHash}'`,
  `img-src 'self' data:`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
  `base-uri 'none'`,
].join('; ');

export async function sendPage(reply: FastifyReply, status: number, page: Html): Promise<void> {
  await reply
    .status(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', POLICY)
    .header('cache-control', 'no-store')
    .send(page.text);
}
