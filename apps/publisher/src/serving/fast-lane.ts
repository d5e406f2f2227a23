/**
 * Sends what is in the cache before Fastify and Nest see the request: most ask for a feed or page that has not changed.
 * See ADR 4.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentCache } from './document-cache.js';
import { sendReady } from './send-document.js';

@Injectable()
export class FastLane {
  private readonly server: Server;

  constructor(
    host: HttpAdapterHost<FastifyAdapter>,
    private readonly cache: DocumentCache,
  ) {
    this.server = host.httpAdapter.getInstance().server;
    // Fastify has one listener at its server. Where a host name has several addresses it opens a server for each of the
    // others, without this lane: they answer the same, less quickly.
    const pipeline = this.server.listeners('request') as RequestListener[];
    this.server.removeAllListeners('request');
    this.server.on('request', (request, response) => {
      if (!this.serve(request, response)) for (const listener of pipeline) listener(request, response);
    });
  }

  /** True when the request has been answered. Anything unusual is left to the controllers. */
  private serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' && request.method !== 'HEAD') return false;
    // A server that closes has Fastify tell each client so.
    if (!this.server.listening) return false;
    const document = this.cache.fresh(request.url ?? '');
    return document !== undefined && sendReady(request, response, document);
  }
}
