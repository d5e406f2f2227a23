/** Turns one item as a partner wrote it into what may be stored, shown and compared. Pure; runs in a worker thread. */
import type { ParsedAuthor, ParsedItem, ParsedMedia } from '#contracts/parsed-feed.js';
import type { StoryImage } from '#contracts/story-body.js';
import { cleanLine, cleanText } from '#domain/clean-text.js';
import { excerpt, withoutTail } from '#domain/excerpt.js';
import { countWords, normaliseText } from '#domain/normalised-text.js';
import { type TextPrint, textPrint } from '#domain/text-print.js';
import { type IdentityKey, itemKeys } from '../identity/item-keys.js';
import { boundHtml } from '#html/bound-html.js';
import { withoutBoilerplate, withoutBoilerplateSentences } from './cut-boilerplate.js';
import { cleanMedia, leadImage } from './clean-media.js';
import { htmlText, sanitisedText } from '#html/html-text.js';
import { safeUrl, sanitiseHtml } from '#html/sanitise-html.js';

/**
 * `at` is when the item was published, else received: an ISO 8601 date. `claims`: what the item and its feed say of its language,
 * the nearer one first. `boilerplate`: hashes of sentences that are to be cut from what is published.
 */
export interface RawItem {
  parsed: ParsedItem;
  at: string;
  claims?: readonly (string | null)[];
  boilerplate?: readonly number[];
}

/**
 * `content` is safe HTML, everything else plain text; `bodyText` has one line a block, `words` of them. `print` is made of
 * `printedText`, the body before boilerplate was cut; absent where nothing was.
 */
export interface CleanItem {
  title: string;
  summary: string;
  content: string;
  bodyText: string;
  url: string | null;
  authors: ParsedAuthor[];
  media: ParsedMedia[];
  image: StoryImage | null;
  rights: string | null;
  words: number;
  keys: IdentityKey[];
  print: TextPrint;
  printedText?: string;
}

const MAX_TEXT = 100_000;
const MAX_TITLE = 300;
const MAX_SUMMARY = 300;
const MAX_AUTHORS = 20;

/** Throws a sentence for the operator when nothing is left to show. */
export function cleanItem({ parsed, at, boilerplate = [] }: RawItem): CleanItem {
  const whole = sanitiseHtml(boundHtml(parsed.content ?? parsed.summary ?? ''));
  const wholeText = sanitisedText(whole, MAX_TEXT);
  const unwanted = new Set(boilerplate);
  const content = unwanted.size === 0 ? whole : withoutBoilerplate(whole, unwanted);
  const bodyText = content === whole ? wholeText : sanitisedText(content, MAX_TEXT);
  const url = safeUrl(parsed.url) ?? safeUrl(parsed.externalUrl) ?? null;
  const media = cleanMedia(parsed.media);
  const ownTitle = plainTitle(parsed.title ?? '');
  const title = ownTitle === '' ? excerpt(bodyText, 120) || addressTitle(url) : ownTitle;
  if (title === '') throw new Error('nothing to show: the item has no title, no text and no address');
  const body = normaliseText(bodyText);
  const words = countWords(body);
  return {
    title,
    summary: summaryOf(parsed, { content, bodyText }, unwanted),
    content,
    bodyText,
    url,
    authors: parsed.authors
      .slice(0, MAX_AUTHORS)
      .map(cleanAuthor)
      .filter((author) => Object.keys(author).length > 0),
    media,
    image: leadImage(media, content),
    rights: cleanLine(parsed.rights ?? '', 500) || null,
    words,
    keys: itemKeys({
      guid: parsed.id && cleanText(parsed.id),
      url: parsed.url,
      title: ownTitle,
      body,
      words,
      at: new Date(at),
    }),
    print: textPrint(wholeText),
    ...(content === whole ? {} : { printedText: wholeText }),
  };
}

/** Feeds escape mark-up into titles, once too often or in good faith; only what certainly is mark-up is taken as such. */
const TITLE_MARKUP =
  /<\/?(a|b|i|em|strong|span|br|p|sup|sub|small|u|font|mark|q|cite|h[1-6])(\s[^<>]*)?\/?>|&(#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,8});/i;

function plainTitle(title: string): string {
  const line = cleanLine(title, MAX_TITLE * 2);
  return cleanLine(TITLE_MARKUP.test(line) ? htmlText(line, MAX_TITLE * 2) : line, MAX_TITLE);
}

/** What WordPress puts beneath every text, in its languages: the headline once more and the site's name, each as a link. */
const SIGNATURE =
  /<p>(?:The post|Der Beitrag|L[’']article|La entrada|L[’']articolo|Het bericht|O post) <a [^>]*>[^<]*<\/a> (?:appeared first on|first appeared on|erschien zuerst auf|est apparu en premier sur|(?:se publicó|apareció) primero en|proviene da|verscheen eerst op|apareceu primeiro em) <a [^>]*>[^<]*<\/a>\.?<\/p>\s*$/;

/** The partner's own summary where it has one beside the content, else the beginning of `bodyText`, the text of `content`. */
function summaryOf(
  parsed: ParsedItem,
  { content, bodyText }: { content: string; bodyText: string },
  unwanted: ReadonlySet<number>,
): string {
  const own =
    parsed.content !== undefined && parsed.summary !== undefined
      ? withoutBoilerplateSentences(unsignedText(sanitiseHtml(boundHtml(parsed.summary))), unwanted)
      : '';
  return excerpt(own === '' ? unsignedText(content, bodyText) : own, MAX_SUMMARY);
}

/** `text`: that of the whole, where it is known: few texts are signed, and no other one is read twice. */
function unsignedText(html: string, text?: string): string {
  const unsigned = html.replace(SIGNATURE, '');
  return withoutTail(text !== undefined && unsigned === html ? text : sanitisedText(unsigned, MAX_TEXT));
}

function addressTitle(url: string | null): string {
  if (url === null) return '';
  const { hostname, pathname } = new URL(url);
  return cleanLine(`${hostname}${pathname === '/' ? '' : pathname}`, 120);
}

function cleanAuthor(author: ParsedAuthor): ParsedAuthor {
  const name = cleanLine(author.name ?? '', 200);
  const email = cleanLine(author.email ?? '', 200);
  const url = safeUrl(author.url);
  return { ...(name && { name }), ...(email && { email }), ...(url && { url }) };
}
