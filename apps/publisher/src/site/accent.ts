/** The operator's colour, made readable: on light and on dark paper it has the contrast that small text needs. Pure. */

/** WCAG 2.2, 1.4.3: text of any size. */
const ENOUGH = 4.5;
const STEPS = 50;

type Rgb = readonly [number, number, number];

/** `color` and `paper` are `#rrggbb`. The colour itself where it can be read on the paper, else the nearest that can. */
export function readableOn(paper: string, color: string): string {
  const [ground, wanted] = [parse(paper), parse(color)];
  const away: Rgb = luminance(ground) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let step = 0; step <= STEPS; step++) {
    const mixed = mix(wanted, away, step / STEPS);
    if (contrast(mixed, ground) >= ENOUGH) return print(mixed);
  }
  return print(away);
}

/** From 1 (the same) to 21 (black on white), by WCAG 2.2. */
export function contrastOf(one: string, other: string): number {
  return contrast(parse(one), parse(other));
}

function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Rgb): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [at(0), at(1), at(2)];
}

function parse(color: string): Rgb {
  const value = Number.parseInt(color.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function print(color: Rgb): string {
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
