/** Which stories a channel holds or an endpoint hears of, from a command's options. */
import { type Command, Option } from 'commander';
import { STORY_MEDIA } from '#contracts/channel-filter.js';
import { several, wholeNumber } from './arguments.js';

/** What endpoints can ask. */
export interface FilterOptions {
  tag?: string[];
  partner?: string[];
  language?: string[];
  channel?: string[];
}

/** What channels can ask. */
export interface ChannelFilterOptions extends FilterOptions {
  everyTag?: string[];
  withoutTag?: string[];
  word?: string[];
  everyWord?: string[];
  withoutWord?: string[];
  media?: string[];
  minPartners?: number;
  maxAge?: number;
  onlyRouted?: boolean;
}

export function withFilter(command: Command): Command {
  return command
    .option('--tag <scheme/slug>', 'only stories with this tag (repeatable: one of them)', several)
    .option('--partner <slug>', 'only stories of this partner (repeatable)', several)
    .option('--language <code>', 'only stories in this language (repeatable)', several);
}

export function withChannelFilter(command: Command): Command {
  return withFilter(command)
    .option('--every-tag <scheme/slug>', 'with this tag too (repeatable: all of them)', several)
    .option('--without-tag <scheme/slug>', 'without this tag (repeatable)', several)
    .option('--word <phrase>', 'with this word or phrase (repeatable: one of them)', several)
    .option('--every-word <phrase>', 'with this one too (repeatable: all of them)', several)
    .option('--without-word <phrase>', 'without this word or phrase (repeatable)', several)
    .addOption(new Option('--media <kind>', `with ${STORY_MEDIA.join(', ')} (repeatable)`).argParser(several))
    .option('--min-partners <count>', 'carried by so many partners', wholeNumber(1))
    .option('--max-age <hours>', 'no older than this', wholeNumber(1))
    .option('--only-routed', 'only what rules route here');
}

/** As the API takes it: lists that were not given are left out. */
export function filterOf({ tag, partner, language, channel }: FilterOptions): object {
  return { tags: tag, partners: partner, languages: language, channels: channel };
}

export function channelFilterOf(options: ChannelFilterOptions): object {
  return {
    ...filterOf(options),
    allTags: options.everyTag,
    noTags: options.withoutTag,
    words: options.word,
    allWords: options.everyWord,
    noWords: options.withoutWord,
    media: options.media,
    minPartners: options.minPartners,
    maxAgeHours: options.maxAge,
    onlyRouted: options.onlyRouted,
  };
}
