/** An item's images and enclosures, checked, and the one picture that stands for the story. */
import type { ParsedMedia } from '#contracts/parsed-feed.js';
import type { StoryImage } from '#contracts/story-body.js';
import { cleanLine } from '#domain/clean-text.js';
import { Parser } from 'htmlparser2';
import { safeUrl } from '#html/sanitise-html.js';

const MAX_MEDIA = 20;
/** Smaller pictures are icons, buttons and emoji. */
const MIN_IMAGE_PIXELS = 60;

/** Media with a safe absolute address, without repeats, their texts on one line. */
export function cleanMedia(media: readonly ParsedMedia[]): ParsedMedia[] {
  const byUrl = new Map<string, ParsedMedia>();
  for (const { url, type, medium, title, credit, caption, ...numbers } of media.slice(0, MAX_MEDIA * 2)) {
    const safe = safeUrl(url);
    if (safe === undefined || byUrl.has(safe) || byUrl.size >= MAX_MEDIA) continue;
    byUrl.set(safe, {
      url: safe,
      ...text('type', type, 100),
      ...(medium && { medium }),
      ...numbers,
      ...text('title', title, 300),
      ...text('credit', credit, 300),
      ...text('caption', caption, 1_000),
    });
  }
  return [...byUrl.values()];
}

/** Portraits of writers, which a widespread blog system lists before the pictures of the text. */
const AVATARS = /(^|\.)gravatar\.com$/;

/** The largest declared image, else the first one in the content (which is sanitised, so pixels are gone). */
export function leadImage(media: readonly ParsedMedia[], content: string): StoryImage | null {
  const images = media.filter(isImage).filter(({ width }) => width === undefined || width >= MIN_IMAGE_PIXELS);
  const [first, ...others] = images;
  const best = others.reduce((a, b) => ((b?.width ?? 0) > (a?.width ?? 0) ? b : a), first);
  if (best === undefined) return firstImage(content);
  return {
    url: best.url,
    credit: best.credit ?? null,
    caption: best.caption ?? best.title ?? null,
    width: best.width ?? null,
    height: best.height ?? null,
  };
}

function isImage({ url, type, medium }: ParsedMedia): boolean {
  if (AVATARS.test(new URL(url).hostname)) return false;
  if (medium !== undefined) return medium === 'image';
  if (type !== undefined) return type.startsWith('image/');
  return /\.(jpe?g|png|webp|gif|avif)$/i.test(new URL(url).pathname);
}

function firstImage(content: string): StoryImage | null {
  if (!content.includes('<img')) return null;
  let image: StoryImage | null = null;
  const parser = new Parser({
    onopentag(name, { src, alt, width, height }) {
      if (image !== null || name !== 'img' || src === undefined) return;
      if (width !== undefined && Number(width) < MIN_IMAGE_PIXELS) return;
      image = {
        url: src,
        credit: null,
        caption: cleanLine(alt ?? '', 300) || null,
        width: size(width),
        height: size(height),
      };
    },
  });
  parser.end(content);
  return image;
}

function size(pixels: string | undefined): number | null {
  return pixels === undefined || !/^\d{1,5}$/.test(pixels) ? null : Number(pixels);
}

function text<K extends string>(key: K, value: string | undefined, maxLength: number): { [P in K]?: string } {
  const line = cleanLine(value ?? '', maxLength);
  return line === '' ? {} : ({ [key]: line } as { [P in K]: string });
}
