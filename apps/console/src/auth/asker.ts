/** Who makes a request, where it is not the operator: the door finds out, handlers and the audit ask. */
import type { FastifyRequest } from 'fastify';
import type { AccessScope } from '#storage/access-token.repository.js';

/** The bearer of an access token, and what it opens. */
export interface Asker {
  tokenId: string;
  tokenName: string;
  scope: AccessScope;
}

const askers = new WeakMap<FastifyRequest, Asker>();

export function rememberAsker(request: FastifyRequest, asker: Asker): void {
  askers.set(request, asker);
}

/** Undefined: the operator, who may do everything. */
export function askerOf(request: FastifyRequest): Asker | undefined {
  return askers.get(request);
}

/** For logs and histories. */
export function askerName(asker: Asker | undefined): string {
  if (asker === undefined) return 'an operator';
  return asker.tokenName === '' ? `token ${asker.tokenId}` : `token ${asker.tokenId} (${asker.tokenName})`;
}
