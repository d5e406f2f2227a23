/** Asks a thread of its own what a batch of texts names. */
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Piscina } from 'piscina';
import { projectFile } from '#config/project-file.js';
import type { SourcedTag } from './category-tags.js';
import { SAMPLE_LENGTH, type TextQuestion } from './text-tags.js';

/** A hundred texts take 20 ms; the rest is for a machine with too much to do. */
const DEADLINE_MS = 10_000;

@Injectable()
export class TextReader implements OnApplicationShutdown {
  private readonly logger = new Logger(TextReader.name);
  private readonly pool = new Piscina<TextQuestion[], SourcedTag[][]>({
    filename: projectFile('dist/apps/processor/src/tagging/read-texts.thread.js'),
    minThreads: 1,
    maxThreads: 1,
    // As for cleaning: polls, readers and webhooks come first.
    niceIncrement: 5,
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 },
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
   * The tags of each text, in the order of the questions. When the thread fails, there are none: news is worth more than
   * its labels. Throws only while the service ends.
   */
  async read(questions: readonly TextQuestion[]): Promise<SourcedTag[][]> {
    try {
      return await this.pool.run(
        questions.map(({ title, bodyText, language }) => ({
          title,
          bodyText: bodyText.slice(0, SAMPLE_LENGTH),
          language,
        })),
        { signal: AbortSignal.timeout(DEADLINE_MS) },
      );
    } catch (error) {
      if (this.stopped) throw error;
      this.logger.warn({
        msg: 'texts could not be read; they go without the names they contain',
        error: String(error),
      });
      return questions.map(() => []);
    }
  }
}
