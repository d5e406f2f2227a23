/** The rooms in which items become stories: those of the service, and of an evaluation without Redis. */
import { IntakeModule } from './intake/intake.module.js';

export const PROCESSOR_ROOMS = [IntakeModule];
