/** The cleaner that every partner's value passes before it reaches a feed: after it, nothing can break or inject anything. */
import { cleanLine, cleanText } from '#domain/clean-text.js';
import type { ParsedMedia } from '#contracts/parsed-feed.js';

/** Long enough for any real value; a longer one is cut, not refused. */
const MAX_LINE_LENGTH = 1_000;
const EARLIEST_PLAUSIBLE = Date.UTC(1970, 0, 1);

/** Plain text on one line, without control characters or half characters. */
export function plainLine(text: string): string {
  return cleanLine(text, MAX_LINE_LENGTH);
}

/** Plain text of any length, line breaks as line feeds: XML readers turn carriage returns into those anyway. */
export function plainText(text: string): string {
  return cleanText(text).replace(/\r\n?/g, '\n').trim();
}

/** An absolute http(s) address, percent-encoded so that no quote or angle bracket is left; undefined for anything else. */
export function absoluteUrl(value: string | null | undefined, base?: string): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  try {
    const url = new URL(cleanText(value), base);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

const LINK_ATTRIBUTE = /\s(href|src|poster|cite|srcset)="([^"]*)"/gi;

/**
 * Sanitised HTML for a feed: clean characters, every address absolute (resolved against `base`; one that cannot be is
 * taken out, and so is a srcset with a relative part), nothing that closes a CDATA section.
 */
export function feedHtml(html: string, base: string | undefined): string {
  return plainText(html)
    .replace(/<[a-z][^>]*>/gi, (tag) =>
      tag.replace(LINK_ATTRIBUTE, (attribute, name: string, value: string) => {
        if (name.toLowerCase() === 'srcset') return /(^|,)\s*(?!https?:)/i.test(value) ? '' : attribute;
        if (/^(https?:|mailto:|tel:)/i.test(value)) return attribute;
        const url = absoluteUrl(value.replaceAll('&amp;', '&'), base);
        return url === undefined ? '' : ` ${name}="${escapeMarkup(url)}"`;
      }),
    )
    .replaceAll(']]>', ']]&gt;');
}

/** Text as it has to stand in HTML or XML, in an element or in a double-quoted attribute. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A date that feed readers accept: never in the future of `seenAt`, never before computers; `seenAt` instead. */
export function plausibleDate(date: Date, seenAt: Date): Date {
  const time = date.getTime();
  return Number.isNaN(time) || time > seenAt.getTime() || time < EARLIEST_PLAUSIBLE ? seenAt : date;
}

/** A BCP 47 tag such as `en` or `pt-BR`, else undefined. */
export function languageTag(language: string | null): string | undefined {
  return language !== null && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language) ? language : undefined;
}

const TYPE_BY_EXTENSION: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
  webm: 'video/webm',
  pdf: 'application/pdf',
};

/** The media type as the partner gave it when it is one, else by the address's ending, else undefined. */
export function mediaType(media: Pick<ParsedMedia, 'type' | 'url'>): string | undefined {
  const type = media.type?.trim().toLowerCase() ?? '';
  if (/^[a-z]+\/[a-z0-9.+-]+$/.test(type)) return type;
  return TYPE_BY_EXTENSION[/\.(\w{3,4})(?:[?#]|$)/.exec(media.url)?.[1]?.toLowerCase() ?? ''];
}
