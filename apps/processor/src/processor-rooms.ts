/** The rooms in which items become stories: those of the service, and of an evaluation without Redis. */
import { ActionsModule } from './actions/actions.module.js';
import { ClassifierModule } from './classifier/classifier.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { RelatedModule } from './related/related.module.js';
import { ReprocessingModule } from './reprocessing/reprocessing.module.js';
import { RightsModule } from './rights/rights.module.js';

export const PROCESSOR_ROOMS = [
  IntakeModule,
  ClassifierModule,
  RelatedModule,
  ReprocessingModule,
  ActionsModule,
  RightsModule,
];
