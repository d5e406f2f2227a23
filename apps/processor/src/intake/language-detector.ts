/** Names the languages of a batch of texts, in a thread of its own. */
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { projectFile } from '#config/project-file.js';
import type { LanguageQuestion } from './detect-languages.thread.js';

/** The beginning is enough, and all that need travel to the thread. */
const SAMPLE_LENGTH = 200;

@Injectable()
export class LanguageDetector implements OnApplicationShutdown {
  private readonly logger = new Logger(LanguageDetector.name);
  private readonly pool = new Piscina<LanguageQuestion[], (string | null)[]>({
    filename: projectFile('dist/apps/processor/src/intake/detect-languages.thread.js'),
    minThreads: 1,
    maxThreads: 1,
    resourceLimits: { maxYoungGenerationSizeMb: 16 },
  });

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  /** Primary subtags in the order of the questions, null where nobody knows. Never throws: news is worth more than its label. */
  async detect(questions: LanguageQuestion[]): Promise<(string | null)[]> {
    try {
      return await this.pool.run(questions.map(({ text, claims }) => ({ text: text.slice(0, SAMPLE_LENGTH), claims })));
    } catch (error) {
      this.logger.warn({ msg: 'languages could not be detected', error: String(error) });
      return questions.map(() => null);
    }
  }
}
