/** The worker thread that knows languages: the detector's tables are large, and here they weigh on nobody's garbage collection. */
import { detectLanguage } from './detect-language.js';

/** A text and what the item and its feed say of its language. */
export interface LanguageQuestion {
  text: string;
  claims: (string | null)[];
}

export default function detectLanguages(questions: LanguageQuestion[]): (string | null)[] {
  return questions.map(({ text, claims }) => detectLanguage(text, claims));
}
