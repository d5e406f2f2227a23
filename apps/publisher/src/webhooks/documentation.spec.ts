/** Holds docs/webhooks.md against the code: its examples verify what we send, its example body is one, its table is ours. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { transformSync } from '@swc/core';
import { projectFile } from '#config/project-file.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { EVENT_TYPES, type EventType } from '#contracts/events.js';
import { afterAttempt, MAX_ATTEMPTS } from '#domain/retry-schedule.js';
import { type BodyForm, webhookJsonSchema } from '#contracts/webhook-schemas.js';
import { formatKeyPair, formatSecret, signWebhook } from '#domain/webhook-signature.js';

const text = readFileSync(projectFile('docs/webhooks.md'), 'utf8');
const secret = formatSecret(Buffer.alloc(32, 'k'));
const pair = formatKeyPair(Buffer.alloc(32, 'p'));
const body = JSON.stringify({ type: 'story.published', text: 'Fähre “zurück” 🚢' });
type IsGenuine = (body: string, headers: Record<string, string>) => boolean;

function example(language: string): string {
  const code = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
  if (code === undefined) throw new Error(`no example in ${language}`);
  return code;
}

function typescript(language: 'ts' | 'typescript', key: string): IsGenuine {
  const { code } = transformSync(example(language), {
    module: { type: 'commonjs' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  const exported: { isGenuine?: (body: string, headers: Record<string, string>, secret: string) => boolean } = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('exports', 'require', code) as (exports: object, load: typeof require) => void;
  run(exported, require);
  return (raw, headers) => exported.isGenuine?.(raw, headers, key) ?? false;
}

function python(): IsGenuine {
  const script = `${example('python')}
import sys, json
given = json.load(sys.stdin)
print(is_genuine(given["body"].encode(), given["headers"], given["secret"]))`;
  return (raw, headers) => answerOf('python3', ['-c', script], raw, headers) === 'True';
}

function php(): IsGenuine {
  const script = `${example('php').replace('<?php', '')}
$given = json_decode(stream_get_contents(STDIN), true);
echo isGenuine($given['body'], $given['headers'], $given['secret']) ? 'true' : 'false';`;
  return (raw, headers) => answerOf('php', ['-r', script], raw, headers) === 'true';
}

function ruby(): IsGenuine {
  const script = `${example('ruby')}
require "json"
given = JSON.parse($stdin.read)
puts genuine?(given["body"], given["headers"], given["secret"])`;
  return (raw, headers) => answerOf('ruby', ['-e', script], raw, headers) === 'true';
}

/** Others' code for the same specification. */
function packaged(verifier: { verify(raw: string, headers: Record<string, string>): unknown }): IsGenuine {
  return (raw, headers) => {
    try {
      verifier.verify(raw, headers);
      return true;
    } catch {
      return false;
    }
  };
}

/** Built once, in a directory of its own. */
function go(): IsGenuine {
  const directory = mkdtempSync(join(tmpdir(), 'dateline-example-'));
  writeFileSync(join(directory, 'example.go'), example('go').replace('package webhooks', 'package main'));
  writeFileSync(
    join(directory, 'main.go'),
    `package main
import ("encoding/json"; "fmt"; "os")
func main() {
  var given struct { Body, Secret string; Headers map[string]string }
  if json.NewDecoder(os.Stdin).Decode(&given) == nil { fmt.Println(IsGenuine([]byte(given.Body), given.Headers, given.Secret)) }
}`,
  );
  const built = spawnSync('go', ['build', '-o', 'example', 'main.go', 'example.go'], {
    cwd: directory,
    env: { ...process.env, GOCACHE: join(directory, 'cache'), GO111MODULE: 'off', GOFLAGS: '' },
  });
  if (built.status !== 0) throw new Error(built.stderr.toString());
  return (raw, headers) => answerOf(join(directory, 'example'), [], raw, headers) === 'true';
}

