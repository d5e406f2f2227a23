/** `rules list|show|add|preview|enable|disable|remove`: what the hub does with items for which a condition holds. */
import type { Command } from 'commander';
import { wholeNumber } from './arguments.js';
import { CommandError, EXIT } from './command-error.js';
import type { Resource } from './hub-client.js';
import { printList, printResult, type Workbench } from './output.js';
import { ruleDraft, type RuleOptions, withRule } from './rule-options.js';
import { harmless, shown } from './table.js';

type Connect = (command: Command) => Workbench;

const EXAMPLES_SHOWN = 20;

export function addRuleCommands(program: Command, connect: Connect): void {
  const rules = program.command('rules').description('what is done with items for which a condition holds');
  rules
    .command('list')
    .description('rules in the order in which they take effect')
    .action(async (_options: object, command: Command) => {
      const bench = connect(command);
      printList(bench, await bench.hub.list('/rules', 10_000), RULE_COLUMNS, 'no rules: add one with rules add NAME');
    });
  rules
    .command('show <rule>')
    .description('one rule, by its name or id, as JSON')
    .action(async (rule: string, _options: object, command: Command) => {
      const bench = connect(command);
      bench.print(JSON.stringify(await findRule(bench, rule), null, 2));
    });
  withRule(rules.command('add <name>').description('add a rule; all that is asked must hold'))
    .option('--position <number>', 'before those with a greater one (default: last)', wholeNumber(0))
    .option('--disabled', 'not in force yet')
    .action(
      async (name: string, options: RuleOptions & { position?: number; disabled?: boolean }, command: Command) => {
        const bench = connect(command);
        const draft = await ruleDraft(options, bench.readInput);
        const { position, disabled } = options;
        const rule = await bench.hub.call('POST', '/rules', { name, ...draft, position, enabled: disabled !== true });
        const notes = (rule['notes'] as string[]).map((note) => `\n  ${note}`).join('');
        printResult(bench, rule, `added rule ${harmless(name)}: when ${shown(rule['inWords'])}, ${then(rule)}${notes}`);
      },
    );
  withRule(rules.command('preview').description('show what a draft would change, and store nothing'))
    .option('--rule <rule>', 'the rule that it would take the place of, by name or id')
    .option('--position <number>', 'where it would stand (default: in the place of --rule, else last)', wholeNumber(0))
    .option('--stories <count>', 'how many of the newest to look at', wholeNumber(1), 500)
    .action(async (options: RuleOptions & { rule?: string; position?: number; stories: number }, command: Command) => {
      const bench = connect(command);
      const draft = await ruleDraft(options, bench.readInput);
      const { rule, position, stories } = options;
      const ruleId = rule === undefined ? undefined : (await findRule(bench, rule))['id'];
      const preview = await bench.hub.call('POST', '/rules/preview', { ...draft, ruleId, position, stories });
      printResult(bench, preview, previewInWords(preview));
    });
  for (const [verb, enabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    rules
      .command(`${verb} <rule>`)
      .description(`${verb} a rule, named by its name or id`)
      .action(async (name: string, _options: object, command: Command) => {
        const bench = connect(command);
        const rule = await bench.hub.call('PATCH', `/rules/${shown((await findRule(bench, name))['id'])}`, { enabled });
        printResult(bench, rule, `${verb}d rule ${harmless(shown(rule['name']))}`);
      });
  rules
    .command('remove <rule>')
    .description('remove a rule, named by its name or id; what it did stays')
    .action(async (name: string, _options: object, command: Command) => {
      const bench = connect(command);
      const rule = await findRule(bench, name);
      await bench.hub.call('DELETE', `/rules/${shown(rule['id'])}`);
      printResult(bench, rule, `removed rule ${harmless(shown(rule['name']))}`);
    });
}

const RULE_COLUMNS = [
  ['POSITION', (rule: Resource) => shown(rule['position'])],
  ['NAME', (rule: Resource) => shown(rule['name'])],
  ['WHEN', (rule: Resource) => shown(rule['inWords'])],
  ['THEN', then],
  ['', (rule: Resource) => (rule['enabled'] === true ? '' : 'disabled')],
] as const;

async function findRule({ hub }: Workbench, nameOrId: string): Promise<Resource> {
  const rules = await hub.list('/rules', 10_000);
  const found = rules.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (found === undefined) throw new CommandError(EXIT.refused, `there is no rule ${nameOrId}: rules list shows them`);
  return found;
}

function then(rule: Resource): string {
  return (rule['actions'] as Resource[]).map(actionInWords).join(', ');
}

function actionInWords({ kind, scheme, name, priority, channel }: Resource): string {
  if (kind === 'tag' || kind === 'untag') return `${kind} ${shown(scheme)}/${shown(name)}`;
  if (kind === 'priority') return `priority ${shown(priority)}`;
  return kind === 'route' ? `into channel ${shown(channel)}` : shown(kind);
}

function previewInWords(preview: Resource): string {
  const of = preview['complete'] === true ? '' : ' (time was up)';
  const examples = (preview['examples'] as Resource[]).slice(0, EXAMPLES_SHOWN).map((example) => {
    const changes = example['changes'] as string[];
    const why = (example['because'] as string[]).join('; ');
    return `  ${harmless(shown(example['title']))} (${shown(example['partner'])})\n    ${changes.join(', ') || 'as it is'}${why === '' ? '' : `: ${harmless(why)}`}`;
  });
  return [
    `${shown(preview['stories'])} stories looked at${of}: ${shown(preview['matched'])} match, ${shown(preview['changed'])} would change (${shown(preview['dropped'])} dropped, ${shown(preview['held'])} held); ${shown(preview['milliseconds'])} ms a story`,
    ...(preview['notes'] as string[]),
    ...examples,
  ].join('\n');
}
