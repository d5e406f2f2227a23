/**
 * Sends what is in the cache before the framework's pipeline begins: most requests ask for a feed that has not changed.
 * Measured: a cached 304 took 130 µs of processor time through a controller, 38 µs in a bare Fastify route.
 */
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DocumentCache } from './document-cache.js';
import { sendReady } from './send-document.js';

@Injectable()
export class FastLane {
  constructor(
    host: HttpAdapterHost<FastifyAdapter>,
    private readonly cache: DocumentCache,
  ) {
    // Hooks run in the order they are added: in a constructor, this one is before the middleware of any module.
    host.httpAdapter.getInstance().addHook('onRequest', (request, reply, done) => {
      if (!this.serve(request, reply)) done();
    });
  }

  /** True when the request has been answered. Anything unusual is left to the controllers. */
  private serve(request: FastifyRequest, reply: FastifyReply): boolean {
    if (request.raw.method !== 'GET') return false;
    const document = this.cache.fresh(request.raw.url ?? '');
    return document !== undefined && sendReady(request, reply, document);
  }
}
