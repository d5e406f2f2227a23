import { inTurns } from './in-turns.js';

function* busy(steps: number, ms: number): Generator<void, string, void> {
  for (let step = 0; step < steps; step += 1) {
    for (const end = performance.now() + ms; performance.now() < end;);
    yield;
  }
  return 'done';
}

it('lets others have a turn between the pieces, and answers the result', async () => {
  let turns = 0;
  let ended = false;
  const look = (): void => {
    turns += 1;
    if (!ended) setImmediate(look);
  };
  setImmediate(look);
  expect(await inTurns(busy(20, 6))).toBe('done');
  ended = true;
  expect(turns).toBeGreaterThanOrEqual(19);
});

it('takes no turn for what is short, and throws what the work throws', async () => {
  const broken = { next: () => ({ done: false as const, value: undefined }) };
  let calls = 0;
  broken.next = () => {
    calls += 1;
    if (calls === 3) throw new Error('broken');
    return { done: false, value: undefined };
  };
  await expect(inTurns(broken)).rejects.toThrow('broken');
  let turned = false;
  setImmediate(() => (turned = true));
  await inTurns(busy(1, 0));
  expect(turned).toBe(false);
});
