/** The cache of rendered documents: one render for many, the older document when rendering fails, dates that move. */
import { Metrics } from '#observability/metrics.js';
import type { ContentVersion } from './content-version.js';
import { DocumentCache } from './document-cache.js';
import type { Rendering } from './rendered-document.js';

const NOON = new Date('2026-11-20T12:00:00Z');

function rendering(body: string, changedAt = NOON): Rendering {
  return { status: 200, contentType: 'text/plain', cacheControl: 'no-cache', body, changedAt };
}

describe('DocumentCache', () => {
  let version: string;
  let cache: DocumentCache;

  beforeEach(() => {
    version = '1';
    cache = new DocumentCache({ current: () => version } as ContentVersion, new Metrics());
  });

  it('renders once for all who ask while it renders, and once a version', async () => {
    const render = jest.fn(async () => rendering('one'));
    const documents = await Promise.all(Array.from({ length: 20 }, async () => cache.get('/', render)));
    expect(render).toHaveBeenCalledTimes(1);
    expect(new Set(documents).size).toBe(1);
    version = '2';
    await cache.get('/', render);
    expect(render).toHaveBeenCalledTimes(2);
  });

  it('does not hand a render that began before a change to those who came after it', async () => {
    let finish: (value: Rendering) => void = () => undefined;
    const early = cache.get('/', () => new Promise((resolve) => (finish = resolve)));
    version = '2';
    const late = await cache.get('/', async () => rendering('new'));
    finish(rendering('old'));
    expect(await early).not.toBe(late);
  });

  it('keeps the document, with its encodings, when a change left it the same', async () => {
    const first = await cache.get('/', async () => rendering('same'));
    version = '2';
    expect(await cache.get('/', async () => rendering('same', new Date()))).toBe(first);
  });

  it('serves the older document when rendering fails, and fails when there is none', async () => {
    const fail = async (): Promise<Rendering> => Promise.reject(new Error('no database'));
    await expect(cache.get('/', fail)).rejects.toThrow('no database');
    const first = await cache.get('/', async () => rendering('kept'));
    version = '2';
    expect(await cache.get('/', fail)).toBe(first);
  });

  it('moves Last-Modified with the content, also when the newest story got older', async () => {
    const first = await cache.get('/', async () => rendering('one'));
    version = '2';
    const second = await cache.get('/', async () => rendering('two', new Date('2026-11-20T11:00:00Z')));
    expect(first.lastModified).toBe('Fri, 20 Nov 2026 12:00:00 GMT');
    expect(second.lastModified).toBe('Fri, 20 Nov 2026 12:00:01 GMT');
  });

  it('gives no date rather than one that two contents share', async () => {
    const now = new Date();
    await cache.get('/', async () => rendering('one', now));
    version = '2';
    const second = await cache.get('/', async () => rendering('two', now));
    expect(second.lastModified).toBeUndefined();
  });
});
