/** How tags from texts say where they came from. */

/** How the sources of these tags begin: such tags are the leading item's, and go when another leads. */
export const TEXT_SOURCE = 'named in the text';
