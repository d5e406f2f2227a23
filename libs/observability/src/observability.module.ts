/** Gives an app its logs, its metrics and its health endpoints. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { HealthController, READINESS_PROBES, type ReadinessProbe } from './health.controller.js';
import { loggingModule } from './logging.js';
import { Metrics } from './metrics.js';

export interface ObservabilityOptions {
  config: Config;
  service: string;
  /** Providers that the probes are made from, as in a Nest factory provider. */
  inject: (abstract new (...args: never[]) => unknown)[];
  probes: (...dependencies: never[]) => ReadinessProbe[];
}

@Global()
@Module({})
export class ObservabilityModule {
  static forApp({ config, service, inject, probes }: ObservabilityOptions): DynamicModule {
    return {
      module: ObservabilityModule,
      imports: [loggingModule(config, service)],
      controllers: [HealthController],
      providers: [
        Metrics,
        { provide: READINESS_PROBES, inject, useFactory: probes as (...args: unknown[]) => ReadinessProbe[] },
      ],
      exports: [Metrics],
    };
  }
}
