/** What a partner's token may call. Each of these handlers asks for the token's scope and keeps to it; all else is closed. */
import type { FastifyRequest } from 'fastify';

/** Methods with patterns as they are registered. */
export const PARTNER_ROUTES: readonly string[] = [
  'GET /api/v1/endpoints',
  'GET /api/v1/endpoints/:id',
  'POST /api/v1/endpoints/:id/ping',
  'POST /api/v1/endpoints/:id/rotate',
  'GET /api/v1/endpoints/:id/rotations',
  'GET /api/v1/endpoints/:id/replays',
  'POST /api/v1/endpoints/:id/replays',
  'GET /api/v1/endpoints/:id/replays/:replayId',
  'POST /api/v1/endpoints/:id/replays/:replayId/stop',
  'GET /api/v1/events',
  'GET /api/v1/deliveries',
  'GET /api/v1/deliveries/:id',
  'POST /api/v1/deliveries/:id/retry',
];

export function isForPartners(request: FastifyRequest): boolean {
  // HEAD asks for the same without the body.
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  return PARTNER_ROUTES.includes(`${method} ${request.routeOptions.url ?? ''}`);
}
