/** One name for one page, however it was linked: the URL as an identity, not as an address to fetch. */
import { parseUrl } from './parse-url.js';

/** Parameters that say where a reader came from, never what the page is. Compared in lower case. */
const TRACKING = new Set(
  (
    'fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid mkt_tok ' +
    '_ga _gl _hsenc _hsmi __hstc __hssc __hsfp hsctatracking vero_id vero_conv oly_anon_id oly_enc_id rb_clickid s_cid ' +
    'smid smtyp smprod cmp cmpid campaign_id icid ito xtor wt_mc wt.mc_id wt_zmc ncid ocid cid_source ref ref_src ' +
    'ref_url referrer referer sharetoken share_source shared spm scid trk trkcampaign guccounter guce_referrer ' +
    'guce_referrer_sig ftag feedtype outputtype amp amp_js_v usqp __twitter_impression sr_share echobox soc_src soc_trk'
  ).split(' '),
);
const TRACKING_PREFIX =
  /^(utm_|pk_|mtm_|matomo_|piwik_|at_(campaign|medium|custom|link|ptr|format|bbc)|ns_|hsa_|stm_|int_)/;
/** Hosts of the same site for small screens. */
const MOBILE_HOST = /^(www\d?|m|mobile|mobil|amp|touch|wap)\.(?=[^.]+\.[^.]+)/;
const INDEX_FILE = /\/(index|default|home)\.(html?|shtml|xhtml|php\d?|aspx?|jsp|cfm)$/i;
/** A fragment that names a page of a site in one document, not a place in a page. */
const ROUTE = /^#(?:!\/?|\/)[\w%-]/;
/** Only looked for where a run begins: a thousand slashes in a route cost a thousand steps, not their square. */
const ROUTE_END = /(?<![/?&])[/?&]+$/;
const MAX_LENGTH = 4_096;

/**
 * The page's identity: https, host without `www.`/`m.`/`amp.`, no user, default port, fragment (but a route), tracking parameter, AMP
 * marker, index file or final slash; parameters sorted; percent-encoding normalised (RFC 3986, 6.2.2). Applying it twice
 * changes nothing. Null for anything but http and https, for what is no URL and for more than 4,096 characters.
 */
export function canonicalUrl(url: string): string | null {
  if (url.length > MAX_LENGTH) return null;
  const parsed = parse(url.trim());
  if (parsed === null) return null;
  const cached = unwrapAmpCache(parsed);
  if (cached !== null) return canonicalUrl(cached);

  const host = canonicalHost(parsed);
  const path = canonicalPath(parsed.pathname);
  const query = canonicalQuery(parsed.searchParams);
  const route = ROUTE.test(parsed.hash) ? parsed.hash.replace(ROUTE_END, '') : '';
  return `https://${host}${path}${query}${route}`;
}

function parse(url: string): URL | null {
  const parsed = parseUrl(url);
  return parsed?.protocol === 'http:' || parsed?.protocol === 'https:' ? parsed : null;
}

function canonicalHost(url: URL): string {
  let host = url.hostname.replace(/(?<!\.)\.+$/, '');
  // m.www.example.com exists; an address such as m.com keeps its name.
  while (MOBILE_HOST.test(host)) host = host.replace(MOBILE_HOST, '');
  // http and https are one page, so either's default port is no port.
  const isDefaultPort = url.port === '' || url.port === '443' || url.port === '80';
  return isDefaultPort ? host : `${host}:${url.port}`;
}

function canonicalPath(pathname: string): string {
  let path = normaliseEncoding(pathname).replace(/\/{2,}/g, '/');
  for (let before = ''; before !== path;) {
    before = path;
    path = path
      .replace(/\/+$/, '')
      .replace(INDEX_FILE, '')
      .replace(/\/amp(\.html?)?$/i, '')
      .replace(/[.-]amp(?=\.html?$|$)/i, '')
      .replace(/^\/amp(?=\/)/i, '');
  }
  return path === '' ? '/' : path;
}

