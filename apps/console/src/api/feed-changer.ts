/** Changes a feed as an operator asked: its own facts, its partner, its settings. */
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ruleErrors } from '#domain/item-rules.js';
import { FeedAdminRepository } from '#storage/feed-admin.repository.js';
import type { NewFeed } from '#storage/feed.repository.js';
import { FeedSettingsRepository } from '#storage/feed-settings.repository.js';
import { type feedSettingsInputSchema, settingsPatch } from './feed-settings.schemas.js';
import type { feedPatchSchema } from './feeds.schemas.js';
import { PartnerChooser } from './partner-chooser.js';
import { conflict, unprocessable } from './problem.js';
import { storedUrl } from './urls.js';

/** Stores the settings of a feed with the other changes of it. */
export type SettingsWriter = NonNullable<NewFeed['alongside']>;

@Injectable()
export class FeedChanger {
  constructor(
    private readonly feeds: FeedAdminRepository,
    private readonly settings: FeedSettingsRepository,
    private readonly partners: PartnerChooser,
  ) {}

  /** Throws 409 for another feed's URL, 422 for rules that are not understood or too large; then nothing was changed. */
  async change(
    feed: { id: string; is_demo: boolean },
    { settings, ...body }: z.infer<typeof feedPatchSchema>,
  ): Promise<void> {
    const alongside = settings === undefined ? undefined : this.writerOf(settings);
    const url = body.url === undefined ? undefined : storedUrl(body.url);
    const other = url === undefined ? undefined : await this.feeds.idByUrl(url);
    if (other !== undefined && other !== feed.id) throw urlTaken(url ?? '', other);
    if (body.partnerId !== undefined) await this.partners.choose({ partnerId: body.partnerId, demo: feed.is_demo });
    const patch = { ...body, url: other === feed.id ? undefined : url, alongside };
    if ((await this.feeds.update(feed.id, patch)) === 'url-taken')
      throw urlTaken(url ?? '', await this.feeds.idByUrl(url ?? ''));
  }

  /** Throws 422 for rules that are not understood or too large. */
  writerOf(settings: z.infer<typeof feedSettingsInputSchema>): SettingsWriter {
    checkRules(settings.rules ?? []);
    const patch = settingsPatch(settings);
    return (trx, feedId) => this.settings.change(trx, feedId, patch);
  }
}

function urlTaken(url: string, id: string | undefined) {
  return conflict('feed-already-here', `Another feed has the URL ${url}: it is ${id}.`, { id });
}

function checkRules(rules: Parameters<typeof ruleErrors>[0]): void {
  const [error] = ruleErrors(rules);
  if (error === undefined) return;
  throw unprocessable('invalid-rule', [
    { path: `settings.rules.${error.index}.value`, message: `is not a regular expression (RE2): ${error.message}` },
  ]);
}
