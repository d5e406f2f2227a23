import { gathered } from './gathered.js';

/** A store whose answers come when the test lets them. */
function slowStore() {
  const asked: number[][] = [];
  const answers: (() => void)[] = [];
  const load = (keys: readonly number[]) =>
    new Promise<number[]>((resolve) => {
      asked.push([...keys]);
      answers.push(() => resolve(keys.map((key) => key * 10)));
    });
  return { asked, load, answer: () => answers.shift()?.() };
}
const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('gathered', () => {
  test('an idle loader asks at once; whoever comes meanwhile travels in the next batch', async () => {
    const store = slowStore();
    const loader = gathered(store.load, { atOnce: 1 });
    const first = loader.load(1);
    await turn();
    const later = [loader.load(2), loader.load(3)];
    await turn();
    expect(store.asked).toEqual([[1]]);
    store.answer();
    expect(await first).toBe(10);
    later.push(loader.load(4));
    await turn();
    expect(store.asked).toEqual([[1], [2, 3, 4]]);
    store.answer();
    expect(await Promise.all(later)).toEqual([20, 30, 40]);
  });

  test('no more than the given number of batches is under way', async () => {
    const store = slowStore();
    const loader = gathered(store.load, { atOnce: 2 });
    const all = [];
    for (let key = 0; key < 5; key++) {
      all.push(loader.load(key));
      await turn();
    }
    expect(store.asked).toEqual([[0], [1]]);
    store.answer();
    await turn();
    expect(store.asked).toEqual([[0], [1], [2, 3, 4]]);
    store.answer();
    store.answer();
    expect(await Promise.all(all)).toEqual([0, 10, 20, 30, 40]);
  });

  test('a failed batch fails its callers and lets the next one through', async () => {
    let calls = 0;
    const loader = gathered<number, number>(
      (keys) => (calls++ === 0 ? Promise.reject(new Error('away')) : Promise.resolve([...keys])),
      { atOnce: 1 },
    );
    await expect(loader.load(1)).rejects.toThrow('away');
    expect(await loader.load(2)).toBe(2);
  });
});
