/** The worker thread's side of the page reader: a page's bytes in, its links out. */
import { pageLinks, type PageLinks } from './page-links.js';

export interface PageTask {
  bytes: Uint8Array;
  contentType: string | null;
  url: string;
}

export default function readPage({ bytes, contentType, url }: PageTask): PageLinks {
  return pageLinks(bytes, contentType, url);
}
