/** Introduces the demo to the hub through its API: partners, feeds and the receiver's endpoint. Running it twice changes nothing. */
import { type ApiClient } from './api-client.js';
import { type Partner } from './partners/article.js';
import { keepEndpoint, type KeptEndpoint, readKeptEndpoint } from './secret-file.js';

const POLL_SECONDS = 5;

/** Higher wins when partners tell the same story. */
const PRIORITIES: Record<string, number> = { northwire: 80, tidemarks: 60, 'harrowmere-daily': 40 };

/** True while the hub wants a demo. */
export async function demoIsOn(api: ApiClient): Promise<boolean> {
  const { body } = await api.call('GET', '/demo');
  return body.state !== 'off';
}

/** Registers partners and their feeds. `site` is where the partners are served now. */
export async function registerPartners(api: ApiClient, site: string, partners: Partner[]): Promise<void> {
  for (const partner of partners) {
    const partnerId = await registerPartner(api, site, partner);
    await registerFeed(api, partnerId, site + partner.feedPath);
  }
}

async function registerPartner(api: ApiClient, site: string, partner: Partner): Promise<string> {
  const siteUrl = `${site}/${partner.feedPath.split('/')[1]}/`;
  const { status, body } = await api.call(
    'POST',
    '/partners',
    { name: partner.name, slug: partner.slug, siteUrl, priority: PRIORITIES[partner.slug] ?? 50, demo: true },
    [409],
  );
  if (status !== 409) return body.id as string;
  const known = (await api.list('/partners')).find((other) => other.slug === partner.slug);
  if (!known) throw new Error(`the hub has a partner ${partner.slug} but does not list it`);
  if (known.siteUrl !== siteUrl) await api.call('PATCH', `/partners/${known.id as string}`, { siteUrl });
  return known.id as string;
}

/** One feed a demo partner: an address that moved since the last start (another port) is changed, not added. */
async function registerFeed(api: ApiClient, partnerId: string, url: string): Promise<void> {
  const known = (await api.list('/feeds')).find((feed) => feed.partnerId === partnerId);
  if (!known) await api.call('POST', '/feeds', { url, partnerId, intervalSeconds: POLL_SECONDS, demo: true }, [409]);
  else if (known.url !== url) await api.call('PATCH', `/feeds/${known.id as string}`, { url });
}

/** The demo receiver's endpoint with its secret: the kept one while the hub still has it, else a new one in its place. */
export async function registerEndpoint(api: ApiClient, url: string, file: string): Promise<KeptEndpoint> {
  const kept = readKeptEndpoint(file);
  const mine = (await api.list('/endpoints')).filter((endpoint) => endpoint.demo === true);
  if (kept?.url === url && mine.some((endpoint) => endpoint.id === kept.id)) return kept;
  for (const old of mine) await api.call('DELETE', `/endpoints/${old.id as string}`, undefined, [404]);
  const { body } = await api.call('POST', '/endpoints', { url, description: 'The demo receiver', demo: true });
  const endpoint = { id: body.id as string, url, secret: body.secret as string };
  keepEndpoint(file, endpoint);
  return endpoint;
}
