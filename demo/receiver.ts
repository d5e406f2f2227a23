/** The demo's webhook receiver: verifies every signature and prints one line a delivery. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

const MAX_BYTES = 1_000_000;
const REMEMBERED = 5_000;

const bodySchema = z.object({
  type: z.string(),
  data: z.object({ story: z.object({ title: z.string(), language: z.string().nullable() }).optional() }),
});

/** Answers webhooks on 127.0.0.1. The secret is asked for at each delivery: it may become known later than the port. */
export async function serveReceiver(
  port: number,
  secret: () => string | undefined,
  print: (line: string) => void,
): Promise<Server> {
  const seen = new Map<string, number>();
  const server = createServer((request, response) => {
    void receive(request, secret(), seen, print)
      .catch(() => 400)
      .then((status) => response.writeHead(status).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** The status that a delivery deserves: 204 verified, 401 not, 503 while the secret is unknown. */
async function receive(
  request: IncomingMessage,
  secret: string | undefined,
  seen: Map<string, number>,
  print: (line: string) => void,
): Promise<number> {
  if (request.method !== 'POST') return 405;
  const body = await readBody(request);
  if (body === undefined) return 413;
  if (secret === undefined) return 503;
  const headers = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(request.headers[name] ?? '')]),
  );
  const verified = verify(secret, body, headers);
  const time = new Date().toISOString().slice(11, 19);
  print(
    `${time}  ${describe(body)}  ${verified ? 'verified' : 'NOT VERIFIED'}${again(headers['webhook-id'] ?? '', seen)}`,
  );
  return verified ? 204 : 401;
}

function verify(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

function describe(body: string): string {
  try {
    const { type, data } = bodySchema.parse(JSON.parse(body));
    return data.story ? `${type}  [${data.story.language ?? '--'}] ${data.story.title}` : type;
  } catch {
    return 'something that is not a webhook';
  }
}

/** Counts deliveries of one webhook-id: a repeat is allowed, and worth seeing. */
function again(id: string, seen: Map<string, number>): string {
  const times = (seen.get(id) ?? 0) + 1;
  seen.set(id, times);
  const oldest = seen.keys().next();
  if (seen.size > REMEMBERED && !oldest.done) seen.delete(oldest.value);
  return times > 1 ? `  (time ${times} of ${id})` : '';
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
