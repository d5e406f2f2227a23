/** Reads PostgreSQL's text of an int4[]: a chunk's sketches are fifty thousand numbers, for which the driver's reader is slow. Pure. */

const [COMMA, MINUS, ZERO, NINE, CLOSE] = [44, 45, 48, 57, 125];

/** Of one dimension and without NULLs, as all of ours are. Null when the text is anything else. */
export function readIntArray(text: string): number[] | null {
  if (text === '{}') return [];
  if (!text.startsWith('{')) return null;
  const numbers: number[] = [];
  let number = 0;
  let sign = 1;
  for (let at = 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) number = number * 10 + code - ZERO;
    else if (code === MINUS) sign = -1;
    else if (code === COMMA || code === CLOSE) {
      numbers.push(sign === 1 ? number : -number);
      [number, sign] = [0, 1];
    } else return null;
  }
  return numbers;
}
