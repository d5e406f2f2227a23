/** Finds the article in a web page: Mozilla's Readability over linkedom. Pure, and only to be run where it can be stopped. */
import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { parseUrl } from '#domain/parse-url.js';

export interface PageTask {
  bytes: Uint8Array;
  contentType: string | null;
  /** Where the page was in the end: the base of its links. */
  url: string;
}

/** HTML before sanitising, with absolute addresses, and how many characters of text it has. */
export interface Article {
  html: string;
  textLength: number;
}

/** As much of the DOM as is used here: the types of both packages mean a browser's, which there is none of. */
interface Page {
  querySelector: (selector: string) => { getAttribute: (name: string) => string | null } | null;
}
const parsePage = parseHTML as unknown as (html: string) => { document: Page };
const Reader = Readability as unknown as new (
  document: Page,
  options: { maxElemsToParse: number; charThreshold: number },
) => { parse: () => { content?: string | null; textContent?: string | null } | null };

/** Elements of a page; larger ones are no articles. */
const MAX_ELEMENTS = 30_000;
/** Characters: as many as of a feed's own texts. A base of a megabyte before each link would make gigabytes. */
const MAX_HTML = 1_000_000;

/** Null when the page has nothing that reads like an article. */
export function extractArticle({ bytes, contentType, url }: PageTask): Article | null {
  const { document } = parsePage(htmlText(bytes, contentType));
  const base = document.querySelector('base[href]')?.getAttribute('href') ?? '';
  const baseUrl = (parseUrl(base, new URL(url)) ?? new URL(url)).href;
  // Readability resolves addresses against these; linkedom cannot know them.
  Object.defineProperty(document, 'baseURI', { value: baseUrl });
  Object.defineProperty(document, 'documentURI', { value: url });
  const article = new Reader(document, { maxElemsToParse: MAX_ELEMENTS, charThreshold: 250 }).parse();
  const html = article?.content ?? '';
  if (html.length > MAX_HTML) throw new Error('its article has more than a million characters');
  return html === '' ? null : { html, textLength: (article?.textContent ?? '').trim().length };
}

/** HTML, 13.2.3: valid UTF-8 beats a wrong label; then the header, the document's own word, and what the web falls back to. */
function htmlText(bytes: Uint8Array, contentType: string | null): string {
  const label =
    charsetIn(contentType ?? '') ??
    charsetIn(Buffer.from(bytes.subarray(0, 2_048)).toString('latin1')) ??
    'windows-1252';
  for (const [charset, fatal] of [
    ['utf-8', true],
    [label, false],
    ['windows-1252', false],
  ] as const) {
    try {
      return new TextDecoder(charset, { fatal }).decode(bytes);
    } catch {
      // Not valid, or not a character set: the next one.
    }
  }
  return '';
}

function charsetIn(text: string): string | undefined {
  return /charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(text)?.[1];
}
