/** Wipes keys from before rotations once they sign no more. Any number of processes may do it. */
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { EndpointKeyRepository } from '#storage/endpoint-key.repository.js';

const EVERY_MS = 60_000;

@Injectable()
export class FormerKeys implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly keys: EndpointKeyRepository) {}

  onApplicationBootstrap(): void {
    // Without Postgres there is nothing to wipe; the next minute tries again.
    this.timer = setInterval(() => void this.keys.forgetFormer().catch(() => undefined), EVERY_MS);
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
