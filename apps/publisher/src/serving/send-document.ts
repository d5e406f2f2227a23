/** Answers a request with a rendered document: 304 when the client has it already, else the encoding it takes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseEncoding } from './accept-encoding.js';
import type { RenderedDocument, Variant } from './rendered-document.js';

/**
 * Sends `document`. If-None-Match decides when it is there; else If-Modified-Since, which must equal our Last-Modified
 * exactly: an equal date is the only one that surely names what we sent (the newest story may have been withdrawn).
 */
export function sendDocument(
  request: FastifyRequest,
  reply: FastifyReply,
  document: RenderedDocument,
): void | Promise<void> {
  const variant = document.variant(chooseEncoding(request.headers['accept-encoding']));
  if (variant instanceof Promise) return variant.then((made) => send(request, reply, document, made));
  send(request, reply, document, variant);
}

/** The same for the fast lane, without a framework. False, with nothing sent, when this encoding has to be made first. */
export function sendReady(request: IncomingMessage, response: ServerResponse, document: RenderedDocument): boolean {
  const variant = document.readyVariant(chooseEncoding(request.headers['accept-encoding']));
  if (variant === undefined) return false;
  if (document.status === 200 && clientHas(request, document, variant)) {
    response.writeHead(304, variant.rawNotModifiedHeaders).end();
  } else {
    // Node.js leaves the body out where HEAD was asked.
    response.writeHead(document.status, variant.rawHeaders).end(variant.body);
  }
  return true;
}

function send(request: FastifyRequest, reply: FastifyReply, document: RenderedDocument, variant: Variant): void {
  if (document.status === 200 && clientHas(request, document, variant)) {
    reply.code(304).headers(variant.notModifiedHeaders).send();
    return;
  }
  reply.code(document.status).headers(variant.headers).send(variant.body);
}

function clientHas(request: Pick<IncomingMessage, 'headers'>, document: RenderedDocument, variant: Variant): boolean {
  const tags = request.headers['if-none-match'];
  if (tags !== undefined) return tags === variant.etag || tags.split(',').some((tag) => document.isNamedBy(tag));
  const since = request.headers['if-modified-since'];
  return since !== undefined && since === document.lastModified;
}
