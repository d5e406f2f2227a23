/** Where the compiled worker thread is: Node runs it from dist, also when Jest runs its parent from source. */
import { projectFile } from '#config/project-file.js';

export const PARSE_THREAD_FILE = projectFile('dist/libs/feed-reader/src/parse.thread.js');
