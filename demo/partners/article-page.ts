/** The partners' web pages: an article where the story's link to the original leads, and a front page. */
import { type Article, bodyHtml, escape, type Partner } from './article.js';

const STYLE =
  'body{font:18px/1.6 Georgia,serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fdfcf9}' +
  'header,footer{font:14px/1.5 sans-serif;color:#666;border-bottom:1px solid #ddd;padding-bottom:.5rem}' +
  'footer{border:0;margin-top:3rem}h1{line-height:1.2}img{max-width:100%;height:auto}figcaption{font:13px sans-serif;color:#666}';

export function articlePage(partner: Partner, article: Article): string {
  const image = article.image;
  const figure = image
    ? `<figure><img src="${escape(image.url)}" width="${image.width}" height="${image.height}" alt="">
<figcaption>${escape(image.caption)} · ${escape(image.credit)}</figcaption></figure>`
    : '';
  const via = article.via ? `<p><a href="${escape(article.via)}">The agency’s report in full</a></p>` : '';
  return page(
    partner,
    article.language,
    article.title,
    `<link rel="canonical" href="${escape(article.url)}">`,
    `<h1>${escape(article.title)}</h1>
<p>${escape(article.author)} · <time>${new Date(article.publishedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC</time></p>
${figure}
${bodyHtml(article)}
${via}`,
  );
}

export function frontPage(partner: Partner, articles: Article[]): string {
  const alternate = `<link rel="alternate" type="${partner.feedType.split(';')[0]}" href="${partner.feedPath}" title="${escape(partner.name)}">`;
  const list = articles
    .map(
      (article) => `<li lang="${article.language}"><a href="${escape(article.url)}">${escape(article.title)}</a></li>`,
    )
    .join('\n');
  return page(partner, 'en', partner.name, alternate, `<h1>${escape(partner.name)}</h1>\n<ul>\n${list}\n</ul>`);
}

function page(partner: Partner, language: string, title: string, head: string, main: string): string {
  return `<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
${head}
<style>${STYLE}</style></head>
<body>
<header dir="ltr">${escape(partner.name)}</header>
<main>
${main}
</main>
<footer dir="ltr">${escape(partner.tagline)}</footer>
</body></html>
`;
}
