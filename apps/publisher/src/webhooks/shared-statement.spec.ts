/** Who shares a statement with whom, and that nobody is left waiting. */
import { SharedStatement } from './shared-statement.js';

/** A statement that ends when the test says so. */
function held() {
  const calls: { rows: number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const run = (rows: number[]) =>
    new Promise<string[]>((resolve, reject) => {
      calls.push({ rows, end: () => resolve(rows.map((row) => `answer ${row}`)), fail: reject });
    });
  return { calls, run };
}

const settle = () => jest.advanceTimersByTimeAsync(0);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('sends those together that ask within the window, and answers each its own', async () => {
  const { calls, run } = held();
  const statement = new SharedStatement(run, { windowMs: 2, patienceMs: 25 });
  const answers = [1, 2, 3].map((row) => statement.ask(row));
  await jest.advanceTimersByTimeAsync(1);
  answers.push(statement.ask(4));
  await jest.advanceTimersByTimeAsync(1);
  expect(calls.map(({ rows }) => rows)).toEqual([[1, 2, 3, 4]]);
  calls[0]?.end();
  expect(await Promise.all(answers)).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 4']);
});

it('gathers while a statement runs, and sends that a window after its end', async () => {
  const { calls, run } = held();
  const statement = new SharedStatement(run, { windowMs: 2, patienceMs: 25 });
  void statement.ask(1);
  await jest.advanceTimersByTimeAsync(2);
  for (const row of [2, 3, 4]) {
    void statement.ask(row);
    await jest.advanceTimersByTimeAsync(5);
  }
  expect(calls).toHaveLength(1);
  calls[0]?.end();
  await settle();
  await jest.advanceTimersByTimeAsync(2);
  expect(calls.map(({ rows }) => rows)).toEqual([[1], [2, 3, 4]]);
});

it('does not wait for a statement that hangs', async () => {
  const { calls, run } = held();
  const statement = new SharedStatement(run, { windowMs: 2, patienceMs: 25 });
  void statement.ask(1);
  await jest.advanceTimersByTimeAsync(2);
  const second = statement.ask(2);
  await jest.advanceTimersByTimeAsync(25);
  expect(calls.map(({ rows }) => rows)).toEqual([[1], [2]]);
  calls[1]?.end();
  expect(await second).toBe('answer 2');
  const third = statement.ask(3);
  await jest.advanceTimersByTimeAsync(25);
  calls[2]?.end();
  expect(await third).toBe('answer 3');
});

it('cuts what is too much for one statement', async () => {
  const { calls, run } = held();
  const statement = new SharedStatement(run, { windowMs: 2, patienceMs: 25 });
  const answers = Array.from({ length: 450 }, (_, row) => statement.ask(row));
  await jest.advanceTimersByTimeAsync(2);
  for (let sent = 0; sent < 3; sent += 1) {
    calls[sent]?.end();
    await jest.advanceTimersByTimeAsync(2);
  }
  expect(calls.map(({ rows }) => rows.length)).toEqual([200, 200, 50]);
  expect((await Promise.all(answers))[449]).toBe('answer 449');
});

it('fails those of a statement that failed, and goes on', async () => {
  const { calls, run } = held();
  const statement = new SharedStatement(run, { windowMs: 2, patienceMs: 25 });
  const first = [statement.ask(1), statement.ask(2)].map((answer) => answer.catch((error: unknown) => error));
  await jest.advanceTimersByTimeAsync(2);
  const next = statement.ask(3);
  const gone = new Error('Postgres is away');
  calls[0]?.fail(gone);
  expect(await Promise.all(first)).toEqual([gone, gone]);
  await jest.advanceTimersByTimeAsync(2);
  calls[1]?.end();
  expect(await next).toBe('answer 3');
});