function canonicalQuery(parameters: URLSearchParams): string {
  const kept = [...parameters]
    .filter(([name, value]) => {
      const lower = name.toLowerCase();
      return (
        name !== '' && !TRACKING.has(lower) && !TRACKING_PREFIX.test(lower) && !(lower === 'output' && value === 'amp')
      );
    })
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort();
  return kept.length === 0 ? '' : `?${kept.join('&')}`;
}

/** Upper-case escapes, and unreserved characters written plainly. */
function normaliseEncoding(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
  });
}

/** The page behind a Google AMP address: `google.com/amp/s/HOST/PATH`, `HOST.cdn.ampproject.org/c/s/HOST/PATH`. */
function unwrapAmpCache(url: URL): string | null {
  const isGoogle = /^(www\.)?google\.[a-z.]{2,6}$/.test(url.hostname) && url.pathname.startsWith('/amp/');
  const isCache = url.hostname.endsWith('.cdn.ampproject.org') || url.hostname === 'cdn.ampproject.org';
  if (!isGoogle && !isCache) return null;
  const inner = /^\/(?:amp|[a-z])\/(?:s\/)?([^/]+\.[^/]+(?:\/.*)?)$/.exec(url.pathname)?.[1];
  return inner === undefined ? null : `https://${inner}${url.search}`;
}

/** Words that name a section or a listing in an address, in the languages that partners often write. */
const SECTION_WORDS = new Set(
  (
    'news nachrichten actualite actualites noticias notizie nieuws nyheter uutiset latest live liveticker newsticker ' +
    'ticker breaking top-stories topstories home homepage start startseite index frontpage front archive archives archiv ' +
    'world welt monde mundo mondo europe europa africa asia americas international national inland ausland politics ' +
    'politik politique politica business economy wirtschaft economie economia finance markets money sport sports ' +
    'football fussball culture kultur cultura arts entertainment media science wissenschaft sciences ciencia tech ' +
    'technology technik technologie tecnologia health gesundheit sante salud opinion comment meinung travel reise ' +
    'lifestyle life weather wetter meteo local regional society gesellschaft videos video photos pictures podcasts ' +
    'audio blog blogs articles stories posts press releases press-releases presse rss feed feeds search all'
  ).split(' '),
);
const LISTING_PREFIX =
  /^(category|categories|kategorie|tag|tags|topic|topics|thema|themen|section|sections|rubrik|author|authors|autor|autoren|by|page|search)$/;

/**
 * Whether a canonical URL is a site's root, a section, an archive or a listing: an address that many items may share and
 * that therefore identifies none. Unsure counts as an article; the identity rules guard against shared links as well.
 */
export function isLandingPage(canonical: string): boolean {
  const url = new URL(canonical);
  if (url.search !== '' || url.hash !== '') return false;
  const segments = url.pathname.toLowerCase().split('/').filter(Boolean);
  const year = segments.findIndex((segment) => /^(19|20)\d\d$/.test(segment));
  if (LISTING_PREFIX.test(segments[0] ?? '')) return !isDated(segments.slice(year), year);
  return segments.every(
    (segment, place) =>
      SECTION_WORDS.has(segment) ||
      isLanguage(segment) ||
      place === year ||
      // A month or day only behind its year: `/news/5` is as likely an article's number.
      (year !== -1 && place > year && isMonthOrDay(segment)),
  );
}

/** `2026/11/20/storm-hits-coast`: something behind a year and a month; only articles have a date in a section's address. */
function isDated([, month = '', ...behind]: readonly string[], year: number): boolean {
  return (
    year !== -1 && isMonthOrDay(month) && behind.some((segment) => /\p{L}{3}/u.test(segment) && segment !== 'page')
  );
}

/** `en`, `de-ch`. */
function isLanguage(segment: string): boolean {
  return /^[a-z]{2}([-_][a-z]{2})?$/.test(segment);
}

/** `5`, `05`, `31`. */
function isMonthOrDay(segment: string): boolean {
  return /^(0?[1-9]|[12]\d|3[01])$/.test(segment);
}
