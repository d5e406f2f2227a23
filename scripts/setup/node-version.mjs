// Refuses a Node.js that is too old before anything newer is parsed; written so that an old Node.js can read it.

var LEAST = [20, 19];

/** Ends the process with one line when Node.js is older than Dateline needs. */
export function checkNodeVersion(version) {
  if (isEnough(version)) return;
  process.stderr.write(
    'dateline: Node.js ' + version + ' is too old: install ' + LEAST.join('.') + ' or newer (https://nodejs.org)\n',
  );
  process.exit(1);
}

/** Whether `version`, as in process.versions.node, is new enough. */
export function isEnough(version) {
  var parts = version.split('.').map(Number);
  return parts[0] > LEAST[0] || (parts[0] === LEAST[0] && parts[1] >= LEAST[1]);
}
