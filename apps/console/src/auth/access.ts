/**
 * Decides who may use the console: the admin token as bearer or basic password, or a session that was begun with it; and of
 * the API, what a partner's token opens.
 */
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { adminTokenWeakness } from '#config/admin-token.js';
import { CONFIG, type Config } from '#config/config.js';
import { credentialsOf } from './credentials.js';
import { FailedAttempts } from './failed-attempts.js';
import { isForPartners } from './partner-routes.js';
import { isSameSecret } from './same-secret.js';
import { isLiveSession } from './session-cookie.js';
import { parseUrl } from '#domain/parse-url.js';
import { ACCESS_TOKEN_PREFIX, AccessTokenRepository } from '#storage/access-token.repository.js';
import { rememberAsker } from './asker.js';

export type Verdict =
  'allowed' | 'unauthorised' | 'unknown-token' | 'wait' | 'foreign-origin' | 'not-for-partners' | 'unavailable';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

@Injectable()
export class Access implements OnApplicationBootstrap {
  private readonly logger = new Logger(Access.name);
  /** Apart: a partner's old script is no guess at the admin token. */
  private readonly adminFailures = new FailedAttempts();
  private readonly partnerFailures = new FailedAttempts();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tokens: AccessTokenRepository,
  ) {}

  onApplicationBootstrap(): void {
    const weakness = adminTokenWeakness(this.config.adminToken);
    if (weakness !== null) this.logger.warn({ msg: `ADMIN_TOKEN ${weakness}` });
  }

  /** What a request's credentials are worth. The API takes bearer tokens only; pages take sessions and basic too. */
  async judge(request: FastifyRequest): Promise<Verdict> {
    const credentials = credentialsOf(request);
    if (credentials === undefined) return 'unauthorised';
    if (credentials.ambient && isApi(request)) return 'unauthorised';
    if (credentials.ambient && !SAFE_METHODS.includes(request.method) && !isFromOurPages(request))
      return 'foreign-origin';
    if (credentials.kind === 'session')
      return isLiveSession(this.config, credentials.cookie, Date.now()) ? 'allowed' : 'unauthorised';
    const isPartners = credentials.kind === 'bearer' && credentials.token.startsWith(ACCESS_TOKEN_PREFIX);
    if (isPartners && isApi(request)) return this.judgeAccessToken(credentials.token, request);
    return this.judgeToken(credentials.token, request.ip);
  }

  /**
   * Whether a token is the admin's; wrong ones count against the address. The right one is never refused: behind a proxy
   * or a NAT others share the address, and their wrong tokens are not its fault.
   */
  judgeToken(token: string, address: string): Verdict {
    if (isSameSecret(token, this.config.adminToken)) return 'allowed';
    return this.adminFailures.record(address, token) ? 'wait' : 'unauthorised';
  }

  /** A partner's token: wrong ones count by themselves, right ones open what is for partners, whatever others sent. */
  private async judgeAccessToken(token: string, request: FastifyRequest): Promise<Verdict> {
    const isKnownWrong = this.partnerFailures.isKnownWrong(request.ip, token);
    const found = isKnownWrong ? undefined : await this.tokens.find(token).catch(() => null);
    if (found === null) return 'unavailable';
    if (found === undefined) return this.partnerFailures.record(request.ip, token) ? 'wait' : 'unknown-token';
    if (!isForPartners(request)) return 'not-for-partners';
    const { id, name, partner_id: partnerId, endpoint_id: endpointId } = found;
    rememberAsker(request, { tokenId: id, tokenName: name, scope: { partnerId, endpointId } });
    return 'allowed';
  }

  /** Seconds until an address that was told to wait may be wrong again. */
  waitSeconds(address: string): number {
    return Math.max(this.adminFailures.waitSeconds(address), this.partnerFailures.waitSeconds(address));
  }
}

/** By the matched route where there is one: the same address can be spelt in many ways. */
export function isApi(request: FastifyRequest): boolean {
  return (request.routeOptions.url ?? request.url).startsWith('/api/');
}

/**
 * A browser adds cookies and basic credentials on its own, also to requests that another page makes: those must come
 * from a page of ours. SameSite alone would let in other ports of the same host.
 */
function isFromOurPages(request: FastifyRequest): boolean {
  const origin = request.headers.origin;
  if (origin !== undefined) return parseUrl(origin)?.host === request.headers.host;
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}
