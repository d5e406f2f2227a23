/** Draws a story's picture: sky, a sun, and hills or a row of houses. Original, and different for each story. */
import { Random } from '../texts/random.js';
import { type Colour, png } from './png.js';

export const WIDTH = 960;
export const HEIGHT = 540;

/** Sky above, sky below, sun, and three layers from far to near. */
type Scheme = readonly [Colour, Colour, Colour, Colour, Colour, Colour];

const SCHEMES: readonly Scheme[] = [
  [
    [38, 70, 102],
    [236, 190, 150],
    [255, 226, 170],
    [120, 110, 130],
    [70, 74, 104],
    [32, 42, 68],
  ],
  [
    [120, 176, 200],
    [232, 240, 234],
    [255, 248, 220],
    [128, 164, 150],
    [70, 120, 104],
    [30, 74, 66],
  ],
  [
    [86, 60, 92],
    [240, 150, 110],
    [255, 214, 150],
    [150, 84, 96],
    [96, 56, 80],
    [48, 30, 54],
  ],
  [
    [170, 190, 204],
    [240, 240, 236],
    [252, 252, 244],
    [150, 166, 178],
    [104, 122, 140],
    [58, 74, 94],
  ],
  [
    [90, 140, 170],
    [250, 226, 170],
    [255, 246, 200],
    [200, 160, 90],
    [140, 112, 60],
    [78, 66, 40],
  ],
];

const SKY_STEPS = 60;

/** The PNG of one story; `seed` is its key. */
export function illustration(seed: string): Buffer {
  const random = new Random(`picture/${seed}`);
  const scheme = random.pick(SCHEMES);
  const palette = [
    ...Array.from({ length: SKY_STEPS }, (_, step) => blend(scheme, step / SKY_STEPS)),
    ...scheme.slice(2),
  ];
  const sun = { x: random.integer(120, WIDTH - 120), y: random.integer(90, 250), radius: random.integer(28, 64) };
  const inTown = random.next() < 0.5;
  const layers = [300, 370, 440].map((level, index) =>
    index === 2 && inTown ? roofs(random, level) : hills(random, level - random.integer(0, 40)),
  );
  const pixels = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    const sky = Math.min(SKY_STEPS - 1, Math.floor((y / 420) * SKY_STEPS));
    for (let x = 0; x < WIDTH; x++) {
      let colour = (x - sun.x) ** 2 + (y - sun.y) ** 2 < sun.radius ** 2 ? SKY_STEPS : sky;
      for (let layer = 0; layer < layers.length; layer++) {
        if (y >= (layers[layer]?.[x] ?? HEIGHT)) colour = SKY_STEPS + 1 + layer;
      }
      pixels[y * WIDTH + x] = colour;
    }
  }
  return png(WIDTH, HEIGHT, palette, pixels);
}

function blend([above, below]: Scheme, share: number): Colour {
  const mix = (index: 0 | 1 | 2): number => Math.round(above[index] + (below[index] - above[index]) * share);
  return [mix(0), mix(1), mix(2)];
}

/** The height of a hilly outline at each column. */
function hills(random: Random, level: number): Float64Array {
  const waves = Array.from({ length: 3 }, (_, index) => ({
    length: random.integer(180, 520) / (index + 1),
    height: random.integer(14, 46) / (index + 1),
    shift: random.next() * 6.3,
  }));
  return Float64Array.from({ length: WIDTH }, (_, x) =>
    waves.reduce((height, wave) => height + wave.height * Math.sin(x / (wave.length / 6.3) + wave.shift), level),
  );
}

/** The outline of a row of gabled and flat houses. */
function roofs(random: Random, level: number): Float64Array {
  const outline = new Float64Array(WIDTH);
  for (let left = 0; left < WIDTH;) {
    const width = random.integer(38, 96);
    const wall = level - random.integer(0, 70);
    const gable = random.next() < 0.6 ? random.integer(16, 40) : 0;
    for (let x = left; x < Math.min(left + width, WIDTH); x++) {
      outline[x] = wall - gable * (1 - Math.abs((2 * (x - left)) / width - 1));
    }
    left += width;
  }
  return outline;
}
