/** Takes out of addresses what only says where a reader came from, and leaves every other character as it was. */

/** Parameters that are of use to nobody but those who count clicks: without one of them a page is the same page. */
const CLICK_PARAMETERS = new Set(
  (
    'fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid mkt_tok ' +
    '_ga _gl _hsenc _hsmi __hstc __hssc __hsfp hsctatracking vero_id vero_conv oly_anon_id oly_enc_id rb_clickid s_cid ' +
    'wt_mc wt.mc_id wt_zmc ns_source ns_mchannel ns_campaign ns_linkname __twitter_impression guce_referrer ' +
    'guce_referrer_sig soc_src soc_trk ref_src'
  ).split(' '),
);
const CLICK_PREFIX = /^(utm_|pk_|mtm_|matomo_|piwik_|at_(campaign|medium|custom|link|ptr|format|bbc)|hsa_)/;

/**
 * `url` without its click-counting parameters, in the query and in a fragment that holds nothing else. Fewer names than
 * `canonicalUrl` drops: what comes out is an address to be opened, so a name that may mean something (`ref`, `output`) stays.
 */
export function withoutTrackers(url: string): string {
  const hash = url.indexOf('#');
  const fragment = hash === -1 ? '' : url.slice(hash + 1);
  const address = hash === -1 ? url : url.slice(0, hash);
  const query = address.indexOf('?');
  const kept = query === -1 ? address : joined(address.slice(0, query), '?', cleaned(address.slice(query + 1)));
  return joined(kept, '#', isParameters(fragment) ? cleaned(fragment) : fragment, hash !== -1 && fragment === '');
}

function joined(start: string, mark: string, rest: string, keepMark = false): string {
  return rest === '' && !keepMark ? start : `${start}${mark}${rest}`;
}

/** `parameters` as it was when nothing is to be dropped. */
function cleaned(parameters: string): string {
  return parameters
    .split('&')
    .filter((pair) => !isTracker(pair.split('=', 1)[0] ?? ''))
    .join('&');
}

function isTracker(name: string): boolean {
  const lower = name.toLowerCase();
  return CLICK_PARAMETERS.has(lower) || CLICK_PREFIX.test(lower);
}

function isParameters(fragment: string): boolean {
  return /^[\w.-]+=[^/!]*$/.test(fragment);
}
