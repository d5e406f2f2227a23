/** Operators are noted by the address that they came from. It is theirs to know: partners are told that it was an operator. */
import { z } from 'zod';
import { type Asker, askerName } from '../auth/asker.js';

const ADDRESS = z.union([z.ipv4(), z.ipv6()]);

/** `text`: who asked for something, or what became of it ("stopped by …"). `asker`: who it is shown to. */
export function withoutOperatorsAddress<Text extends string | null>(
  text: Text,
  asker: Asker | undefined,
): Text | string {
  if (text === null || asker === undefined) return text;
  return text.replace(/(?<=^|\bstopped by )[^\s;]+/g, (word) => {
    const [address = ''] = word.split('%');
    return ADDRESS.safeParse(address).success ? askerName(undefined) : word;
  });
}
