/** Adds a feed from what an operator gave: finds or makes its partner, has it fetched at once, ends the demo. */
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import { FeedRepository } from '#storage/feed.repository.js';
import { DemoEnd } from './demo-end.js';
import type { SettingsWriter } from './feed-changer.js';
import type { NewFeedBody } from './feeds.schemas.js';
import { PartnerChooser } from './partner-chooser.js';
import { conflict } from './problem.js';
import { storedUrl } from './urls.js';

@Injectable()
export class FeedAdder {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly feeds: FeedRepository,
    private readonly feedAdmin: FeedAdminRepository,
    private readonly partners: PartnerChooser,
    private readonly demoEnd: DemoEnd,
  ) {}

  /** Answers the id of the feed, which is due now. Throws 409 with the id of the feed that has the URL already. */
  async add(body: Omit<NewFeedBody, 'settings'>, settings?: SettingsWriter): Promise<string> {
    if (body.demo) await this.demoEnd.refuseWhenOver();
    const url = storedUrl(body.url);
    const known = await this.feedAdmin.idByUrl(url);
    const id = known ?? (await this.create(url, body, settings));
    if (known !== undefined) await this.revive(known, url, body, settings);
    if (!body.demo) await this.demoEnd.begin();
    return id;
  }

  private async create(url: string, body: Omit<NewFeedBody, 'settings'>, settings?: SettingsWriter): Promise<string> {
    const partnerId = await this.partners.choose(body);
    const added = await this.feeds.add({
      url,
      newsWindowSeconds: this.config.newsWindowSeconds,
      isDemo: body.demo,
      paused: body.paused ?? false,
      ...(partnerId === undefined ? {} : { partnerId }),
      ...(body.title === undefined ? {} : { title: body.title }),
      ...(body.intervalSeconds === undefined ? {} : { intervalSeconds: body.intervalSeconds }),
      ...(settings === undefined ? {} : { alongside: settings }),
    });
    if (!added.created) throw alreadyHere(url, added.feedId);
    return added.feedId;
  }

  /** A feed that was removed comes back with its history when its URL is added again. */
  private async revive(id: string, url: string, body: Omit<NewFeedBody, 'settings'>, settings?: SettingsWriter) {
    if (!(await this.feedAdmin.isRetired(id))) throw alreadyHere(url, id);
    const newsSince = new Date(Date.now() - this.config.newsWindowSeconds * 1_000);
    const partnerId = await this.partners.choose(body);
    const { title, paused, intervalSeconds } = body;
    const patch = { title, paused, intervalSeconds, partnerId, alongside: settings };
    if (!(await this.feedAdmin.revive(id, newsSince, patch))) throw alreadyHere(url, id);
  }
}

function alreadyHere(url: string, id: string) {
  return conflict('feed-already-here', `The feed ${url} is here already, as ${id}. Change that one, or refresh it.`, {
    id,
  });
}
