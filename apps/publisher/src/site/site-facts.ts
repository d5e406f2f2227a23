/** What every page shows around its content: the channels and whether this is a demonstration; read once a version. */
import { Injectable } from '@nestjs/common';
import { type PublicChannel, SiteDirectoryRepository } from '#storage/site-directory.repository.js';
import { ContentVersion } from '../serving/content-version.js';

export interface SiteFacts {
  channels: PublicChannel[];
  demonstration: boolean;
}

@Injectable()
export class SiteFactsReader {
  private known: { version: string; facts: Promise<SiteFacts> } | undefined;

  constructor(
    private readonly directory: SiteDirectoryRepository,
    private readonly contentVersion: ContentVersion,
  ) {}

  /** Throws when Postgres does not answer. */
  read(): Promise<SiteFacts> {
    const version = this.contentVersion.current();
    if (this.known?.version === version) return this.known.facts;
    const facts = Promise.all([this.directory.channels(), this.directory.isDemonstration()]).then(
      ([channels, demonstration]) => ({ channels, demonstration }),
    );
    this.known = { version, facts };
    // A failure is not remembered.
    facts.catch(() => {
      if (this.known?.facts === facts) this.known = undefined;
    });
    return facts;
  }
}
