/** The site's own paths, percent-encoded: what its pages, canonical links and redirects are made of. */

export function storyPath(story: { id: string; slug: string }): string {
  return `/stories/${story.id}/${encodeURIComponent(story.slug)}`;
}

/** Where a story's versions can be compared. */
export function changesPath(story: { id: string; slug: string }): string {
  return `${storyPath(story)}/changes`;
}

export function tagPath(tag: { scheme: string; slug: string }): string {
  return `/tags/${tag.scheme}/${encodeURIComponent(tag.slug)}`;
}

export function partnerPath(partner: { slug: string }): string {
  return `/partners/${encodeURIComponent(partner.slug)}`;
}

export function channelPath(channel: { slug: string }): string {
  return channel.slug === 'all' ? '/' : `/channels/${encodeURIComponent(channel.slug)}`;
}

/** `/archive/2026/11/23`, in UTC; shorter with a larger `unit`. */
export function archivePath(date: Date, unit: 'year' | 'month' | 'day' = 'day'): string {
  const [year = '', month = '', day = ''] = date.toISOString().slice(0, 10).split('-');
  return ['/archive', year, ...(unit === 'year' ? [] : [month]), ...(unit === 'day' ? [day] : [])].join('/');
}

/** Where a story can be passed on: plain addresses, no script of anybody. */
export function shareLinks(url: string, title: string): { name: string; href: string }[] {
  const [link, text] = [encodeURIComponent(url), encodeURIComponent(title)];
  return [
    { name: 'Bluesky', href: `https://bsky.app/intent/compose?text=${text}%20${link}` },
    { name: 'Mastodon', href: `https://mastodonshare.com/?text=${text}&url=${link}` },
    { name: 'Facebook', href: `https://www.facebook.com/sharer/sharer.php?u=${link}` },
    { name: 'LinkedIn', href: `https://www.linkedin.com/sharing/share-offsite/?url=${link}` },
    { name: 'WhatsApp', href: `https://wa.me/?text=${text}%20${link}` },
    { name: 'X', href: `https://x.com/intent/tweet?text=${text}&url=${link}` },
  ];
}
