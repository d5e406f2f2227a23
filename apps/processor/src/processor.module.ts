/** The processor's rooms, on the ground that every service shares. */
import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config/config.js';
import { ServiceModule } from '#service/service.module.js';
import { ClassifierModule } from './classifier/classifier.module.js';
import { ActionsModule } from './actions/actions.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { RelatedModule } from './related/related.module.js';
import { ReprocessingModule } from './reprocessing/reprocessing.module.js';

@Module({})
export class ProcessorModule {
  static forConfig(config: Config, logName: string): DynamicModule {
    return {
      module: ProcessorModule,
      imports: [
        ServiceModule.forApp(config, {
          name: 'processor',
          logName,
          produces: ['processItems', 'publishEvents'],
          consumes: ['processItems'],
          keepPartitions: true,
        }),
        IntakeModule,
        ClassifierModule,
        RelatedModule,
        ReprocessingModule,
        ActionsModule,
      ],
    };
  }
}
