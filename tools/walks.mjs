#!/usr/bin/env node
// Walks ten tasks in Chromium in each manner and writes what they cost into docs/usability.md, with a picture of every step under
// build/walks/. With --budget it also takes the counts as the budgets that tests/browser/walks.test.mjs holds.
//
//     tools/walks [--budget] [TASK ...]
import fs from 'node:fs';
import path from 'node:path';
const { openOffice, root } = await import('../tests/support/office.mjs');
const { openBrowser } = await import('../tests/support/eyes.mjs');
const { manners, Walk } = await import('../tests/support/walk.mjs');
const { clock, tasks, walkOnce } = await import('../tests/support/walks.mjs');

const names = process.argv.slice(2).filter(a => !a.startsWith('--'));
const chosen = names.length ? names : Object.keys(tasks), sums = {};
let failures = 0;
const browser = await openBrowser();
for (const manner of manners) {
  for (const name of chosen) {
    const office = await openOffice({ made: clock, env: { MOTCUA_CLOCK: clock } }); // of its own: an inbox as long as the task makes it
    try {
      const sum = await walkOnce(Walk, browser, office, name, manner, true);
      (sums[name] ??= {})[manner] = sum;
      console.log(name, manner, JSON.stringify(sum));
    } catch (error) {
      failures++;
      console.error(`${name} ${manner} FAILED: ${error.message}`);
    }
    await office.close();
  }
}
await browser.close();
if (failures) process.exit(1);

const kb = bytes => Math.round(bytes / 1024);
const cells = s => `${s.presses} + ${s.typed} | ${s.pages} | ${kb(s.bytes)}`;
// Tasks that were not walked now keep their figures.
const place = path.join(root, 'docs/usability.md'), text = fs.readFileSync(place, 'utf8');
const before = name => text.split('\n').find(line => line.startsWith(`| ${tasks[name].title} |`));
const rows = Object.keys(tasks).map(name => [name, sums[name]]).map(([name, s]) => !s ? before(name) : `| ${tasks[name].title} | ${manners.map(m => cells(s[m])).join(' | ')} | ${Math.round(s.pointer.server_ms)} |`);
const table = ['| task | pointer: presses + typed | pages | KB | keyboard: keys + typed | pages | KB | no scripts: presses + typed | pages | KB | server ms |',
  `| --- |${' ---: |'.repeat(10)}`, ...rows].join('\n');
fs.writeFileSync(place, text.replace(/(<!-- figures -->\n)[^]*(\n<!-- end of figures -->)/, `$1\n${table}\n$2`));
if (process.argv.includes('--budget')) {
  const kept = JSON.parse(fs.readFileSync(path.join(root, 'tests/data/walks.json'), 'utf8'));
  const budget = Object.fromEntries(Object.entries(sums).map(([name, s]) => [name, Object.fromEntries(manners.map(m => [m, { presses: s[m].presses, typed: s[m].typed, pages: s[m].pages, kb: kb(s[m].bytes) }]))]));
  fs.writeFileSync(path.join(root, 'tests/data/walks.json'), `${JSON.stringify({ ...kept, ...budget }, null, 2)}\n`);
}
