/** A budget of bytes: what has come is counted, who finds no room waits in line, and nobody waits for ever. */
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { ByteBudget } from './byte-budget.js';

const READ = 65_536;

test('counts what is taken until it is given back', () => {
  const budget = new ByteBudget(10 * READ);
  const account = budget.open();
  expect(account.take(3 * READ)).toBe(true);
  account.giveBack(READ);
  expect([budget.held, account.bytes]).toEqual([2 * READ, 2 * READ]);
  account.close();
  account.close();
  expect([budget.held, account.bytes]).toEqual([0, 0]);
  // A last chunk of a request that nobody waits for any more.
  expect(account.take(READ)).toBe(true);
  expect(budget.held).toBe(0);
});

test('one goes on beyond the limit, the others wait for it and for their turn', async () => {
  const budget = new ByteBudget(2 * READ);
  const [one, two, three] = [budget.open(), budget.open(), budget.open()];
  const went: string[] = [];
  expect(two.take(READ)).toBe(true);
  expect(one.take(2 * READ)).toBe(true);
  expect(one.take(5 * READ)).toBe(true);
  expect(two.take(1)).toBe(false);
  two.whenRoom(() => went.push('two'));
  expect(three.take(1)).toBe(false);
  three.whenRoom(() => went.push('three'));
  await turn();
  expect(went).toEqual([]);
  one.close();
  expect(went).toEqual([]);
  await turn();
  // Two has all but one byte of a read, so it goes on as the one that may; three has no room yet.
  expect(went).toEqual(['two']);
  two.close();
  await turn();
  expect(went).toEqual(['two', 'three']);
  expect([budget.pauses, two.isWaiting, three.isWaiting]).toEqual([2, false, false]);
});

test('who stops waiting is not told', async () => {
  const budget = new ByteBudget(READ);
  const [one, two, three] = [budget.open(), budget.open(), budget.open()];
  const went: string[] = [];
  one.take(2 * READ);
  for (const [account, name] of [
    [two, 'two'],
    [three, 'three'],
  ] as const) {
    expect(account.take(1)).toBe(false);
    account.whenRoom(() => went.push(name));
  }
  two.stopWaiting();
  three.close();
  one.close();
  await turn();
  expect(went).toEqual([]);
});

test('nor is who stops after its turn was called', async () => {
  const budget = new ByteBudget(READ);
  const [one, two] = [budget.open(), budget.open()];
  let went = false;
  one.take(2 * READ);
  two.take(1);
  two.whenRoom(() => (went = true));
  one.close();
  two.stopWaiting();
  await turn();
  expect(went).toBe(false);
});

test('large ones leave a part of it to small ones, which do not wait behind them', async () => {
  const budget = new ByteBudget(8 * READ, READ);
  const [one, two, three] = [budget.open(), budget.open(), budget.open()];
  const went: string[] = [];
  expect([one.take(3 * READ), two.take(3 * READ)]).toEqual([true, true]);
  // One is the first beyond what large ones have; two waits for its end.
  expect([one.take(READ), two.take(1)]).toEqual([true, false]);
  two.whenRoom(() => went.push('two'));
  expect(three.take(READ / 2)).toBe(true);
  three.whenRoom(() => went.push('three'));
  await turn();
  expect(went).toEqual([]);
  one.giveBack(READ);
  await turn();
  expect(went).toEqual(['three']);
  // It is no small one any more.
  expect(three.take(READ)).toBe(false);
  three.close();
  one.close();
  await turn();
  expect(went).toEqual(['three', 'two']);
  two.close();
  expect(budget.held).toBe(0);
});

test('whatever the sizes: everybody comes to an end, within the limit, one account and a read of each', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 20 }),
      async (reads, limit, small) => {
        const budget = new ByteBudget(limit * READ, small * READ);
        const bound = (limit + Math.max(...reads) + reads.length) * READ;
        const body = async (count: number): Promise<void> => {
          const account = budget.open();
          for (let read = 0; read < count; read++) {
            await turn();
            const mayGoOn = account.take(READ);
            expect(budget.held).toBeLessThanOrEqual(bound);
            if (!mayGoOn) await new Promise<void>((go) => account.whenRoom(go));
          }
          await turn();
          account.close();
        };
        await Promise.all(reads.map(body));
        expect(budget.held).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});
