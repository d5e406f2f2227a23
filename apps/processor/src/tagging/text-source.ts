/** How tags from texts say where they came from. */

/** How the sources of these tags begin: such tags are the leading item's, and go when another leads. */
export const TEXT_SOURCE = 'named in the text';

/** How the sources of topics begin that a classifier read out of a text; the version follows. */
export const CLASSIFIER_SOURCE = 'classifier v';

/** A topic that the classifier read out of a text. */
export function isGuess({ source }: { source: string }): boolean {
  return source.startsWith(CLASSIFIER_SOURCE);
}

/** The tag was read out of a text; nobody named it. */
export function isFromText({ source }: { source: string }): boolean {
  return source.startsWith(TEXT_SOURCE) || source.startsWith(CLASSIFIER_SOURCE);
}
