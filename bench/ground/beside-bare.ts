/** A cached document's GETs a second, whole and unchanged, beside a bare Fastify route that sends the same bytes. */
import { BenchChild } from './rpc.js';
import { type Figure } from './figures.js';
import { processUse } from './process-use.js';
import { type Stage } from './stage.js';
import { until } from '../../test/support/until.js';

/** Set by the server itself, or different at each answer. */
const NOT_COPIED = new Set(['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding']);
/** What serving costs us beside the least that it can cost. */
const LEAST_RATIO = 0.6;

/** `name` is what stands before "GETs answered 200"; `shown` must be in the document. */
export async function besideBare(
  stage: Stage,
  { part, name, path, shown }: { part: string; name: string; path: string; shown: string },
): Promise<Figure[]> {
  const sample = await until(`${path} shows its stories`, async () => {
    const response = await fetch(stage.hub.publisher + path, { headers: { 'accept-encoding': 'identity' } });
    const body = Buffer.from(await response.arrayBuffer());
    const headers = Object.fromEntries([...response.headers].filter(([header]) => !NOT_COPIED.has(header)));
    return response.ok && body.includes(shown) && { body, headers };
  });
  const bare = BenchChild.start('servers/bare-route.js');
  try {
    await bare.call('serve', sample);
    const bareUrl = new URL(await bare.call<string>('url'));
    const compare = async (status: number, headers: Record<string, string>): Promise<Figure> => {
      const bareBefore = await processUse(bare.pid);
      const limit = await stage.rawLoop({ origin: bareUrl.origin, paths: [bareUrl.pathname], headers });
      const bareAfter = await processUse(bare.pid);
      const meter = await stage.meter();
      const ours = await stage.rawLoop({ origin: stage.hub.publisher, paths: [path], headers });
      const seconds = stage.options.loopSeconds + 1;
      const cost = await meter(ours.perSecond * seconds);
      const bareSeconds = (bareAfter?.cpuSeconds ?? 0) - (bareBefore?.cpuSeconds ?? 0);
      const bareCost = `bare ${((bareSeconds * 1000) / (limit.perSecond * seconds)).toFixed(3)}`;
      const wrong = Object.keys(ours.statuses).filter((other) => Number(other) !== status);
      if (wrong.length > 0) throw new Error(`${path} answered ${wrong.join(', ')} instead of ${status}`);
      return {
        part,
        name: `${name} GETs answered ${status}`,
        value: ours.perSecond,
        unit: '/s',
        ceilings: [{ name: 'bare Fastify route/s', value: limit.perSecond }],
        target: { leastRatio: LEAST_RATIO },
        note: `p50 ${ours.p50Ms.toFixed(1)} ms, p99 ${ours.p99Ms.toFixed(1)} ms, ${Math.round(sample.body.length / 1024)} KB; ${cost}, ${bareCost}`,
      };
    };
    return [
      await compare(200, { 'accept-encoding': 'identity' }),
      await compare(304, { 'accept-encoding': 'identity', 'if-none-match': sample.headers.etag ?? '' }),
    ];
  } finally {
    await bare.stop();
  }
}
