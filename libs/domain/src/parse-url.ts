/**
 * Reads addresses. `URL.canParse` must not be asked: once Node.js 20 has optimised a caller, it refuses addresses with
 * Latin letters beyond ASCII (`https://münchen.example/`), which the constructor reads well.
 */

/** The URL that `text` is, or null when it is none; relative ones are read against `base` (WHATWG URL). */
export function parseUrl(text: string, base?: string | URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
