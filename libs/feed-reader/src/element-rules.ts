/** The elements the reader keeps, under which canonical name and in which form; every other element is dropped. */

/**
 * How an element is read. `text`: its own text. `date`: its text as ISO 8601. `markup`: text or HTML, by its type (see text-construct.ts). `words`: comma
 * separated, one element each. `struct`: attributes, text and the listed children. `link`: RSS's or Atom's link.
 */
export interface ElementRule {
  readonly as: string;
  readonly form: 'text' | 'date' | 'markup' | 'words' | 'struct' | 'link';
  readonly attributes?: readonly string[];
  readonly children?: ElementRules;
}
export type ElementRules = Readonly<Record<string, ElementRule>>;

/** Rules of one form for names that keep their name, or are renamed by `source=canonical`. Keys are lower case. */
function each(
  form: 'text' | 'date' | 'markup' | 'words',
  names: string,
  attributes: readonly string[] = [],
): ElementRules {
  return Object.fromEntries(
    names.split(' ').map((entry) => {
      const [source = '', as = source] = entry.split('=');
      return [source.toLowerCase(), { as, form, attributes }];
    }),
  );
}

function struct(as: string, attributes: readonly string[], children: ElementRules = {}): ElementRule {
  return { as, form: 'struct', attributes, children };
}

/** Atom person construct (RFC 4287, 3.2), with Atom 0.3's url and what people write; in RSS its text is the person. */
const person = (as: string): ElementRule =>
  struct(as, [], {
    ...each('text', 'name email uri url=uri homepage=uri'),
    ...each('text', 'atom:name=name atom:email=email atom:uri=uri itunes:name=name itunes:email=email'),
  });

const link: ElementRules = {
  link: { as: 'link', form: 'link' },
  'atom:link': { as: 'atom:link', form: 'link' },
};

const categories: ElementRules = {
  ...each('text', 'category atom:category=category', ['domain', 'term', 'scheme', 'label']),
  ...each('text', 'dc:subject=category dcterms:subject=category'),
  ...each('words', 'tags=category itunes:keywords=category'),
};

/** What Dublin Core, iTunes and the rest say of feeds and items alike. */
const everywhere: ElementRules = {
  ...link,
  ...categories,
  author: person('author'),
  'atom:author': person('atom:author'),
  'itunes:owner': person('itunes:owner'),
  ...each('text', 'itunes:author googleplay:author dc:creator dc:author=dc:creator dcterms:creator=dc:creator'),
  ...each('markup', 'title atom:title dc:title dcterms:title=dc:title itunes:title description summary subtitle'),
  ...each(
    'markup',
    'atom:summary atom:subtitle itunes:subtitle itunes:summary googleplay:description abstract=dc:description',
  ),
  ...each('markup', 'dc:description dcterms:abstract=dc:description dcterms:description=dc:description'),
  ...each('markup', 'rights copyright dc:rights dcterms:rights=dc:rights atom:rights media:copyright'),
  'creativecommons:license': struct('license', ['rdf:resource']),
  ...each('date', 'pubDate published issued updated modified created date=dc:date lastBuildDate prism:publicationDate'),
  ...each(
    'date',
    'atom:published atom:updated atom:issued=issued atom:modified=modified dc:date dcterms:issued dcterms:created dcterms:modified dcterms:available',
  ),
  ...each(
    'date',
    'dc:modified=dcterms:modified dc:issued=dcterms:issued dc:created=dcterms:created dcterms:date=dc:date',
  ),
  ...each('text', 'id atom:id dc:identifier language dc:language dcterms:language=dc:language'),
  'itunes:category': struct('itunes:category', ['text'], { 'itunes:category': struct('itunes:category', ['text']) }),
  'itunes:image': struct('itunes:image', ['href', 'url']),
  // How podcasts named their picture before.
  'itunes:link': struct('itunes:image', ['href']),
  'googleplay:image': struct('itunes:image', ['href', 'url']),
  image: struct('image', ['rdf:resource', 'href', 'url'], each('text', 'url title link')),
};

/** Children of channel (RSS 2.0, "Required/Optional channel elements") and atom:feed (RFC 4287, 4.1.1). */
export const FEED_RULES: ElementRules = {
  ...everywhere,
  ...each('markup', 'tagline=subtitle'),
  ...each(
    'text',
    'managingEditor webMaster ttl logo icon atom:logo=logo atom:icon=icon webfeeds:icon=icon webfeeds:logo=logo',
  ),
  ...each('text', 'sy:updatePeriod sy:updateFrequency'),
  ...each('words', 'media:keywords=category'),
  ...each('text', 'media:category=category', ['scheme', 'label']),
  'media:thumbnail': struct('media:thumbnail', ['url']),
  'media:content': struct('media:content', ['url', 'type', 'medium']),
  'tombstones:deleted-entry': struct('deleted-entry', ['ref', 'when']),
  skiphours: struct('skipHours', [], each('text', 'hour')),
  skipdays: struct('skipDays', [], each('text', 'day')),
};

const mediaDetails: ElementRules = {
  ...each('markup', 'media:title media:description', ['type']),
  ...each('text', 'media:credit', ['role']),
  'media:thumbnail': struct('media:thumbnail', ['url', 'width', 'height']),
  ...each('words', 'media:keywords=category'),
  ...each('text', 'media:category=category', ['scheme', 'label']),
};
const mediaContent = struct(
  'media:content',
  ['url', 'type', 'medium', 'filesize', 'duration', 'width', 'height', 'isdefault', 'lang'],
  mediaDetails,
);

const mediaPeerLink = struct('media:peerLink', ['href', 'url', 'type']);

/** Children of item (RSS 2.0, "Elements of <item>") and atom:entry (RFC 4287, 4.1.2), Media RSS 1.5.1 and the modules. */
export const ITEM_RULES: ElementRules = {
  ...everywhere,
  ...mediaDetails,
  ...each('text', 'guid', ['ispermalink']),
  ...each('text', 'comments feedburner:origLink=origLink pheedo:origLink=origLink itunes:duration'),
  ...each('text', 'feedburner:origEnclosureLink=origEnclosureLink'),
  ...each('markup', 'content atom:content content:encoded encoded=content:encoded fullitem=content:encoded'),
  ...each('markup', 'body=content:encoded xhtml:body=content:encoded xhtml:div=content:encoded dc:content=content'),
  enclosure: struct('enclosure', ['url', 'href', 'length', 'type', 'title'], mediaDetails),
  'enc:enclosure': struct('enclosure', ['rdf:resource', 'enc:type', 'enc:length', 'enc:url']),
  'media:content': mediaContent,
  'media:peerlink': mediaPeerLink,
  'media:group': struct('media:group', [], {
    ...mediaDetails,
    'media:content': mediaContent,
    'media:peerlink': mediaPeerLink,
  }),
  source: struct('source', ['url'], {
    ...link,
    ...each('markup', 'title atom:title=title'),
    ...each('text', 'id atom:id=id'),
    author: person('author'),
    'atom:author': person('author'),
  }),
  'atom:source': struct('source', ['url'], {
    'atom:link': { as: 'link', form: 'link' },
    ...each('markup', 'atom:title=title'),
  }),
  ...each('text', 'dc:source'),
};
