// How Node.js is to run our programs; docker-compose.yml says the same.

/**
 * What a poll or a delivery leaves behind lives for some tens of milliseconds. With V8's default of 16 MB much of it was
 * still in use when the young generation was full, and copying it was a fifth of the hub's work.
 */
const LARGE_YOUNG_GENERATION = ['--max-semi-space-size=64'];

/**
 * A service that runs apart. V8 lets a young generation grow in steps that are minutes apart: with one size from the beginning,
 * resident memory levels off from the third minute on. With half of it the publisher makes a tenth fewer deliveries.
 */
const APART = {
  publisher: youngGeneration(64),
  ingestor: youngGeneration(32),
  console: youngGeneration(16),
};

/**
 * The processor gains nothing from a large young generation, which costs it 200 MB. And with V8's default it lets garbage grow
 * to three times what is in use, 45 MB; with less than 2 GB allowed, to less than twice. It never comes near the limit itself.
 */
const PROCESSOR = ['--max-semi-space-size=16', '--max-old-space-size=1536'];

/** The flags of the hub, the demo, or a service that runs apart, by its name. */
export function nodeFlags(name) {
  return ['--enable-source-maps', ...(name === 'processor' ? PROCESSOR : (APART[name] ?? LARGE_YOUNG_GENERATION))];
}

function youngGeneration(mb) {
  return [`--min-semi-space-size=${mb}`, `--max-semi-space-size=${mb}`];
}
