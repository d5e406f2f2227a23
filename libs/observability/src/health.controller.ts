/** Health and metrics, the same on every service: is the process alive, can it work, and how is it doing. */
import { Controller, Get, Header, HttpCode, HttpException, HttpStatus, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Metrics } from './metrics.js';

/** Injection token of the app's readiness probes. */
export const READINESS_PROBES = Symbol('dateline.readiness-probes');

/** One thing a service depends on. `required: false` is reported, but its loss does not make the service unready. */
export interface ReadinessProbe {
  name: string;
  required: boolean;
  /** Rejects when the dependency does not answer. */
  check: () => Promise<void>;
}

const PROBE_DEADLINE_MS = 2_000;

@ApiExcludeController()
@Controller()
export class HealthController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(READINESS_PROBES) private readonly probes: ReadinessProbe[],
  ) {}

  /** 200 as long as the process can answer at all. */
  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 200 when every required dependency answers within two seconds, else 503; the body names each. */
  @Get('health/ready')
  @HttpCode(HttpStatus.OK)
  async ready(): Promise<{ status: 'ok' | 'degraded'; checks: Record<string, string> }> {
    const results = await Promise.all(
      this.probes.map(async (probe) => ({ probe, error: await outcome(probe.check()) })),
    );
    const checks = Object.fromEntries(results.map(({ probe, error }) => [probe.name, error ?? 'ok']));
    if (results.some(({ probe, error }) => probe.required && error !== undefined))
      throw new HttpException({ status: 'unavailable', checks }, HttpStatus.SERVICE_UNAVAILABLE);
    return { status: results.every(({ error }) => error === undefined) ? 'ok' : 'degraded', checks };
  }

  /** Prometheus text format. */
  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async prometheus(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

/** Undefined when the check passed, else why it did not. */
async function outcome(check: Promise<void>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${PROBE_DEADLINE_MS} ms`), PROBE_DEADLINE_MS);
  });
  try {
    return await Promise.race([check.then(() => undefined), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
