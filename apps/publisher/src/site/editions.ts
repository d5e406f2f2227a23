/**
 * The site in each language of its interface: the words, the dates, and where its pages are. The language is part of the
 * address (ADR 22): the site's own at `/archive`, another one at `/de/archive`.
 */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { type DateFormats, dateFormats } from './format-date.js';
import { ar } from './messages/ar.js';
import { de } from './messages/de.js';
import { en, type Messages } from './messages/en.js';
import { es } from './messages/es.js';
import { fr } from './messages/fr.js';

const MESSAGES = { en, de, fr, es, ar } as const;
export type LanguageCode = keyof typeof MESSAGES;
const CODES = Object.keys(MESSAGES) as LanguageCode[];

export interface Edition {
  code: LanguageCode;
  t: Messages;
  dates: DateFormats;
  /** Where a page (`/archive`, with its query) is in this language. Feeds and assets have one address for all. */
  link: (path: string) => string;
}

/** The paths of a page in all languages, for a controller: `archive`, `en/archive`, `de/archive`, … */
export function inEveryLanguage(path: string): string[] {
  return [path, ...CODES.map((code) => (path === '' ? code : `${code}/${path}`))];
}

@Injectable()
export class Editions {
  readonly all: readonly Edition[];
  /** In the site's own language. */
  readonly own: Edition;

  constructor(@Inject(CONFIG) { siteLanguage }: Pick<Config, 'siteLanguage'>) {
    this.all = CODES.map((code) => edition(code, code === siteLanguage ? '' : `/${code}`));
    this.own = this.edition(siteLanguage);
  }

  /**
   * The edition that an address (path and query) asks for. `elsewhere` is set when the address names the site's own
   * language, which needs no name: there the page is.
   */
  of(url: string): { edition: Edition; elsewhere: string | undefined } {
    const [, named, rest = ''] = /^\/([a-z]{2})(?=[/?]|$)\/*(.*)$/.exec(url) ?? [];
    const code = CODES.find((known) => known === named);
    if (code === undefined) return { edition: this.own, elsewhere: undefined };
    return { edition: this.edition(code), elsewhere: code === this.own.code ? `/${rest}` : undefined };
  }

  private edition(code: LanguageCode): Edition {
    const found = this.all.find((known) => known.code === code);
    if (found === undefined) throw new Error(`no edition in ${code}`);
    return found;
  }
}

function edition(code: LanguageCode, prefix: string): Edition {
  const t = MESSAGES[code];
  const link = (path: string): string => (prefix === '' ? path : prefix + path.replace(/^\/(?=$|\?)/, ''));
  return { code, t, dates: dateFormats(t), link };
}
