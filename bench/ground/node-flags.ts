/** How the launcher has Node.js run the hub, and a service apart. */
import { pathToFileURL } from 'node:url';
import { projectFile } from '#config/project-file.js';

/** Of the hub or a service, by its name: what the launcher's own file says, which is plain JavaScript without types. */
export async function nodeFlags(name: string): Promise<string[]> {
  const launcher = (await import(pathToFileURL(projectFile('scripts/setup/node-flags.mjs')).href)) as {
    nodeFlags: (name: string) => string[];
  };
  return launcher.nodeFlags(name);
}
