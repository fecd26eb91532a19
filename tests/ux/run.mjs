// `make ux`: every page of the program in every manner. build/ux/report.md says what was found and what each page weighs, with
// pictures beside it; the last line sums up and the status is 0 only when nothing was found.
//   node tests/ux/run.mjs [WORD]      only addresses with WORD in them; " answer": only what comes after a form was sent
import fs from 'node:fs';
import path from 'node:path';
import { root } from '../support/office.mjs';
import { openBrowser } from '../support/eyes.mjs';
import { Look, manners, most } from './checks.mjs';
import { lighthouse } from './lighthouse.mjs';
import { key_pages, visits } from './routes.mjs';
import { MailServer } from '../support/mail.mjs';
import { openFreshOffice, openWorld } from './world.mjs';

const out = path.join(root, 'build/ux'), word = process.argv[2] ?? '';
const languages = (process.env.LANGUAGES ?? 'vi,en').split(','), workers = Number(process.env.WORKERS ?? 2);
const chosen = process.env.MANNERS?.split(',') ?? manners;
const rows = new Map(); // address and login -> what is known of it
const file = v => `${v.login ?? 'nobody'}${v.address}${v.act ? ` sent ${all.indexOf(v)}` : ''}`.replace(/[^a-zA-Z0-9-]+/g, '_').slice(0, 120);

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(`${out}/pictures`, { recursive: true });
const began = Date.now();
const mail = await new MailServer().open(), world = await openWorld({ mail }), fresh = await openFreshOffice(world), browser = await openBrowser();
const all = visits(world).filter(v => `${v.address}${v.act ? ' answer' : ''}`.includes(word));
const missing = all.filter(v => /[{}]|undefined/.test(v.address));
for (const v of all) rows.set(v, { ...v, found: new Map(), bytes: 0, pictures: 0, shift: 0, titles: {} });

// One browser's person goes through all its addresses.
function jobs() {
  const list = [];
  for (const login of new Set(all.map(v => v.login)))
    for (const language of languages)
      for (const width of [1280, 375])
        for (const manner of chosen) list.push({ login, language, width, manner });
  return list;
}

async function work(job) {
  const look = await Look.open(browser, world.office, job);
  // What every page shares is in the browser's store afterwards, of both offices.
  if (job.manner === 'scripts') for (const office of job.login === null ? [world.office, fresh] : [world.office]) await look.go(`${office.url}/tro-giup`);
  for (const v of all.filter(a => a.login === job.login)) {
    const row = rows.get(v);
    try {
      const shot = job.manner === 'scripts' ? `${out}/pictures/${file(v)}-${job.language}` : undefined;
      const seen = await look.visit(v.address, shot, v.act);
      for (const f of seen.found) row.found.set(f, [...(row.found.get(f) ?? []), `${job.language} ${job.width} ${job.manner}`]);
      if (seen.shift !== undefined) row.shift = Math.max(row.shift, seen.shift);
      if (job.manner === 'scripts') {
        row.bytes = Math.max(row.bytes, seen.bytes ?? 0);
        row.pictures = Math.max(row.pictures, seen.pictures ?? 0);
        if (!v.act) row.titles[job.language] = seen.title;
      }
    } catch (error) {
      const why = `not looked at: ${error.message.split('\n')[0]}`;
      row.found.set(why, [...(row.found.get(why) ?? []), `${job.language} ${job.width} ${job.manner}`]);
    }
  }
  await look.close();
  process.stdout.write('.');
}

// A phone that comes here for the first time.
async function firstLoads() {
  const list = [];
  for (const v of all.filter(a => a.login === null && !a.act)) {
    const look = await Look.open(browser, world.office, { login: null, width: 375 });
    await look.go(v.address);
    list.push([v.address, look.bytes]);
    if (look.bytes > most.first_bytes) rows.get(v).found.set(`first load weighs ${look.bytes} bytes`, ['vi 375']);
    await look.close();
  }
  return list;
}

function sameTitles() {
  for (const language of languages) {
    const seen = new Map();
    for (const row of rows.values()) {
      const title = row.titles[language], other = seen.get(title);
      if (title && other && other.route !== row.route) row.found.set(`title as of ${other.address}: ${title}`, [language]);
      seen.set(title, other ?? row);
    }
  }
}

function report(first, scores) {
  const list = [...rows.values()], faults = list.reduce((n, r) => n + r.found.size, 0);
  const sum = `${list.length} pages, ${list.length * languages.length * 2 * chosen.length} visits, ${faults} findings; first load at most ${Math.max(...first.map(f => f[1]), 0)} bytes, `
    + `later pages at most ${Math.max(...list.map(r => r.bytes))} bytes, layout shift at most ${Math.max(...list.map(r => r.shift)).toFixed(3)}`;
  const text = ['# Every page in every manner', '', sum, '', `Took ${Math.round((Date.now() - began) / 1000)} s.`, '', '## Findings', ''];
  for (const row of list.filter(r => r.found.size)) {
    text.push(`### ${row.address}${row.act ? ` after ${row.act.form} was sent` : ''} (${row.login ?? 'nobody'}; ${row.route})`, '');
    for (const [f, where] of row.found) text.push(`- ${f.replaceAll('\n', ' ')}  \n  ${where.join(', ')}`);
    text.push('');
  }
  text.push('## Weights', '', '| page | for | later, bytes | pictures of papers, bytes | layout shift |', '|---|---|---|---|---|');
  for (const row of list.sort((a, b) => b.bytes - a.bytes)) text.push(`| ${row.address}${row.act ? ' (answer)' : ''} | ${row.login ?? 'nobody'} | ${row.bytes} | ${row.pictures} | ${row.shift.toFixed(3)} |`);
  text.push('', '| first load | bytes |', '|---|---|', ...first.sort((a, b) => b[1] - a[1]).map(([a, b]) => `| ${a} | ${b} |`));
  text.push('', '## Lighthouse, accessibility', '', ...scores.map(s => `- ${s}`), '');
  fs.writeFileSync(`${out}/report.md`, text.join('\n'));
  console.log(`\n${sum}\n${path.relative(root, out)}/report.md`);
  return faults;
}

try {
  for (const v of missing) rows.get(v).found.set('the world has no such place', ['']);
  const list = jobs();
  await Promise.all(Array.from({ length: workers }, async () => { for (let job = list.shift(); job; job = list.shift()) await work(job); }));
  sameTitles();
  const first = await firstLoads(), scores = word ? [] : await lighthouse(world, visits(world, key_pages));
  const faults = report(first, scores);
  process.exitCode = faults || scores.some(s => !/\b100\b/.test(s)) ? 1 : 0;
} finally {
  await browser.close();
  await world.office.close();
  await fresh.close();
  await mail.close();
}
