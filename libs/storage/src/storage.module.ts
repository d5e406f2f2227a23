/** Gives an app its one Database; repositories are provided by the rooms that use them. */
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Database, type DatabaseOptions } from './database.js';
import { PartitionKeeper } from './partition-keeper.js';

@Global()
@Module({})
export class StorageModule {
  static forApp(options: DatabaseOptions & { keepPartitions?: boolean }): DynamicModule {
    return {
      module: StorageModule,
      providers: [
        { provide: Database, useFactory: () => new Database(options) },
        ...(options.keepPartitions === true ? [PartitionKeeper] : []),
      ],
      exports: [Database],
    };
  }
}
