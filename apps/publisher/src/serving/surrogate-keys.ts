/** The names by which a CDN can purge what it keeps: `Surrogate-Key`, space-separated (docs/operations.md). */

const MAX_HEADER_BYTES = 8_000;

/** `Surrogate-Key` of a document; keys beyond what proxies take in one header are left out, the first ones stay. */
export function surrogateKeys(keys: Iterable<string>): { 'surrogate-key': string } {
  let header = '';
  for (const key of new Set(keys)) {
    // A key is one word of ASCII.
    const word = encodeURIComponent(key).replaceAll('%2F', '/');
    if (header.length + word.length + 1 > MAX_HEADER_BYTES) break;
    header += header === '' ? word : ` ${word}`;
  }
  return { 'surrogate-key': header };
}

export function storyKey(id: string): string {
  return `story/${id}`;
}
