/** Feed GETs a second, whole and unchanged, beside a bare Fastify route that sends the same bytes. */
import { besideBare } from '../ground/beside-bare.js';
import { type Figure } from '../ground/figures.js';
import { seedFeeds } from '../ground/seed-feeds.js';
import { type Stage } from '../ground/stage.js';
import { untilCount } from '../ground/until-count.js';
import { prepareNews } from './items.js';

const STORIES = 100;

export async function feeds(stage: Stage): Promise<Figure[]> {
  await seedFeeds(stage.database, await prepareNews(stage, 1, STORIES));
  await untilCount(stage, performance.now(), `SELECT count(*) FROM events WHERE fanned_out_at IS NOT NULL`, STORIES);
  return besideBare(stage, { part: 'feeds', name: 'feed', path: '/feeds/all.rss', shown: '<item>' });
}
