/** Tells the other rooms of this process that events were fanned out: a hint, since Postgres knows it as well. */
import { Injectable } from '@nestjs/common';

@Injectable()
export class EventsPublished {
  private readonly listeners: (() => void)[] = [];

  listen(listener: () => void): void {
    this.listeners.push(listener);
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }
}
