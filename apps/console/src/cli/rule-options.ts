/** A rule from a command's options, or from a file for everything that options cannot say. */
import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { several } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';

export interface RuleOptions {
  file?: string;
  title?: string[];
  body?: string[];
  text?: string[];
  category?: string[];
  address?: string[];
  regex?: Condition[];
  partner?: string[];
  feed?: string[];
  language?: string[];
  tag?: Action[];
  untag?: Action[];
  drop?: boolean;
  hold?: boolean;
  priority?: number;
  route?: string[];
}

type Condition = Record<string, unknown>;
type Action = Record<string, unknown>;
type Draft = { condition: Condition; actions: Action[] };

const PHRASE_FIELDS = { title: 'title', body: 'body', text: 'text', category: 'category', address: 'url' } as const;

export function withRule(command: Command): Command {
  return command
    .option('--file <file>', 'condition and actions as JSON, as the API takes them; - for standard input')
    .option('--title <phrase>', 'the title has it (repeatable: one of them)', several)
    .option('--body <phrase>', 'the body has it', several)
    .option('--text <phrase>', 'title or body have it', several)
    .option('--category <phrase>', 'a category of the partner has it', several)
    .option('--address <phrase>', "the item's address has it", several)
    .option('--regex <field:pattern>', 'a field matches it, in RE2 syntax (repeatable: all of them)', regex)
    .option('--partner <slug>', 'it is from this partner', several)
    .option('--feed <id or url>', 'it is from this feed', several)
    .option('--language <language>', 'it is in this language', several)
    .option('--tag <scheme/name>', 'then: give this tag', tagAction('tag'))
    .option('--untag <scheme/name>', 'then: take this tag away', tagAction('untag'))
    .option('--drop', 'then: drop it')
    .option('--hold', 'then: hold it for review')
    .option('--priority <number>', "then: this priority in place of its partner's", wholePriority)
    .option('--route <channel>', 'then: put it into this channel', several);
}

/** What the options and the file ask together. Throws CommandError. */
export async function ruleDraft(options: RuleOptions, readInput: () => Promise<string>): Promise<Draft> {
  const file = options.file === undefined ? {} : await fromFile(options.file, readInput);
  const conditions = conditionsOf(options);
  const actions = actionsOf(options);
  const all = [...(file.condition === undefined ? [] : [file.condition]), ...conditions];
  const [only] = all;
  if (only === undefined) throw new CommandError(EXIT.usage, 'say when: --title, --text, --partner … or --file');
  const wanted = [...(file.actions ?? []), ...actions];
  if (wanted.length === 0) throw new CommandError(EXIT.usage, 'say what then: --tag, --drop, --hold, --route …');
  return { condition: all.length === 1 ? only : { kind: 'and', of: all }, actions: wanted };
}

function conditionsOf(options: RuleOptions): Condition[] {
  const phrases = Object.entries(PHRASE_FIELDS).flatMap(([option, field]) => {
    const given = options[option as keyof typeof PHRASE_FIELDS];
    if (given === undefined) return [];
    return [{ kind: 'phrase', field, phrases: given, ...(field === 'url' ? { wholeWords: false } : {}) }];
  });
  return [
    ...phrases,
    ...(options.regex ?? []),
    ...(options.partner === undefined ? [] : [{ kind: 'partner', partners: options.partner }]),
    ...(options.feed === undefined ? [] : [{ kind: 'feed', feeds: options.feed }]),
    ...(options.language === undefined ? [] : [{ kind: 'language', languages: options.language }]),
  ];
}

function actionsOf(options: RuleOptions): Action[] {
  return [
    ...(options.tag ?? []),
    ...(options.untag ?? []),
    ...(options.priority === undefined ? [] : [{ kind: 'priority', priority: options.priority }]),
    ...(options.route ?? []).map((channel) => ({ kind: 'route', channel })),
    ...(options.hold === true ? [{ kind: 'hold' }] : []),
    ...(options.drop === true ? [{ kind: 'drop' }] : []),
  ];
}

async function fromFile(file: string, readInput: () => Promise<string>): Promise<Partial<Draft>> {
  try {
    return JSON.parse(file === '-' ? await readInput() : await readFile(file, 'utf8')) as Partial<Draft>;
  } catch (error) {
    throw new CommandError(
      EXIT.usage,
      `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function regex(text: string, before: Condition[] | undefined): Condition[] {
  const [, field, pattern] = /^(title|body|text|category|url):(.+)$/s.exec(text) ?? [];
  if (field === undefined)
    throw new InvalidArgumentError('It must be a field and a pattern, such as title:(?i)^ferry.');
  return [...(before ?? []), { kind: 'regex', field, pattern }];
}

function tagAction(kind: 'tag' | 'untag') {
  return (text: string, before: Action[] | undefined): Action[] => {
    const [, scheme, name] = /^([a-z]+)\/(.+)$/.exec(text) ?? [];
    if (scheme === undefined)
      throw new InvalidArgumentError('It must be a scheme and a name, such as keyword/Ferries.');
    return [...(before ?? []), { kind, scheme, name }];
  };
}

function wholePriority(text: string): number {
  if (!/^-?\d{1,4}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from -1000 to 1000.');
  return Number(text);
}
