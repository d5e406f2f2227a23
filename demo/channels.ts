/** The demo's channels: made with it, and taken away when a real partner ends it, unless an operator has made them theirs. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type ApiClient } from './api-client.js';

const CHANNELS = [
  { slug: 'english', title: 'In English', filter: { languages: ['en'] } },
  { slug: 'deutsch', title: 'Auf Deutsch', filter: { languages: ['de'] } },
  { slug: 'wire', title: 'From the wire', filter: { partners: ['northwire'] } },
];

/** Makes the channels that are not there yet; `file` keeps the ids of those that the demo made itself. */
export async function registerChannels(api: ApiClient, file: string): Promise<void> {
  const ids = readIds(file);
  for (const channel of CHANNELS) {
    const { status, body } = await api.call('POST', '/channels', channel, [409]);
    if (status !== 409) ids.push(body.id as string);
  }
  writeFileSync(file, JSON.stringify(ids));
}

/** Deletes the channels in `file` that still have the demo's titles, and then the file. */
export async function removeChannels(api: ApiClient, file: string): Promise<void> {
  if (!existsSync(file)) return;
  const ids = new Set(readIds(file));
  for (const { id, slug, title } of await api.list('/channels')) {
    const ours = ids.has(id as string) && CHANNELS.some((channel) => channel.slug === slug && channel.title === title);
    if (ours) await api.call('DELETE', `/channels/${id as string}`, undefined, [404]);
  }
  rmSync(file, { force: true });
}

function readIds(file: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}
