/** A port that one test keeps closed must not become the port of its own hub: the address of a dead site then answers. */
import { freePorts } from './support/free-ports.js';

test('a port is given once, also while nobody listens on it', async () => {
  const ports: number[] = [];
  for (let call = 0; call < 100; call++) ports.push(...(await freePorts(4)));
  expect(new Set(ports).size).toBe(400);
});

test('when all are given away, that is said', async () => {
  await expect(freePorts(1_000)).rejects.toThrow('no port is left');
});
