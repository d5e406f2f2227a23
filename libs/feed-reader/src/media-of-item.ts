/** Gathers an item's images, audio, video and files from enclosures, Media RSS, iTunes and links, each address once. */
import { type ParsedMedia } from '#contracts/parsed-feed.js';

import { type FeedNode } from './feed-node.js';
import { LIMITS } from './limits.js';
import { absoluteUrl } from './resolve-url.js';

type Medium = NonNullable<ParsedMedia['medium']>;
const MEDIA: Medium[] = ['image', 'audio', 'video', 'document', 'executable'];

/** Media of an item; enclosures first, then media:content, then thumbnails and covers. `base` makes addresses absolute. */
export function mediaOfItem(item: FeedNode, links: FeedNode[], base: string | undefined): ParsedMedia[] {
  const list = new MediaList();
  const url = (node: FeedNode, ...names: string[]): string | undefined => {
    for (const name of names) {
      const value = node.attribute(name);
      if (value !== undefined) return absoluteUrl(value, node.base ?? base);
    }
    return absoluteUrl(node.text, node.base ?? base);
  };
  for (const node of item.all('enclosure')) {
    const length = node.attribute('length') ?? node.attribute('enc:length');
    list.add(url(node, 'url', 'href', 'rdf:resource', 'enc:url'), {
      type: node.attribute('type') ?? node.attribute('enc:type'),
      length: count(length),
      title: node.attribute('title'),
      duration: seconds(item.first(['itunes:duration'], (each) => each.text)),
      enclosure: true,
    });
  }
  for (const node of links) {
    const rel = node.attribute('rel');
    if (rel !== 'enclosure' && !(rel === 'content' && /^(image|audio|video)\//.test(node.attribute('type') ?? '')))
      continue;
    list.add(url(node, 'href'), {
      type: node.attribute('type'),
      length: count(node.attribute('length')),
      title: node.attribute('title'),
      enclosure: rel === 'enclosure' ? true : undefined,
    });
  }
  const groups = item.all('media:group');
  for (const parent of [item, ...groups]) {
    for (const node of parent.all('media:content')) list.add(url(node, 'url'), mediaContent(node, parent));
  }
  for (const parent of [item, ...groups, ...[item, ...groups].flatMap((each) => each.all('media:content'))]) {
    for (const node of parent.all('media:thumbnail')) {
      list.add(url(node, 'url'), {
        medium: 'image',
        width: count(node.attribute('width')),
        height: count(node.attribute('height')),
      });
    }
  }
  for (const node of item.all('itunes:image', 'image')) {
    const inside = node.first(['url'], (child) => absoluteUrl(child.text, child.base ?? node.base ?? base));
    list.add(inside ?? url(node, 'href', 'url', 'rdf:resource'), { medium: 'image' });
  }
  return list.media;
}

/** A media:content with the details of its own or of its group (Media RSS 1.5.1: the nearer wins). */
function mediaContent(node: FeedNode, parent: FeedNode): Details {
  const detail = (name: string): string | undefined =>
    node.first([name], (each) => each.plain) ?? parent.first([name], (each) => each.plain);
  const medium = node.attribute('medium')?.toLowerCase();
  return {
    type: node.attribute('type'),
    medium: MEDIA.find((each) => each === medium),
    length: count(node.attribute('filesize')),
    duration: seconds(node.attribute('duration')),
    width: count(node.attribute('width')),
    height: count(node.attribute('height')),
    title: detail('media:title'),
    caption: detail('media:description'),
    credit: detail('media:credit'),
  };
}

type Details = { [K in keyof Omit<ParsedMedia, 'url'>]: ParsedMedia[K] | undefined };

/** Media by address: what is named twice keeps the details of both. */
export class MediaList {
  readonly media: ParsedMedia[] = [];
  private readonly byUrl = new Map<string, ParsedMedia>();

  add(url: string | undefined, details: Details): void {
    if (url === undefined || this.media.length >= LIMITS.repeats) return;
    const medium = details.medium ?? mediumOfType(details.type);
    const given = Object.fromEntries(
      Object.entries({ ...details, medium }).filter(([, value]) => value !== undefined && value !== ''),
    );
    const known = this.byUrl.get(url);
    if (known) Object.assign(known, { ...given, ...known });
    else {
      const added: ParsedMedia = { url, ...given };
      this.byUrl.set(url, added);
      this.media.push(added);
    }
  }
}

function mediumOfType(type: string | undefined): Medium | undefined {
  const main = type?.toLowerCase().split('/')[0];
  if (main === 'image' || main === 'audio' || main === 'video') return main;
  return main === 'text' || /\/(pdf|msword|epub)/i.test(type ?? '') ? 'document' : undefined;
}

/** A whole number not below zero. */
function count(text: string | undefined): number | undefined {
  const digits = /^\s*(\d{1,15})(?:\.\d+)?(?:px)?\s*$/.exec(text?.replace(/(\d)[,_](?=\d{3}\b)/g, '$1') ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Seconds of "3600", "1:00:00", "60:00" or ISO 8601 "PT1H" (itunes:duration, media:content duration). */
function seconds(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  if (/^\d{1,4}(:\d{1,2}){1,2}(\.\d+)?$/.test(trimmed)) {
    return trimmed.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  }
  const iso = /^PT(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,7})(?:\.\d+)?S)?$/i.exec(trimmed);
  return iso && trimmed.length > 2
    ? Number(iso[1] ?? 0) * 3600 + Number(iso[2] ?? 0) * 60 + Number(iso[3] ?? 0)
    : undefined;
}
