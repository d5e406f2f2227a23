/** An evaluation's log: warnings and errors on standard error, a few of each kind, since standard output is the report's. */
import type { LoggerService } from '@nestjs/common';

const MOST = 20;

export class EvaluationLog implements LoggerService {
  private told = 0;

  log(): void {
    // What goes well is in the report.
  }

  warn(message: unknown): void {
    this.tell(message);
  }

  error(message: unknown): void {
    this.tell(message);
  }

  /** After a few lines one says that there are more. */
  tell(message: unknown): void {
    this.told += 1;
    if (this.told <= MOST)
      process.stderr.write(`dateline: ${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
    else if (this.told === MOST + 1) process.stderr.write('dateline: there is more of the kind, which is not shown\n');
  }
}
