// What `npm start` runs: nothing but the check of Node.js may come before the launcher is read.
import { checkNodeVersion } from './setup/node-version.mjs';

checkNodeVersion(process.versions.node);
const { launch } = await import('./launcher/launch.mjs');
const { explain } = await import('./setup/say.mjs');

let code;
try {
  code = await launch(process.argv.slice(2));
} catch (error) {
  code = explain(error);
}
process.exit(code);
