/** What a training makes of samples: it must find topics that words tell, and refuse those that they do not. */
import { newsWriter, seeded } from './invented-news.testing.js';
import { unpackClassifier } from './packed-model.js';
import { chosenTopic, probabilities } from './topic-model.js';
import { textVector } from './text-vector.js';
import { type LabelledText, trainClassifier } from './training.js';

const NAMES = ['soccer', 'tennis', 'sport', 'politics', 'health', 'weather'];
const name = (slug: string) => ({ slug, name: slug });
const chains = {
  soccer: [name('soccer'), name('sport')],
  tennis: [name('tennis'), name('sport')],
  sport: [name('sport')],
};

/** `label` says what the sample with that topic is labelled; undefined leaves it out. */
function samples(count: number, label: (topic: number, random: () => number) => string[], language = 'en') {
  const write = newsWriter(NAMES.length, 7);
  const random = seeded(count);
  return Array.from({ length: count }, (): LabelledText => {
    const topic = Math.floor(random() * NAMES.length);
    const { title, bodyText } = write(topic);
    return { vector: textVector(title, bodyText), language, topics: label(topic, random).map(name) };
  });
}
const honest = (topic: number) => [NAMES[topic] as string];
const train = (some: LabelledText[], bar = 0.93) => trainClassifier({ samples: some, chains, bar, present: null });

test('topics that words tell are learnt, measured on the newest items, and given', () => {
  const result = train(samples(1_500, honest));
  expect(result).toMatchObject({ trainedSamples: 900, testedSamples: 300 });
  expect(result.precision).toBeGreaterThan(0.95);
  expect(result.coverage).toBeGreaterThan(0.8);
  const { model, targets } = unpackClassifier(result.packed as Buffer, 1);
  const write = newsWriter(NAMES.length, 7);
  const given = Array.from({ length: 300 }, (_, index) => {
    const { title, bodyText } = write(index % NAMES.length);
    return {
      truth: NAMES[index % NAMES.length],
      topic: chosenTopic(targets, probabilities(model, textVector(title, bodyText))),
    };
  });
  const sure = given.filter(({ topic }) => topic !== undefined);
  const right = sure.filter(({ topic, truth }) => topic?.target.slug === truth);
  expect(sure.length).toBeGreaterThan(200);
  // "sport" of a text on soccer is right as well, and less than its narrower topic says.
  const broader = sure.filter(
    ({ topic, truth }) => topic?.target.slug === 'sport' && /soccer|tennis/.test(truth ?? ''),
  );
  expect((right.length + broader.length) / sure.length).toBeGreaterThan(0.95);
  expect(sure.every(({ topic }) => topic !== undefined && topic.confidence >= topic.target.threshold)).toBe(true);
});

test('a topic that partners give at random is not used, the others are', () => {
  const muddled = (topic: number, random: () => number) =>
    topic === 3 || topic === 4 ? [random() < 0.5 ? 'politics' : 'health'] : honest(topic);
  const { topics, packed } = train(samples(1_500, muddled));
  const used = topics.filter(({ isUsed }) => isUsed).map(({ slug }) => slug);
  expect(used).toEqual(expect.arrayContaining(['sport', 'weather']));
  expect(used).not.toContain('politics');
  expect(used).not.toContain('health');
  expect(topics.find(({ slug }) => slug === 'health')?.reason).toMatch(/^(at no confidence|only )/);
  expect(packed).not.toBeNull();
});

test('labels that say nothing of the text make no classifier', () => {
  const result = train(samples(1_500, (_, random) => [NAMES[Math.floor(random() * NAMES.length)] as string]));
  expect(result.packed).toBeNull();
});

test('a broader topic is right where narrower ones are meant, and can be given where those are too rare', () => {
  const rarely = (topic: number, random: () => number) =>
    topic === 0 || topic === 1 ? [random() < 0.04 ? 'tennis' : 'soccer'] : honest(topic);
  const { topics } = train(samples(1_500, rarely));
  expect(topics.map(({ slug }) => slug)).not.toContain('tennis');
  expect(topics.find(({ slug }) => slug === 'sport')).toMatchObject({ isUsed: true });
});

test('a language in which it fails is left alone', () => {
  const mixed = [
    ...samples(1_200, honest, 'en'),
    ...samples(600, (_, random) => [NAMES[Math.floor(random() * NAMES.length)] as string], 'xx'),
  ];
  const random = seeded(3);
  const order = new Map(mixed.map((sample) => [sample, random()]));
  const { languages, packed } = train(
    mixed.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)),
    0.8,
  );
  expect(languages.find(({ language }) => language === 'xx')?.isUsed).toBe(false);
  if (packed !== null) expect(unpackClassifier(packed, 1).languages).toEqual(['en']);
});

test('the classifier in use is examined again with the newest items', () => {
  const first = train(samples(1_500, honest));
  const changed = samples(1_500, (topic) => [NAMES[(topic + 1) % NAMES.length] as string]);
  const again = trainClassifier({ samples: changed, chains, bar: 0.93, present: first.packed });
  expect((again.present?.right ?? 1) / (again.present?.given ?? 1)).toBeLessThan(0.5);
});

test('the same samples make the same classifier, and its bytes come back whole', () => {
  const some = samples(600, honest);
  const [one, two] = [train(some), train(some)];
  expect(one.packed).not.toBeNull();
  expect(one.packed?.equals(two.packed as Buffer)).toBe(true);
  const { version, model } = unpackClassifier(one.packed as Buffer, 4);
  expect(version).toBe(4);
  expect(model.weights.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(() => unpackClassifier(Buffer.from('no gzip'), 1)).toThrow();
});

test('words are letters in any script, cut to size, and titles count double', () => {
  expect(textVector('Goal', 'goal 2026 1').counts).toEqual(Uint8Array.from([3]));
  expect(textVector('東京都', '').places).toHaveLength(2);
  expect(textVector('', 'x'.repeat(100)).places).toHaveLength(0);
  expect(textVector('', 'word '.repeat(100_000)).counts).toEqual(Uint8Array.from([255]));
});
