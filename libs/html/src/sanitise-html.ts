/** Makes a partner's HTML safe to show on any page: a strict allow-list on a real parser, the last step before storage. */
import sanitizeHtml from 'sanitize-html';
import { cleanText } from '#domain/clean-text.js';
import { parseUrl } from '#domain/parse-url.js';

const TEXT_TAGS =
  'p br hr h2 h3 h4 h5 h6 blockquote q cite pre code kbd samp var ul ol li dl dt dd table caption thead tbody tfoot tr ' +
  'td th figure figcaption em strong b i u s del ins sub sup small mark abbr time div ruby rt rp bdi bdo';

/**
 * `<iframe … />`, as programs for XML write it: HTML knows no such end, and all that follows would count as inside. Without
 * quotes the slash may be the address's.
 */
const ENDED_AT_ONCE = /<(script|style|textarea|noscript|template|iframe|object|title)(\s[^<>]*["'\s])?\/>/gi;

/** Deeper than any honest article; browsers and readers choke on thousands. */
const MAX_NESTING = 60;
const MAX_URL_LENGTH = 4_096;
/** Counters of readers that do not say 1x1. */
const PIXEL_HOSTS =
  /(^|\.)(pixel\.wp\.com|stats\.wordpress\.com|feeds\.feedburner\.com|feedsportal\.com|doubleclick\.net|google-analytics\.com|scorecardresearch\.com|quantserve\.com|ivwbox\.de|met\.vgwort\.de)$/;

const OPTIONS: sanitizeHtml.IOptions = {
  allowedTags: [...TEXT_TAGS.split(' '), 'a', 'img'],
  // Unknown tags go, their text stays; these go with all that is in them.
  nonTextTags: [
    'script',
    'style',
    'textarea',
    'option',
    'noscript',
    'template',
    'iframe',
    'object',
    'svg',
    'math',
    'head',
    'title',
  ],
  allowedAttributes: {
    '*': ['dir'],
    a: ['href', 'title', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height', 'loading'],
    q: ['cite'],
    blockquote: ['cite'],
    ol: ['start', 'reversed'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
    time: ['datetime'],
    abbr: ['title'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['http', 'https'], q: ['http', 'https'], blockquote: ['http', 'https'] },
  allowedSchemesAppliedToAttributes: ['href', 'src', 'cite'],
  allowProtocolRelative: false,
  nestingLimit: MAX_NESTING,
  transformTags: { h1: 'h2', a: safeLink, img: safeImage, q: safeQuotation, blockquote: safeQuotation },
};

/**
 * Allow-listed tags and attributes only; links and images with absolute http, https (links: mailto) addresses only; no
 * tracking pixel. Links get `rel="nofollow ugc noopener"`, images load lazily. Never throws for any input; the caller
 * bounds its length and depth.
 */
export function sanitiseHtml(html: string): string {
  // What is hidden in entities (`&shy;`, `&#x202e;`) is there only now; what is cleaned before is not.
  return cleanText(withoutBareTags(sanitizeHtml(html.replace(ENDED_AT_ONCE, ''), OPTIONS))).trim();
}

/** The address as a URL parser writes it, or undefined when it is relative, malformed or of another scheme. */
export function safeUrl(url: string | undefined, schemes: readonly string[] = ['http:', 'https:']): string | undefined {
  if (url === undefined || url.length > MAX_URL_LENGTH) return undefined;
  const parsed = parseUrl(url);
  return parsed !== null && schemes.includes(parsed.protocol) ? parsed.href : undefined;
}

/** Without attributes: `withoutBareTags` takes it out. */
function safeLink(tagName: string, { href, title }: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const url = safeUrl(href, ['http:', 'https:', 'mailto:']);
  if (url === undefined) return { tagName, attribs: {} };
  return { tagName, attribs: { href: url, ...(title ? { title } : {}), rel: 'nofollow ugc noopener' } };
}

/**
 * Links that lead nowhere safe lose their tags and keep their text, images without a safe address go. The library could do it, but
 * closes the next element wrongly after a tag that became one which is not allowed, and copies all text so far for each that is filtered.
 */
function withoutBareTags(html: string): string {
  const isKept: boolean[] = [];
  return html.replaceAll('<img />', '').replace(/<a(?: [^>]*)?>|<\/a>/g, (tag) => {
    if (tag === '</a>') return isKept.pop() === false ? '' : tag;
    isKept.push(tag !== '<a>');
    return tag === '<a>' ? '' : tag;
  });
}

function safeQuotation(tagName: string, { cite }: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const url = safeUrl(cite);
  return { tagName, attribs: url === undefined ? {} : { cite: url } };
}

/** Without attributes where the address is not safe, or only counts readers. */
function safeImage(tagName: string, attribs: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const src = safeUrl(attribs['src']);
  if (src === undefined || isTrackingPixel(src, attribs)) return { tagName, attribs: {} };
  const { alt = '', title, width, height } = attribs;
  return {
    tagName,
    attribs: {
      src,
      alt,
      ...(title ? { title } : {}),
      ...(isPixels(width) ? { width } : {}),
      ...(isPixels(height) ? { height } : {}),
      loading: 'lazy',
    },
  };
}

function isPixels(size: string | undefined): size is string {
  return size !== undefined && /^\d{1,5}$/.test(size);
}

function isTrackingPixel(src: string, attribs: sanitizeHtml.Attributes): boolean {
  const tiny = (size: string | undefined): boolean => size !== undefined && /^[01](px)?$/.test(size.trim());
  const style = attribs['style'] ?? '';
  return (
    tiny(attribs['width']) ||
    tiny(attribs['height']) ||
    /(^|[;\s])((width|height)\s*:\s*[01](px)?|display\s*:\s*none|visibility\s*:\s*hidden)\s*(!important\s*)?(;|$)/i.test(
      style,
    ) ||
    PIXEL_HOSTS.test(new URL(src).hostname)
  );
}
