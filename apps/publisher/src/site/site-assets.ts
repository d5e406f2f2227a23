/** The stylesheet and the icons: read once, named by their content so that browsers may keep them for ever. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { projectFile } from '#config/project-file.js';
import { RenderedDocument } from '../serving/rendered-document.js';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ico': 'image/x-icon',
  '.png': 'image/png',
};

@Injectable()
export class SiteAssets {
  private readonly assets = new Map<string, { hash: string; document: RenderedDocument }>();

  constructor() {
    const folder = projectFile('apps/publisher/assets');
    for (const name of readdirSync(folder)) {
      const contentType = TYPES[extname(name)];
      if (contentType === undefined) continue;
      const body = readFileSync(join(folder, name));
      const hash = createHash('sha256').update(body).digest('hex').slice(0, 12);
      const cacheControl = 'public, max-age=31536000, immutable';
      this.assets.set(name, { hash, document: new RenderedDocument({ status: 200, contentType, cacheControl, body }) });
    }
  }

  /** The path to link to; it changes with the content. Throws for an asset that is not there. */
  path(name: string): string {
    const asset = this.assets.get(name);
    if (asset === undefined) throw new Error(`apps/publisher/assets has no ${name}`);
    return `/assets/${asset.hash}/${name}`;
  }

  /** By its name alone: an older address shows the newest content. */
  document(name: string): RenderedDocument | undefined {
    return this.assets.get(name)?.document;
  }
}
