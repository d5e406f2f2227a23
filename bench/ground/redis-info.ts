/** What Redis says of itself, asked by its inline protocol: one question does not need a client. */
import { connect } from 'node:net';

export interface RedisInfo {
  residentMb: number;
  cpuSeconds: number;
}

const PATIENCE_MS = 2_000;

/** Undefined where Redis does not answer the plain question (TLS). */
export async function redisInfo(url: string): Promise<RedisInfo | undefined> {
  const { hostname, port, username, password } = new URL(url);
  const words = ['AUTH', username, password].filter((word) => word !== '').map(decodeURIComponent);
  const login = password === '' ? '' : `${words.join(' ')}\r\n`;
  const text = await new Promise<string>((resolve) => {
    let answer = '';
    const socket = connect(Number(port || 6379), hostname, () => socket.write(`${login}INFO\r\nQUIT\r\n`));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
  const field = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1] ?? NaN);
  const residentMb = field('used_memory_rss') / 2 ** 20;
  const cpuSeconds = field('used_cpu_sys') + field('used_cpu_user');
  return Number.isNaN(residentMb + cpuSeconds) ? undefined : { residentMb, cpuSeconds };
}
