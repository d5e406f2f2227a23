/** The writer of each format, for those who answer a GET and those who push. */
import { writeAtom } from './write-atom.js';
import { writeJson } from './write-json.js';
import { writeRss } from './write-rss.js';

export const FEED_WRITERS = { rss: writeRss, atom: writeAtom, json: writeJson } as const;
