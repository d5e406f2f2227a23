/** The Harrowmere Daily: reprints half of the wire shortened, under its own footer, guids and addresses; a few in full. Atom. */
import { tellWireStory } from '../texts/languages.js';
import { type Article, type Partner } from './article.js';
import { readKey } from './agency.js';
import { renderAtom } from './atom.js';
import { type Edition, isCorrected, isUpdated, newest, publishedAt } from './timeline.js';

const FEED_LENGTH = 30;
const EDITING_MS = 20_000;
const NAME = 'The Harrowmere Daily';
const NAME_HTML = '<em>The Harrowmere Daily</em>';

/** The Daily's own line under what it shortened, in the story's language. */
const FOOTERS: Record<string, string> = {
  en: `Shortened from agency copy by the night desk of ${NAME_HTML}, the paper of the Sound since 1871.`,
  de: `Gekürzt von der Nachtredaktion, ${NAME_HTML}. Mehr Nachrichten aus der Region in unserer Wochenausgabe.`,
  fr: `Dépêche abrégée par la rédaction de nuit, ${NAME_HTML}. Retrouvez toute l’actualité dans notre édition du samedi.`,
  es: `Texto resumido por la redacción de noche, ${NAME_HTML}. Más noticias en nuestra edición del sábado.`,
  ar: `اختصرته هيئة التحرير الليلية، ${NAME_HTML}. المزيد من الأخبار في عدد السبت.`,
};

/** Set before the agency's headline, so that a reader sees which is the short one. */
const BRIEFLY: Record<string, string> = {
  en: 'In brief: ',
  de: 'Kurz gemeldet: ',
  fr: 'En bref : ',
  es: 'En breve: ',
  ar: 'باختصار: ',
};

/** `site` is the demo's origin, without a slash at the end. */
export function daily(site: string, of: Edition): Partner {
  const home = `${site}/daily`;
  const partner: Partner = {
    slug: 'harrowmere-daily',
    name: NAME,
    tagline: 'The paper of the Sound. A demo partner: every word is invented.',
    feedPath: '/daily/feed.atom',
    feedType: 'application/atom+xml; charset=utf-8',
    articles: (now) =>
      newest(of, now - EDITING_MS, FEED_LENGTH * 2)
        .filter((number) => takes(number) !== 'nothing')
        .slice(0, FEED_LENGTH)
        .map((number) => reprint(site, of, number)),
    article: (key) => {
      const address = readKey(key);
      return address && takes(address.number) !== 'nothing' ? reprint(site, address.of, address.number) : undefined;
    },
    render: (articles) =>
      renderAtom({ name: NAME, home: `${home}/`, self: site + '/daily/feed.atom', tagline: partner.tagline }, articles),
  };
  return partner;
}

/** What the Daily makes of a wire story. What runs in full is never one that the agency changes later. */
export function takes(number: number): 'shortened' | 'in full' | 'nothing' {
  if (number % 2 === 0) return 'shortened';
  return number % 6 === 1 && !isUpdated(number) && !isCorrected(number) ? 'in full' : 'nothing';
}

/** The first version of the wire story, as it came over the wire: the Daily misses updates and corrections. */
function reprint(site: string, of: Edition, number: number): Article {
  const story = tellWireStory(of.code, number, isCorrected(number));
  const shortened = takes(number) === 'shortened';
  const at = publishedAt(of, number) + EDITING_MS;
  return {
    id: `tag:daily.harrowmere.example,2026:${of.code}/${number}`,
    url: `${site}/daily/articles/${of.code}-${number}`,
    title: (shortened ? (BRIEFLY[story.language] ?? '') : '') + story.title,
    language: story.language,
    paragraphs: shortened ? story.paragraphs.slice(0, 2) : story.paragraphs,
    footer: shortened ? `\n<p>${FOOTERS[story.language] ?? ''}</p>` : '',
    author: 'Northwire',
    categories: story.categories.slice(0, 1),
    publishedAt: at,
    updatedAt: at,
    via: `${site}/agency/stories/${of.code}-${number}`,
  };
}
