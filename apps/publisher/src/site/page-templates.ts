/** The pages' templates, all compiled at the start: those of the theme's folder in place of ours of the same name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { Eta } from 'eta';
import { CONFIG, type Config, ConfigError } from '#config/config.js';
import { projectFile } from '#config/project-file.js';

const ENDING = '.eta';

@Injectable()
export class PageTemplates {
  private readonly eta = new Eta({ autoEscape: true, cache: true });

  /** Throws a ConfigError for a template of the theme that cannot be compiled. */
  constructor(@Inject(CONFIG) { siteTheme }: Pick<Config, 'siteTheme'>) {
    const files = new Map<string, string>();
    for (const folder of [projectFile('apps/publisher/templates'), siteTheme]) {
      if (folder === undefined || !existsSync(folder)) continue;
      for (const name of readdirSync(folder).filter((file) => file.endsWith(ENDING)))
        files.set(basename(name, ENDING), join(folder, name));
    }
    // Every name leads to one file, wherever it is asked from.
    this.eta.resolvePath = (template) => {
      const file = files.get(basename(template, ENDING));
      if (file === undefined) throw new Error(`there is no template ${template}`);
      return file;
    };
    for (const file of files.values()) this.compile(file);
  }

  /** `name` without ending. */
  render(name: string, data: object): string {
    return this.eta.render(`./${name}`, data);
  }

  private compile(file: string): void {
    try {
      this.eta.compile(readFileSync(file, 'utf8'));
    } catch (error) {
      throw new ConfigError([`SITE_THEME: ${file} cannot be compiled: ${String(error)}`]);
    }
  }
}
