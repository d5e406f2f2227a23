/**
 * The one door of the console: every request passes here before any route, and what is not named public needs the token.
 * A hook of Fastify rather than a guard of Nest: Bull Board and whatever else brings its own routes cannot be forgotten.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, problemBody } from '../api/problem.js';
import { loginPage } from '../pages/login.page.js';
import { sendPage } from '../pages/send-page.js';
import { PARTNER_ROUTES } from './partner-routes.js';
import { type Access, isApi, type Verdict } from './access.js';
import { MOST_AT_ONCE, RequestsAtOnce } from './requests-at-once.js';

/** Route patterns, as registered, that anyone may call. All else is closed, also what matches no route. */
const PUBLIC_ROUTES = [/^\/health\/(live|ready)$/, /^\/metrics$/, /^\/login$/, /^\/api\/docs(-json|-yaml)?(\/.*)?$/];

type Refusal = Exclude<Verdict, 'allowed'> | 'too-many-at-once';

/** Adds the door. Must run before the application initialises its routes. */
export function guardConsole(fastify: FastifyInstance, access: Access): void {
  const requests = new RequestsAtOnce();
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'same-origin');
    if (isPublic(request)) return;
    const verdict = await access.judge(request);
    if (verdict !== 'allowed') return refuse(request, reply, verdict, access.waitSeconds(request.ip));
    if (!requests.enter(request, reply)) return refuse(request, reply, 'too-many-at-once', 1);
    void reply.header('cache-control', 'no-store');
  });
}

/** By the pattern of the matched route, never by the text of the URL: no spelling of a closed address looks public. */
function isPublic(request: FastifyRequest): boolean {
  const pattern = request.routeOptions.url;
  return pattern !== undefined && PUBLIC_ROUTES.some((route) => route.test(pattern));
}

async function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  verdict: Refusal,
  waitSeconds: number,
): Promise<void> {
  const { status, detail } = refusal(verdict, waitSeconds);
  if (status === 429) void reply.header('retry-after', String(waitSeconds));
  if (
    !isApi(request) &&
    status === 401 &&
    request.method === 'GET' &&
    (request.headers.accept ?? '').includes('text/html')
  ) {
    // A scheme that no browser asks a password for: the page does.
    void reply.header('www-authenticate', 'Bearer realm="dateline"');
    await sendPage(reply, 401, loginPage({ next: request.url }));
    return;
  }
  if (status === 401)
    void reply.header('www-authenticate', isApi(request) ? 'Bearer realm="dateline"' : 'Basic realm="dateline"');
  await reply
    .status(status)
    .header('content-type', PROBLEM_MEDIA_TYPE)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemBody(status, detail, { kind: verdict })));
}

function refusal(verdict: Refusal, waitSeconds: number) {
  switch (verdict) {
    case 'unauthorised':
      return {
        status: 401,
        detail:
          'Send the header "Authorization: Bearer TOKEN". The token is ADMIN_TOKEN if that is set, ' +
          'else the text in the file DATA_DIR/admin-token (./data/admin-token by default).',
      };
    case 'unknown-token':
      return {
        status: 401,
        detail: 'This token was never given out here, or was ended. Ask the operator of the hub for another.',
      };
    case 'wait':
      return {
        status: 429,
        detail: `This token is wrong, as were many others from this address. Wait ${waitSeconds} s before the next wrong one; the right one is let in at any time.`,
      };
    case 'too-many-at-once':
      return {
        status: 429,
        detail: `${MOST_AT_ONCE} requests with this token are being served. Wait for the answer of one before the next.`,
      };
    case 'not-for-partners':
      return {
        status: 403,
        detail: `This token opens its own endpoints only: ${PARTNER_ROUTES.join(', ')}. Ask the operator of the hub for anything else.`,
      };
    case 'unavailable':
      return { status: 503, detail: 'The database does not answer, so the token cannot be checked. Try again soon.' };
    case 'foreign-origin':
      return {
        status: 403,
        detail:
          'This change was asked for by a page of another origin. Use the console itself, or the API with its token.',
      };
  }
}
