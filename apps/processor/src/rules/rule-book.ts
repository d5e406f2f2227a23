/** Keeps the newest rules and dictionaries compiled: a process looks every second whether their version has moved. */
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Metrics } from '#observability/metrics.js';
import { RuleBookRepository } from '#storage/rule-book.repository.js';
import { CompiledRules } from './compiled-rules.js';

const LOOK_EVERY_MS = 1_000;

@Injectable()
export class RuleBook implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RuleBook.name);
  private compiled: CompiledRules | undefined;
  private looking: Promise<CompiledRules> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lastComplaint = 0;

  constructor(
    private readonly stored: RuleBookRepository,
    metrics: Metrics,
  ) {
    metrics.gauge('dateline_rules', 'Enabled rules in force', [], (gauge) => gauge.set(this.compiled?.size.rules ?? 0));
    metrics.gauge('dateline_dictionary_phrases', 'Phrases of dictionaries in force', [], (gauge) =>
      gauge.set(this.compiled?.size.phrases ?? 0),
    );
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.refresh().catch((error: unknown) => this.complain(error)), LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking?.catch(() => undefined);
  }

  /** The rules in force. Waits only before the first item; throws when PostgreSQL cannot be reached then. */
  async current(): Promise<CompiledRules> {
    return this.compiled ?? this.refresh();
  }

  /** Reads rules anew where they have changed. Any number of calls at once are one look. */
  async refresh(): Promise<CompiledRules> {
    this.looking ??= this.look().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async look(): Promise<CompiledRules> {
    if (this.compiled !== undefined && (await this.stored.version()) === this.compiled.version) return this.compiled;
    const compiled = new CompiledRules(await this.stored.load());
    for (const { name, reason } of compiled.broken) this.logger.warn({ msg: 'rule cannot be used', name, reason });
    this.logger.log({ msg: 'rules in force', version: compiled.version, ...compiled.size });
    this.compiled = compiled;
    return compiled;
  }

  /** One line a minute at most: the rules from before stay in force meanwhile. */
  private complain(error: unknown): void {
    if (Date.now() - this.lastComplaint < 60_000) return;
    this.lastComplaint = Date.now();
    this.logger.warn({ msg: 'rules could not be looked at; those from before stay in force', error: String(error) });
  }
}
