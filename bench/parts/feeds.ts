/** Feed GETs a second, whole and unchanged, beside a bare Fastify route that sends the same bytes. */
import { BenchChild } from '../ground/rpc.js';
import { type Figure } from '../ground/figures.js';
import { seedFeeds } from '../ground/seed-feeds.js';
import { type Stage } from '../ground/stage.js';
import { untilCount } from '../ground/until-count.js';
import { until } from '../../test/support/until.js';
import { prepareNews } from './items.js';

const STORIES = 100;
const PATH = '/feeds/all.rss';
/** Set by the server itself, or different at each answer. */
const NOT_COPIED = new Set(['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding']);

export async function feeds(stage: Stage): Promise<Figure[]> {
  await seedFeeds(stage.database, await prepareNews(stage, 1, STORIES));
  await untilCount(stage, performance.now(), `SELECT count(*) FROM events WHERE fanned_out_at IS NOT NULL`, STORIES);
  const sample = await until('the feed shows its stories', async () => {
    const response = await fetch(stage.hub.publisher + PATH, { headers: { 'accept-encoding': 'identity' } });
    const body = Buffer.from(await response.arrayBuffer());
    const headers = Object.fromEntries([...response.headers].filter(([name]) => !NOT_COPIED.has(name)));
    return response.ok && body.includes('<item>') && { body, headers };
  });
  const bare = BenchChild.start('servers/bare-route.js');
  try {
    await bare.call('serve', sample);
    const bareUrl = new URL(await bare.call<string>('url'));
    const compare = async (name: string, status: number, headers: Record<string, string>): Promise<Figure> => {
      const limit = await stage.rawLoop({ origin: bareUrl.origin, paths: [bareUrl.pathname], headers });
      const meter = await stage.meter();
      const ours = await stage.rawLoop({ origin: stage.hub.publisher, paths: [PATH], headers });
      const cost = await meter(ours.perSecond * (stage.options.loopSeconds + 1));
      const wrong = Object.keys(ours.statuses).filter((other) => Number(other) !== status);
      if (wrong.length > 0) throw new Error(`${PATH} answered ${wrong.join(', ')} instead of ${status}`);
      return {
        part: 'feeds',
        name,
        value: ours.perSecond,
        unit: '/s',
        ceilings: [{ name: 'bare Fastify route/s', value: limit.perSecond }],
        note: `p50 ${ours.p50Ms.toFixed(1)} ms, p99 ${ours.p99Ms.toFixed(1)} ms, ${Math.round(sample.body.length / 1024)} KB; ${cost}`,
      };
    };
    return [
      await compare('feed GETs answered 200', 200, { 'accept-encoding': 'identity' }),
      await compare('feed GETs answered 304', 304, {
        'accept-encoding': 'identity',
        'if-none-match': sample.headers.etag ?? '',
      }),
    ];
  } finally {
    await bare.stop();
  }
}