function answerOf(command: string, args: string[], raw: string, headers: Record<string, string>): string {
  const run = spawnSync(command, args, { input: JSON.stringify({ body: raw, headers, secret }) });
  if (run.status !== 0) throw new Error(run.stderr.toString());
  return run.stdout.toString().trim();
}

/** What is not installed here is shown as skipped. */
const isHere = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const languages: [string, string, boolean, () => IsGenuine][] = [
  ['the example in TypeScript', secret, true, () => typescript('ts', secret)],
  ['the example in TypeScript with ed25519', pair.privateKey, true, () => typescript('typescript', pair.publicKey)],
  ['the package standardwebhooks', secret, true, () => packaged(new StandardWebhook(secret))],
  ['the package svix', secret, true, () => packaged(new SvixWebhook(secret))],
  ['the example in Python', secret, isHere('python3', '--version'), python],
  ['the example in PHP', secret, isHere('php', '--version'), php],
  ['the example in Go', secret, isHere('go', 'version'), go],
  ['the example in Ruby', secret, isHere('ruby', '--version'), ruby],
];

for (const [language, key, isInstalled, load] of languages)
  (isInstalled ? test : test.skip)(`${language} accepts what we send and nothing else`, () => {
    const isGenuine = load();
    const headersAt = (timestamp: number) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signWebhook(key, { id: 'msg_1', timestamp, body: Buffer.from(body) }),
    });
    const now = Math.floor(Date.now() / 1_000);
    const headers = headersAt(now);
    expect(isGenuine(body, headers)).toBe(true);
    expect(
      isGenuine(body, { ...headers, 'webhook-signature': `v1a,AAAA v1,AAAA ${headers['webhook-signature']}` }),
    ).toBe(true);
    expect(isGenuine(`${body} `, headers)).toBe(false);
    expect(isGenuine(body, { ...headers, 'webhook-id': 'msg_2' })).toBe(false);
    expect(isGenuine(body, { ...headers, 'webhook-signature': 'v1,AAAA' })).toBe(false);
    expect(isGenuine(body, headersAt(now - 3_600))).toBe(false);
    // Whoever sends such headers gets no more than a no.
    expect(isGenuine(body, { ...headers, 'webhook-signature': 'v1,é v1 ,' })).toBe(false);
    for (const timestamp of ['²', '', '-1', '1e9', '99999999999999999999', '9'.repeat(5_000)])
      expect(isGenuine(body, { ...headers, 'webhook-timestamp': timestamp })).toBe(false);
    expect(isGenuine(body, {})).toBe(false);
  });

test('every example body is one, by the schema that is served for it', () => {
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const blocks = [...text.matchAll(/```json( thin)?\n([\s\S]*?)```/g)];
  const types = blocks.map(([, thin, code = '']) => {
    const body = JSON.parse(code) as { type: EventType };
    const form: BodyForm = thin === undefined ? 'full' : 'thin';
    const validate = ajv.compile(webhookJsonSchema(body.type, form, `https://hub.example/${body.type}.${form}`));
    expect([body.type, validate(body), validate.errors]).toEqual([body.type, true, null]);
    return body.type;
  });
  expect(EVENT_TYPES.filter((type) => !types.includes(type))).toEqual([]);
});

test('the table of attempts is the schedule', () => {
  const row =
    /\| after the one before \|(.*)\|/
      .exec(text)?.[1]
      ?.split('|')
      .map((cell) => cell.trim()) ?? [];
  const units: Record<string, number> = { s: 1, min: 60, h: 3_600 };
  const documented = row.slice(1).map((cell) => Number(cell.split(' ')[0]) * (units[cell.split(' ')[1] ?? ''] ?? NaN));
  const now = new Date(0);
  const ours = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => {
    const after = afterAttempt(index + 1, { kind: 'answered', status: 500 }, now, 0.5);
    return after.status === 'pending' ? after.nextAttemptAt.getTime() / 1_000 : NaN;
  });
  expect(documented).toEqual(ours);
});
