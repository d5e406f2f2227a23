/** How the launcher has Node.js run the hub and the processor apart: a copy of scripts/setup/node-flags.mjs. */

export function nodeFlags(name: string): string[] {
  const memory =
    name === 'processor' ? ['--max-semi-space-size=16', '--max-old-space-size=1536'] : ['--max-semi-space-size=64'];
  return ['--enable-source-maps', ...memory];
}
