/** Fifty webhook receivers in a process of their own, some of which misbehave when told to; the others note how old events arrive. */
import type { RequestListener, ServerResponse } from 'node:http';
import { serveCalls } from '../ground/rpc.js';
import { listenOnLoopback } from './loopback.js';

const MISBEHAVIOURS: ((response: ServerResponse) => void)[] = [
  () => undefined,
  (response) => {
    response.writeHead(200).write('x');
    const timer = setInterval(() => response.write('x'), 500);
    response.on('close', () => clearInterval(timer));
  },
  (response) => void response.socket?.resetAndDestroy(),
  (response) => response.writeHead(500).end('it broke'),
  (response) => response.writeHead(307, { location: '/elsewhere' }).end(),
];

const state = {
  misbehaves: false,
  /** Milliseconds from an event's own time to its arrival, at those that behave. */
  ages: [] as number[],
  troubles: 0,
};

const receive =
  (answer: (response: ServerResponse, body: string) => void): RequestListener =>
  (request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(response, Buffer.concat(chunks).toString('utf8')));
  };

const good = await listenOnLoopback(
  receive((response, body) => {
    const { timestamp } = JSON.parse(body) as { timestamp: string };
    state.ages.push(Date.now() - Date.parse(timestamp));
    response.writeHead(204).end();
  }),
);
const bad = await Promise.all(
  MISBEHAVIOURS.map((misbehave) =>
    listenOnLoopback(
      receive((response) => {
        if (!state.misbehaves) return response.writeHead(204).end();
        state.troubles++;
        misbehave(response);
      }),
    ),
  ),
);

serveCalls({
  /** Origins of the receivers: one for all that behave, one for each that does not. */
  sites: () => ({ good, bad }),
  misbehave: (misbehaves: boolean) => {
    state.misbehaves = misbehaves;
  },
  /** How old events arrived since the last question, and how often somebody misbehaved so far. */
  ages: () => ({ ages: state.ages.splice(0), troubles: state.troubles }),
});
