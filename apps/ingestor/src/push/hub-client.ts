/** Asks hubs to begin and to end subscriptions (WebSub, 5.1), through the one door out. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { cleanLine } from '#domain/clean-text.js';
import { parseUrl } from '#domain/parse-url.js';
import { OutboundHttp, type OutboundResponse } from '#http-client/http-client.js';
import { OutboundError } from '#http-client/outbound-error.js';
import { retryAfterSeconds } from '../fetching/cache-headers.js';
import { callbackAddress, subscriptionSecret } from './subscription-keys.js';
import { type HubAnswer, LEASE_SECONDS } from './subscription-state.js';

export interface HubRequest {
  id: string;
  hub: string;
  topic: string;
  mode: 'subscribe' | 'unsubscribe';
  /** CALLBACK_URL as it is, or was when the subscription was made. */
  callbackBase: string;
}

const DEADLINE_MS = 15_000;
const MAX_REDIRECTS = 4;
/** An answer is shown to people, not read. */
const MAX_BYTES = 4_096;
const MAX_REASON = 200;
const REDIRECTS = new Set([301, 302, 307, 308]);

@Injectable()
export class HubClient {
  constructor(
    private readonly http: OutboundHttp,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Never throws for anything that a hub does. */
  async ask(request: HubRequest, signal: AbortSignal): Promise<HubAnswer> {
    try {
      return answerOf(await this.post(request.hub, this.form(request), signal));
    } catch (error) {
      if (error instanceof OutboundError) return { kind: 'trouble', reason: error.message, retryAfterSeconds: null };
      throw error;
    }
  }

  /** The hub that has moved is asked again where it is now, with the whole form: also after 301 and 302, as hubs mean it. */
  private async post(hub: string, body: string, signal: AbortSignal): Promise<OutboundResponse> {
    const giveUpAt = performance.now() + DEADLINE_MS;
    let url = hub;
    for (let hops = 0; ; hops++) {
      const response = await this.http.request({
        url,
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'user-agent': this.http.userAgentFor('WebSub subscriber'),
        },
        body,
        deadlineMs: Math.max(1, giveUpAt - performance.now()),
        maxBytes: MAX_BYTES,
        overflow: 'truncate',
        signal,
      });
      if (!REDIRECTS.has(response.status)) return response;
      const target = parseUrl(response.headers['location'] ?? '', response.url);
      if (target === null) throw new OutboundError('bad-redirect', 'the hub redirects to nowhere');
      if (hops >= MAX_REDIRECTS)
        throw new OutboundError('too-many-redirects', `the hub redirects more than ${MAX_REDIRECTS} times`);
      url = target.href;
    }
  }

  private form({ id, topic, mode, callbackBase }: HubRequest): string {
    const form = new URLSearchParams({
      'hub.callback': callbackAddress(callbackBase, id, this.config.secretKey),
      'hub.mode': mode,
      'hub.topic': topic,
    });
    if (mode === 'subscribe') {
      form.set('hub.secret', subscriptionSecret(id, this.config.secretKey));
      form.set('hub.lease_seconds', String(LEASE_SECONDS));
    }
    // Hubs of before WebSub (PubSubHubbub 0.3) want to know when to verify; the others ignore it.
    form.set('hub.verify', 'async');
    return form.toString();
  }
}

function answerOf(response: OutboundResponse): HubAnswer {
  const { status, headers, body } = response;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const words = cleanLine(body.toString('utf8'), MAX_REASON);
  return {
    // 408 and 429 are the client errors that pass by themselves.
    kind: status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'refused' : 'trouble',
    reason: `the hub answered ${status}${words === '' ? '' : `: ${words}`}`,
    retryAfterSeconds: retryAfterSeconds(headers, new Date()),
  };
}
