// Refuses a Node.js that is too old. Scripts import this first: it is evaluated before what needs a newer one.

const LEAST = [20, 19];

/** Whether `version`, as in process.versions.node, is new enough. */
function isEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

if (!isEnough(process.versions.node)) {
  process.stderr.write(
    `dateline: Node.js ${process.versions.node} is too old: install ${LEAST.join('.')} or newer (https://nodejs.org)\n`,
  );
  process.exit(1);
}
