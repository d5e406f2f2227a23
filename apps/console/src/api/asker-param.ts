/** Gives handlers who asks, so that they show no partner what is another's. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { askerOf } from '../auth/asker.js';

/** The bearer of a partner's token (`Asker`); undefined for the operator. Every handler in PARTNER_ROUTES takes it. */
export const WhoAsks = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  askerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
