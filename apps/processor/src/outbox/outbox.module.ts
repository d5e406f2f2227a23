/** The outbox: from committed events to the publisher. */
import { Module } from '@nestjs/common';
import { EventRepository } from '#storage/event.repository.js';
import { EventAnnouncer } from './event-announcer.js';
import { EventRelay } from './event-relay.js';
import { EventSweeper } from './event.sweeper.js';

@Module({ providers: [EventRepository, EventAnnouncer, EventRelay, EventSweeper], exports: [EventRelay] })
export class OutboxModule {}
