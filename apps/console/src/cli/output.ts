/** Where commands print to: lines for people, or the API's JSON for programs. */
import type { HubClient, Resource } from './hub-client.js';
import { type Column, table } from './table.js';

/** What a command works with. */
export interface Workbench {
  hub: HubClient;
  json: boolean;
  print: (text: string) => void;
  /** Shows how far something is, where somebody watches: each text takes the place of the one before; '' clears it. */
  progress: (text: string) => void;
  /** The whole standard input: where secrets come from, which a list of processes or a history must not show. */
  readInput: () => Promise<string>;
}

/** Prints a list as a table, or as a JSON array. */
export function printList(
  { json, print }: Workbench,
  rows: Resource[],
  columns: readonly Column<Resource>[],
  none: string,
): void {
  print(json ? JSON.stringify(rows, null, 2) : table(rows, columns, none));
}

/** Prints what happened in words, or the resource as JSON. */
export function printResult({ json, print }: Workbench, resource: Resource, words: string): void {
  print(json ? JSON.stringify(resource, null, 2) : words);
}
