/** Hears from the console and from other publishers that deliveries fell due or an endpoint changed. */
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { DELIVERIES_DUE } from '#contracts/commands.js';
import { DeliveryDispatcher } from './delivery-dispatcher.js';

@Controller()
export class DeliveriesDueController {
  constructor(private readonly dispatcher: DeliveryDispatcher) {}

  @EventPattern(DELIVERIES_DUE)
  onDeliveriesDue(_hint: unknown): void {
    this.dispatcher.poke();
  }
}
