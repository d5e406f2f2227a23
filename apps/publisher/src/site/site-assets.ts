/** The stylesheet, the script and the icons: read once, named by their content so that browsers may keep them for ever. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { projectFile } from '#config/project-file.js';
import { RenderedDocument } from '../serving/rendered-document.js';
import { readableOn } from './accent.js';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.woff2': 'font/woff2',
};

/** The stylesheet's grounds that the accent stands on: of each paper, the one that is harder to read on. */
const [LIGHT_GROUND, DARK_GROUND] = ['#f4f1ea', '#201e1b'];
/** Joined to the stylesheet: a theme that only changes a few things needs nothing else. */
const ADDITIONS = 'theme.css';
const STYLESHEET = 'site.css';

@Injectable()
export class SiteAssets {
  /** Path of the logo; undefined where the name stands in its place. */
  readonly logo: string | undefined;
  private readonly assets = new Map<string, { hash: string; document: RenderedDocument }>();

  constructor(@Inject(CONFIG) config: Pick<Config, 'siteLogo' | 'siteTheme' | 'siteColor'>) {
    const files = new Map<string, Buffer>();
    for (const folder of [projectFile('apps/publisher/assets'), config.siteTheme]) {
      if (folder === undefined) continue;
      for (const name of readdirSync(folder).filter((file) => extname(file) in TYPES))
        files.set(name, readFileSync(join(folder, name)));
    }
    const parts = [files.get(STYLESHEET), files.get(ADDITIONS), accentRules(config.siteColor)];
    files.set(STYLESHEET, Buffer.from(parts.filter((part) => part !== undefined).join('\n')));
    files.delete(ADDITIONS);
    for (const [name, body] of files) this.add(name, body);
    if (config.siteLogo !== undefined) {
      const name = `logo${extname(config.siteLogo).toLowerCase()}`;
      this.add(name, readFileSync(config.siteLogo));
      this.logo = this.path(name);
    }
  }

  /** The path to link to; it changes with the content. Throws for an asset that is not there. */
  path(name: string): string {
    const asset = this.assets.get(name);
    if (asset === undefined) throw new Error(`there is no asset ${name}`);
    return `/assets/${asset.hash}/${name}`;
  }

  /** By its name alone: an older address shows the newest content. */
  document(name: string): RenderedDocument | undefined {
    return this.assets.get(name)?.document;
  }

  private add(name: string, body: Buffer): void {
    const contentType = TYPES[extname(name)] ?? 'application/octet-stream';
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
    const cacheControl = 'public, max-age=31536000, immutable';
    this.assets.set(name, { hash, document: new RenderedDocument({ status: 200, contentType, cacheControl, body }) });
  }
}

function accentRules(color: string | undefined): string | undefined {
  if (color === undefined) return undefined;
  return (
    `:root { --accent: ${readableOn(LIGHT_GROUND, color)}; }\n` +
    `@media screen and (prefers-color-scheme: dark) { :root { --accent: ${readableOn(DARK_GROUND, color)}; } }\n`
  );
}
