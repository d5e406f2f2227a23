/** The channels room: keeps every channel as its filter says, also when no event comes. */
import { Module } from '@nestjs/common';
import { ChannelUpkeepRepository } from '#storage/channel-upkeep.repository.js';
import { FanOutRepository } from '#storage/fan-out.repository.js';
import { ChannelKeeper } from './channel-keeper.js';

@Module({ providers: [ChannelKeeper, ChannelUpkeepRepository, FanOutRepository] })
export class ChannelsModule {}
