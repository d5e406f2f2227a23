/** A real Chromium for tests of pages, from npm: unpacked once into a folder of this user, with the libraries and fonts it needs. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** The package has a binary for this platform only. */
export const BROWSER_HERE = process.platform === 'linux' && process.arch === 'x64';

/** The package unpacks into the temporary folder, and its libraries only where it believes to be in a cloud function. */
const UNPACK = `const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();`;

const run = promisify(execFile);

export async function openBrowser(): Promise<Browser> {
  const folder = await unpacked();
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-dev-shm-usage', '--hide-scrollbars'],
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: folder,
    },
  });
}

/** Unpacked aside and moved into place whole: test runs side by side never see half of it. */
async function unpacked(): Promise<string> {
  const folder = join(tmpdir(), `dateline-chromium-147-${userInfo().uid}`);
  if (existsSync(folder)) return folder;
  const fresh = await mkdtemp(join(tmpdir(), 'dateline-chromium-'));
  await run(process.execPath, ['--input-type=module', '--eval', UNPACK], {
    env: { ...process.env, TMPDIR: fresh, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x', NODE_OPTIONS: '' },
  });
  await writeFile(join(fresh, 'fonts.conf'), fontConfig(folder));
  await rename(fresh, folder).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
  return folder;
}

/** The machine's fonts and its choices among them where it has some, and the one font that comes with the browser. */
function fontConfig(folder: string): string {
  return (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>' +
    `<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>/usr/share/fonts</dir>` +
    `<dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`
  );
}
