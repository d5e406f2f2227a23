/** Knows the vocabularies that feeds use, under every address and prefix they were ever given. */

/** A vocabulary's short name. `core` is RSS of any version, `atom` Atom of any version, `other` everything unknown. */
export type Vocabulary =
  | 'core'
  | 'atom'
  | 'rdf'
  | 'dc'
  | 'dcterms'
  | 'content'
  | 'media'
  | 'itunes'
  | 'googleplay'
  | 'sy'
  | 'slash'
  | 'feedburner'
  | 'source'
  | 'enc'
  | 'prism'
  | 'creativecommons'
  | 'webfeeds'
  | 'tombstones'
  | 'xhtml'
  | 'xml'
  | 'other';

/** Addresses, lower case and without final slash or hash, as met in the wild. */
const ADDRESSES: Record<string, Vocabulary> = {
  'http://purl.org/rss/1.0': 'core',
  'http://purl.org/net/rss1.1': 'core',
  'http://my.netscape.com/rdf/simple/0.9': 'core',
  'http://channel.netscape.com/rdf/simple/0.9': 'core',
  'http://my.netscape.com/publish/formats/rss-0.91.dtd': 'core',
  'http://www.w3.org/2005/atom': 'atom',
  'http://purl.org/atom/ns': 'atom',
  'http://purl.org/echo': 'atom',
  'http://purl.org/pie': 'atom',
  'http://example.com/newformat': 'atom',
  'http://example.com/necho': 'atom',
  'uri/of/echo/namespace': 'atom',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns': 'rdf',
  'http://purl.org/dc/elements/1.0': 'dc',
  'http://purl.org/dc/elements/1.1': 'dc',
  'http://purl.org/dc/terms': 'dcterms',
  'http://purl.org/rss/1.0/modules/dcterms': 'dcterms',
  'http://purl.org/rss/1.0/modules/content': 'content',
  'http://search.yahoo.com/mrss': 'media',
  'http://video.search.yahoo.com/mrss': 'media',
  'http://www.rssboard.org/media-rss': 'media',
  'http://www.itunes.com/dtds/podcast-1.0.dtd': 'itunes',
  'http://example.com/dtds/podcast-1.0.dtd': 'itunes',
  'http://www.google.com/schemas/play-podcasts/1.0': 'googleplay',
  'http://www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd': 'googleplay',
  'http://purl.org/rss/1.0/modules/syndication': 'sy',
  'http://purl.org/rss/1.0/modules/slash': 'slash',
  'http://rssnamespace.org/feedburner/ext/1.0': 'feedburner',
  'http://feeds.feedburner.com/~d/styles/itemcontent.css': 'feedburner',
  'http://source.scripting.com': 'source',
  'http://source.smallpict.com/2014/07/12/thesource.html': 'source',
  'http://purl.oclc.org/net/rss_2.0/enc': 'enc',
  'http://prismstandard.org/namespaces/basic/1.2': 'prism',
  'http://prismstandard.org/namespaces/basic/2.0': 'prism',
  'http://prismstandard.org/namespaces/1.2/basic': 'prism',
  'http://backend.userland.com/creativecommonsrssmodule': 'creativecommons',
  'http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html': 'creativecommons',
  'http://web.resource.org/cc': 'creativecommons',
  'http://creativecommons.org/ns': 'creativecommons',
  'http://webfeeds.org/rss/1.0': 'webfeeds',
  'http://purl.org/atompub/tombstones/1.0': 'tombstones',
  'http://www.w3.org/1999/xhtml': 'xhtml',
  'http://www.w3.org/xml/1998/namespace': 'xml',
};

/** What a prefix means when the document forgot to declare it or mistyped the address. */
const PREFIXES: Record<string, Vocabulary> = {
  atom: 'atom',
  atom03: 'atom',
  atom10: 'atom',
  a10: 'atom',
  rdf: 'rdf',
  rss: 'core',
  dc: 'dc',
  dcterms: 'dcterms',
  dct: 'dcterms',
  content: 'content',
  media: 'media',
  itunes: 'itunes',
  googleplay: 'googleplay',
  sy: 'sy',
  slash: 'slash',
  feedburner: 'feedburner',
  source: 'source',
  enc: 'enc',
  prism: 'prism',
  creativecommons: 'creativecommons',
  cc: 'creativecommons',
  webfeeds: 'webfeeds',
  at: 'tombstones',
  xhtml: 'xhtml',
  html: 'xhtml',
  h: 'xhtml',
  xml: 'xml',
};

/** No vocabulary's address is nearly as long. */
const MAX_ADDRESS = 500;

/** The vocabulary of a namespace address, or `other`. */
export function vocabularyOf(address: string): Vocabulary {
  const key = address
    .slice(0, MAX_ADDRESS)
    .trim()
    .toLowerCase()
    .replace(/[/#]+$/, '');
  const known = ADDRESSES[key];
  if (known) return known;
  // UserLand and Harvard gave RSS 2.0 an address for each year.
  return /^https?:\/\/(backend\.userland\.com\/rss|blogs\.law\.harvard\.edu\/tech\/rss|cyber\.law\.harvard\.edu\/rss)/.test(
    key,
  )
    ? 'core'
    : (ADDRESSES[key.replace(/^https:/, 'http:')] ?? 'other');
}

/** The namespace declarations in force at one element; children share their parent's when they declare nothing. */
export class NamespaceScope {
  /** Keys of elements already named in this scope (see element-key.ts): a feed repeats a few dozen names. */
  readonly keys = new Map<string, string>();

  private constructor(
    private readonly declared: ReadonlyMap<string, Vocabulary>,
    /** The default namespace's address, lower case, or undefined. */
    readonly defaultAddress: string | undefined,
  ) {}

  static readonly empty = new NamespaceScope(new Map(), undefined);

  /** The scope inside an element with these attributes (Namespaces in XML 1.0, section 6). */
  with(attributes: Iterable<[string, string]>): NamespaceScope {
    let declared: Map<string, Vocabulary> | undefined;
    let address = this.defaultAddress;
    for (const [name, value] of attributes) {
      if (name === 'xmlns') address = value.trim().toLowerCase() || undefined;
      else if (name.startsWith('xmlns:')) {
        declared ??= new Map(this.declared);
        declared.set(name.slice(6), vocabularyOf(value));
      }
    }
    return declared || address !== this.defaultAddress ? new NamespaceScope(declared ?? this.declared, address) : this;
  }

  /** The vocabulary of a prefix; an undeclared or misdeclared one means what its name usually means. */
  ofPrefix(prefix: string): Vocabulary {
    const declared = this.declared.get(prefix);
    return declared && declared !== 'other' ? declared : (PREFIXES[prefix] ?? 'other');
  }
}
