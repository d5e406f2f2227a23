/** What an operator may change of the pages' look without touching the code. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '#config/config.js';
import { PageTemplates } from './page-templates.js';
import { SiteAssets } from './site-assets.js';

describe('a theme', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dateline-theme-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const css = async (settings: Partial<ConstructorParameters<typeof SiteAssets>[0]>): Promise<string> => {
    const assets = new SiteAssets({ siteLogo: undefined, siteTheme: undefined, siteColor: undefined, ...settings });
    const document = assets.document('site.css');
    return (await document?.variant('identity'))?.body.toString() ?? '';
  };

  it('adds to the stylesheet, or replaces it, and its address changes with it', async () => {
    const own = await css({});
    await writeFile(join(folder, 'theme.css'), ':root { --measure: 36rem; }');
    const added = await css({ siteTheme: folder });
    expect(added.startsWith(own)).toBe(true);
    expect(added).toContain('--measure: 36rem');
    await writeFile(join(folder, 'site.css'), 'body { color: green; }');
    expect(await css({ siteTheme: folder })).toMatch(/^body { color: green; }\n:root { --measure: 36rem; }/);
  });

  it('has an accent that can be read on both papers, and a logo', async () => {
    const pale = await css({ siteColor: '#ffcc00' });
    expect(pale).toContain(':root { --accent: #');
    expect(pale).not.toContain(':root { --accent: #ffcc00; }\n@media');
    expect(pale).toContain('(prefers-color-scheme: dark) { :root { --accent: #ffcc00; } }');
    const logo = join(folder, 'Emblem.SVG');
    await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg"/>');
    const assets = new SiteAssets({ siteLogo: logo, siteTheme: undefined, siteColor: undefined });
    expect(assets.logo).toMatch(/^\/assets\/[0-9a-f]{12}\/logo\.svg$/);
    expect((await assets.document('logo.svg')?.variant('identity'))?.headers['content-type']).toBe('image/svg+xml');
  });

  it('replaces a template wherever it is used, and stops the start where it cannot be compiled', async () => {
    await writeFile(join(folder, 'pieces.eta'), '<i>ours</i>');
    const templates = new PageTemplates({ siteTheme: folder });
    expect(templates.render('pieces', { pieces: [] })).toBe('<i>ours</i>');
    expect(templates.render('diff', { t: {}, pieces: [{ kind: 'same', text: '<b>' }] })).toContain('&lt;b&gt;');
    await writeFile(join(folder, 'list.eta'), '<% if ( { %>');
    expect(() => new PageTemplates({ siteTheme: folder })).toThrow(ConfigError);
  });
});
