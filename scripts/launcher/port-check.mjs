// Looks at the four ports before anything starts, so that a taken one is named with the setting that moves it.
import { listenError } from '../setup/ports.mjs';
import { Refusal } from '../setup/say.mjs';

/** The services with the variable of their port and the setting's name in the Config. */
export const SERVICES = [
  { name: 'publisher', variable: 'PUBLISHER_PORT', setting: 'publisherPort' },
  { name: 'console', variable: 'CONSOLE_PORT', setting: 'consolePort' },
  { name: 'ingestor', variable: 'INGESTOR_PORT', setting: 'ingestorPort' },
  { name: 'processor', variable: 'PROCESSOR_PORT', setting: 'processorPort' },
];

/** Throws a Refusal with a line for each port that cannot be listened on. */
export async function checkPorts(config) {
  const lines = [];
  const seen = new Map();
  for (const { variable, setting } of SERVICES) {
    const port = config[setting];
    const twin = seen.get(port);
    const reason = twin === undefined ? await listenError(config.host, port) : 'TWICE';
    seen.set(port, variable);
    if (reason !== undefined) lines.push(explanation(reason, { variable, port, host: config.host, twin }));
  }
  if (lines.length > 0) throw new Refusal(lines);
}

function explanation(reason, { variable, port, host, twin }) {
  switch (reason) {
    case 'TWICE':
      return `${twin} and ${variable} are both ${port}: set one of them to another port`;
    case 'EADDRINUSE':
      return `port ${port} is taken by another program: stop it, or set ${variable} to a free port`;
    case 'EACCES':
      return `port ${port} may not be opened by this user: set ${variable} to a port above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `HOST ${host} is not an address of this machine: set HOST to 127.0.0.1, 0.0.0.0 or one that is`;
    default:
      return `port ${port} on ${host} cannot be opened (${reason}): set ${variable} or HOST`;
  }
}
