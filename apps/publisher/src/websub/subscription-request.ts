/** What a subscriber posts to the hub (WebSub, 5.1), checked; unknown parameters are ignored. */
import { parseUrl } from '#domain/parse-url.js';
import { isStorableText } from '#storage/storable-text.js';

export type HubRequest =
  | { kind: 'publish'; topics: string[] }
  | {
      kind: 'subscription';
      mode: 'subscribe' | 'unsubscribe';
      topic: string;
      callback: string;
      host: string;
      secret: string | null;
      leaseSeconds: number | null;
    }
  | { kind: 'wrong'; reason: string };

const MAX_ADDRESS = 2_048;
/** "must be less than 200 bytes" (WebSub, 5.1). */
const MAX_SECRET_BYTES = 199;
const MAX_PINGED = 20;

/** `form`: the body as parsed; a parameter that is given twice is an array. */
export function readHubRequest(form: Record<string, unknown>): HubRequest {
  const text = (name: string): string | undefined =>
    typeof form[name] === 'string' && form[name] !== '' ? form[name] : undefined;
  const mode = text('hub.mode');
  if (mode === 'publish') {
    const topics = [form['hub.url'], form['hub.topic']].flat().filter((value) => typeof value === 'string');
    if (topics.length === 0 || topics.length > MAX_PINGED) return wrong('hub.url: name the feed that changed');
    return { kind: 'publish', topics };
  }
  if (mode !== 'subscribe' && mode !== 'unsubscribe')
    return wrong('hub.mode: must be subscribe, unsubscribe or publish, once');
  const topic = text('hub.topic');
  const callback = text('hub.callback');
  if (topic === undefined || topic.length > MAX_ADDRESS || !isStorableText(topic))
    return wrong('hub.topic: must be the address of a feed');
  const url = callback === undefined || callback.length > MAX_ADDRESS ? null : parseUrl(callback);
  if (
    callback === undefined ||
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.hash !== '' ||
    url.username !== '' ||
    !isStorableText(callback)
  )
    return wrong('hub.callback: must be an http or https address without fragment and user name');
  const secret = text('hub.secret') ?? null;
  if (secret !== null && Buffer.byteLength(secret) > MAX_SECRET_BYTES)
    return wrong('hub.secret: must have less than 200 bytes');
  const lease = text('hub.lease_seconds');
  if (lease !== undefined && !/^\d{1,12}$/.test(lease)) return wrong('hub.lease_seconds: must be a number of seconds');
  const leaseSeconds = lease === undefined ? null : Number(lease);
  return { kind: 'subscription', mode, topic, callback, host: url.host, secret, leaseSeconds };
}

function wrong(reason: string): HubRequest {
  return { kind: 'wrong', reason };
}
