/** Names the languages of a batch of texts, in a thread of its own. */
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { projectFile } from '#config/project-file.js';
import type { LanguageQuestion } from './detect-languages.thread.js';
import { primarySubtag } from './language-tag.js';

/** The beginning is enough, and all that need travel to the thread. */
const SAMPLE_LENGTH = 200;

@Injectable()
export class LanguageDetector implements OnApplicationShutdown {
  private readonly logger = new Logger(LanguageDetector.name);
  private readonly pool = new Piscina<LanguageQuestion[], (string | null)[]>({
    filename: projectFile('dist/apps/processor/src/intake/detect-languages.thread.js'),
    minThreads: 1,
    maxThreads: 1,
    // As for cleaning: polls, readers and webhooks come first.
    niceIncrement: 5,
  });

  private stopped = false;

  constructor() {
    // Whoever asked is told by the rejection; a thread that dies idle is replaced, and must not end the process.
    this.pool.on('error', () => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.pool.destroy();
  }

  /**
   * Primary subtags in the order of the questions, null where nobody knows. When the thread fails, the claims are
   * believed: news is worth more than its label. Throws only while the service ends.
   */
  async detect(questions: LanguageQuestion[]): Promise<(string | null)[]> {
    try {
      return await this.pool.run(questions.map(({ text, claims }) => ({ text: text.slice(0, SAMPLE_LENGTH), claims })));
    } catch (error) {
      if (this.stopped) throw error;
      this.logger.warn({ msg: 'languages could not be detected; claims are believed', error: String(error) });
      return questions.map(({ claims }) => claims.map(primarySubtag).find((claim) => claim !== null) ?? null);
    }
  }
}
