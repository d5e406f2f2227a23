/** Documents that take too long or too much memory: their thread ends, and the next document is read as if nothing was. */
import { startStopwatch } from '../../../test/support/stopwatch.js';
import { DocumentParser } from './document-parser.js';

jest.mock('./parse-thread-file.js', () => ({
  PARSE_THREAD_FILE: `${process.cwd()}/test/fixtures/threads/misbehaving.thread.mjs`,
}));

const parser = new DocumentParser();
const parse = (wish: string): Promise<unknown> =>
  parser.parse({ bytes: Buffer.from(wish), contentType: null, url: '' });

afterAll(() => parser.onApplicationShutdown());

it('refuses what takes more than two seconds', async () => {
  await Promise.all([parse('warm'), parse('warm')]);
  const elapsed = startStopwatch();
  await expect(parse('hang')).rejects.toMatchObject({
    code: 'too-slow',
    message: 'Reading the document took more than 2 seconds.',
  });
  expect(elapsed()).toBeLessThan(4_000);
  await expect(parse('next')).resolves.toEqual({ wish: 'next' });
});

it('refuses what takes more than its memory', async () => {
  await expect(parse('swell')).rejects.toMatchObject({ code: 'too-much-memory' });
  await expect(parse('next')).resolves.toEqual({ wish: 'next' });
});
