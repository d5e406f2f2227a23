/** `partners add|list|show|set`. */
import type { Command } from 'commander';
import { onOff, wholeNumber } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { shown, table } from './table.js';

type Connect = (command: Command) => Workbench;
const NONE = 'none';

interface SetOptions {
  name?: string;
  site?: string;
  contact?: string;
  priority?: number;
  licence?: string;
  attribution?: string;
  excerptOnly?: boolean;
  cutBoilerplate?: boolean;
  republish?: boolean;
  canonical?: string;
  embargo?: number | typeof NONE;
  expiry?: number | typeof NONE;
}

export function addPartnerCommands(program: Command, connect: Connect): void {
  const partners = program.command('partners').description('the organisations that supply feeds');
  partners
    .command('add <name>')
    .description('add a partner')
    .option('--slug <slug>', 'part of public addresses (default: made from the name)')
    .option('--site <url>', 'its home page')
    .option('--contact <text>', 'whom to write to')
    .action(async (name: string, options: { slug?: string; site?: string; contact?: string }, command: Command) => {
      const bench = connect(command);
      const { slug, site, contact } = options;
      const partner = await bench.hub.call('POST', '/partners', { name, slug, siteUrl: site, contact });
      printResult(bench, partner, `added partner ${shown(partner['slug'])} as ${shown(partner['id'])}`);
    });
  partners
    .command('list')
    .description('partners and how many feeds each has')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list('/partners'), PARTNER_COLUMNS, 'no partners: a feed brings its own');
    });
  partners
    .command('show <partner>')
    .description('all of one partner, named by its slug or id')
    .action(async (slugOrId: string, _options: object, command: Command) => {
      const bench = connect(command);
      const partner = await find(bench, slugOrId);
      printResult(bench, partner, table(factsOf(partner), FACT_COLUMNS, ''));
    });
  partners
    .command('set <partner>')
    .description('change a partner and what it allows; what is not named stays, "none" takes away')
    .option('--name <text>')
    .option('--site <url>', 'its home page: feeds of that site which are added alone become its own')
    .option('--contact <text>', 'whom to write to')
    .option('--priority <number>', 'who leads a story that several partners tell: the highest', Number)
    .option('--licence <text>', 'an SPDX identifier, a URL, or words')
    .option('--attribution <line>', 'the line that every story carries')
    .option('--excerpt-only <on|off>', 'a summary and a link, never the whole text', onOff)
    .option('--cut-boilerplate <on|off>', 'cut footers and "read more at" from what is published', onOff)
    .option('--republish <on|off>', 'whether anything may be passed on', onOff)
    .option('--canonical <here|original>', 'whose address search engines are to take for a story')
    .option('--embargo <minutes>', 'nothing earlier than this after publication', numberOrNone(0))
    .option('--expiry <days>', 'nothing longer than this after publication', numberOrNone(1))
    .action(async (slugOrId: string, options: SetOptions, command: Command) => {
      const bench = connect(command);
      const before = await find(bench, slugOrId);
      const patch = patchOf(options, before['rights'] as Resource);
      if (Object.keys(patch).length === 0)
        throw new CommandError(EXIT.usage, 'nothing to change: name what, see --help');
      const partner = await bench.hub.call('PATCH', `/partners/${shown(before['id'])}`, patch);
      printResult(bench, partner, `changed partner ${shown(partner['slug'])}`);
    });
}

function patchOf(options: SetOptions, before: Resource): Resource {
  const { name, site, contact, priority, licence, attribution, excerptOnly, republish, embargo, expiry } = options;
  const { cutBoilerplate, canonical } = options;
  const facts = { name, siteUrl: orNull(site), contact: orNull(contact), priority };
  const rights = {
    licence: orNull(licence),
    attribution: orNull(attribution),
    excerptOnly,
    mayRepublish: republish,
    cutBoilerplate,
    canonical: orNull(canonical),
    embargoMinutes: orNull(embargo),
    expiryDays: orNull(expiry),
  };
  // The API replaces all rights together.
  const asked = given(rights);
  const merged = Object.fromEntries(Object.entries({ ...before, ...asked }).filter(([, value]) => value !== null));
  return { ...given(facts), ...(Object.keys(asked).length === 0 ? {} : { rights: merged }) };
}

function given(facts: Record<string, unknown>): Resource {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function orNull<T>(value: T | typeof NONE | undefined): T | null | undefined {
  return value === NONE ? null : value;
}

function numberOrNone(min: number): (text: string) => number | typeof NONE {
  const number = wholeNumber(min);
  return (text) => (text === NONE ? NONE : number(text));
}

async function find({ hub }: Workbench, slugOrId: string): Promise<Resource> {
  const found = (await hub.list('/partners', 100_000)).find(({ id, slug }) => id === slugOrId || slug === slugOrId);
  if (found === undefined)
    throw new CommandError(EXIT.refused, `there is no partner ${slugOrId}: partners list shows their slugs`);
  return found;
}

function factsOf(partner: Resource): [string, string][] {
  const rights = partner['rights'] as Resource;
  return [
    ['NAME', shown(partner['name'])],
    ['SLUG', shown(partner['slug'])],
    ['ID', shown(partner['id'])],
    ['HOME PAGE', shown(partner['siteUrl'])],
    ['CONTACT', shown(partner['contact'])],
    ['PRIORITY', shown(partner['priority'])],
    ['FEEDS', shown(partner['feeds'])],
    ['MAY REPUBLISH', rights['mayRepublish'] === false ? 'no' : 'yes'],
    ['TEXT', rights['excerptOnly'] === true ? 'excerpt only' : 'full'],
    ['LICENCE', shown(rights['licence'])],
    ['ATTRIBUTION', shown(rights['attribution'])],
    ['CANONICAL', shown(rights['canonical'] ?? 'here')],
    ['EMBARGO', rights['embargoMinutes'] === undefined ? '' : `${shown(rights['embargoMinutes'])} minutes`],
    ['BOILERPLATE', rights['cutBoilerplate'] === true ? 'cut' : 'kept'],
    ['EXPIRY', rights['expiryDays'] === undefined ? '' : `${shown(rights['expiryDays'])} days`],
  ];
}

const FACT_COLUMNS = [
  ['PARTNER', ([name]: [string, string]) => name],
  ['', ([, value]: [string, string]) => value],
] as const;

const PARTNER_COLUMNS = [
  ['SLUG', (partner: Resource) => shown(partner['slug'])],
  ['NAME', (partner: Resource) => shown(partner['name'])],
  ['FEEDS', (partner: Resource) => shown(partner['feeds'])],
  ['PRIORITY', (partner: Resource) => shown(partner['priority'])],
  ['ID', (partner: Resource) => shown(partner['id'])],
] as const;
