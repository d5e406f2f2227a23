// What `npm start` runs: see launcher/launch.mjs.
import './setup/node-version.mjs';
import { launch } from './launcher/launch.mjs';
import { runScript } from './setup/run-script.mjs';

await runScript(launch);
