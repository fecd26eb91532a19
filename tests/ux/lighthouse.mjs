// Lighthouse's accessibility score of some addresses, with Debian's Chromium. It is installed for `make ux` only (tests/ux/package.json).
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// A Chromium of its own, whose port for programs is written to its profile.
async function chromium() {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-lighthouse-'));
  const child = spawn('/usr/bin/chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync',
    '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore' });
  const place = path.join(profile, 'DevToolsActivePort');
  for (let waited = 0; !fs.existsSync(place) || !fs.readFileSync(place, 'utf8').includes('\n'); waited += 50) {
    if (waited > 20000) throw new Error('chromium did not open its port');
    await new Promise(done => setTimeout(done, 50));
  }
  const ended = new Promise(done => child.once('exit', done));
  const close = async () => { child.kill(); await ended; fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 }); };
  return { port: Number(fs.readFileSync(place, 'utf8').split('\n')[0]), close };
}

// One line for each address: its score, and what it lacks.
export async function lighthouse(world, visits) {
  const { default: run } = await import('lighthouse'), browser = await chromium(), lines = [], people = new Map();
  try {
    for (const { login, address } of visits) {
      if (login && !people.has(login)) people.set(login, await world.office.signIn(login));
      const cookie = login ? [...people.get(login).cookies].map(([n, v]) => `${n}=${v}`).join('; ') : undefined;
      const { lhr } = await run(world.office.url + address, { port: browser.port, onlyCategories: ['accessibility'], logLevel: 'silent', extraHeaders: cookie ? { Cookie: cookie } : undefined, disableStorageReset: true });
      const lacking = Object.values(lhr.audits).filter(a => a.score !== null && a.score < 1).map(a => a.id);
      lines.push(`${address} (${login ?? 'nobody'}): ${Math.round((lhr.categories.accessibility.score ?? 0) * 100)}${new URL(lhr.finalDisplayedUrl).pathname !== address.split('?')[0] ? `, but it ended at ${lhr.finalDisplayedUrl}` : ''}${lacking.length ? `, lacking ${lacking.join(', ')}` : ''}`);
    }
  } finally {
    await browser.close();
  }
  return lines;
}
