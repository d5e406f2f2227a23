/** The addresses that hubs call, below the framework's pipeline: bodies are streams here, whatever type they claim to have. */
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#config/config.js';
import { IntentVerifier } from './intent-verifier.js';
import { PushReceiver } from './push-receiver.js';
import { CALLBACK_PATH, fitsCallback } from './subscription-keys.js';

/** How long a refused sender may go on, so that it can read the answer before the connection ends. */
const LINGER_MS = 1_000;

@Injectable()
export class CallbackDoor {
  constructor(
    host: HttpAdapterHost<FastifyAdapter>,
    private readonly verifier: IntentVerifier,
    private readonly receiver: PushReceiver,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    host.httpAdapter.getInstance().addHook('onRequest', async (request, reply) => {
      if ((request.raw.url ?? '').startsWith(`${CALLBACK_PATH}/`)) await this.open(request, reply);
    });
  }

  private async open(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    void reply.header('content-type', 'text/plain; charset=utf-8').header('x-content-type-options', 'nosniff');
    const [path = '', query = ''] = (request.raw.url ?? '').split(/\?(.*)/s);
    const [id = '', key = '', ...more] = path.slice(CALLBACK_PATH.length + 1).split('/');
    if (more.length > 0 || !fitsCallback(id, key, this.config.secretKey)) return finish(request, reply, 404);
    switch (request.raw.method ?? '') {
      case 'GET': {
        const { status, body } = await this.verifier.answer(id, new URLSearchParams(query));
        await reply.code(status).send(body);
        return;
      }
      case 'POST':
        return finish(request, reply, await this.receiver.receive(id, { headers: request.headers, body: request.raw }));
      default:
        void reply.header('allow', 'GET, POST');
        return finish(request, reply, 405);
    }
  }
}

/** Answers; a sender that has not finished by then is cut off. */
async function finish({ raw }: FastifyRequest, reply: FastifyReply, status: number): Promise<void> {
  if (status === 503) void reply.header('retry-after', '10');
  if (!raw.complete) {
    void reply.header('connection', 'close');
    raw.resume();
    setTimeout(() => raw.complete || raw.destroy(), LINGER_MS).unref();
  }
  await reply.code(status).send('');
}
