/** The commands for topics and the classifier against a running console. */
import { Readable } from 'node:stream';
import { ClassifierRepository } from '#storage/classifier.repository.js';
import { testConsole, type TestConsole } from '../../../../test/support/console.js';
import { addPartner, receive } from '../../../../test/support/partners-items.js';
import { until } from '../../../../test/support/until.js';
import { runProgram } from './program.js';

let hub: TestConsole;
beforeAll(async () => {
  hub = await testConsole();
});
afterAll(() => hub?.close());

async function dateline(...words: string[]) {
  const out: string[] = [];
  const code = await runProgram(words, {
    env: { DATELINE_URL: hub.url, DATELINE_TOKEN: hub.token },
    print: (text) => out.push(text),
    complain: (text) => out.push(text),
    input: Readable.from([]),
  });
  return { code, out: out.join('\n') };
}

it('shows categories without a topic, maps them and forgets it again', async () => {
  const feed = await addPartner(hub.database, 'Gazette');
  await receive(hub.database, feed, [{ title: 'x', categories: [{ term: 'Harbour Football' }] }]);
  expect((await dateline('topics', 'unmapped')).out).toMatch(/^ITEMS .*\n1 +Harbour Football +Gazette +soccer$/);
  expect((await dateline('topics', 'find', 'soccer')).out).toMatch(/medtop:20001065 +soccer$/);
  const mapped = await dateline('topics', 'map', 'Harbour Football', 'soccer', '--partner', feed.partnerId);
  expect(mapped.out).toMatch(/^Harbour Football: soccer \(mapping [0-9a-f-]{36}\)$/);
  expect((await dateline('topics', 'unmapped')).out).toBe('every category names a topic');
  expect((await dateline('topics', 'mappings')).out).toMatch(/^CATEGORY .*\nHarbour Football +soccer +[0-9a-f-]{36} /);
  expect((await dateline('topics', 'map', 'Harbour Football', 'none')).out).toMatch(/^Harbour Football: no topic/);
  const id = /mapping ([0-9a-f-]+)/.exec(mapped.out)?.[1] ?? '';
  expect((await dateline('topics', 'unmap', id)).code).toBe(0);
  expect(await dateline('topics', 'map', 'x', 'no such topic')).toMatchObject({
    code: 1,
    out: 'topic: names no topic; GET /api/v1/topics?q= finds codes and names',
  });
});

it('shows, switches and trains the classifier, and says what came of it', async () => {
  expect((await dateline('classifier')).out).toBe('off: nothing was trained yet');
  expect((await dateline('classifier', 'off')).out).toBe('off: an operator has switched it off');
  expect((await dateline('classifier', 'on')).code).toBe(0);
  const asked = dateline('classifier', 'train');
  const repository = new ClassifierRepository(hub.database);
  const { token } = await until('the training is asked for', async () => {
    const turn = await repository.claim(60);
    if (turn?.isWanted === false) await repository.release(turn.token, undefined);
    return turn?.isWanted === true ? turn : undefined;
  });
  await repository.release(token, 'not trained: 3 stories have a topic');
  expect((await asked).out).toMatch(
    /^off: not trained: 3 stories have a topic\nlast look 20.*Z: not trained: 3 stories have a topic$/,
  );
});
