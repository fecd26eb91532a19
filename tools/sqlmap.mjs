#!/usr/bin/env node
// sqlmap over every parameter of a query and every name in an address that /api/v1/openapi.json describes, over the fields of the forms
// that pages send by GET, and over every field of every form that any page shows to anybody (tests/support/all_forms.mjs), sent with the
// session and the token of its page: against a demo office on this machine's loopback, as whoever may open it. What it found, and how
// often the office answered what, goes to build/sqlmap.json and, with --write, into docs/web_and_input.md.
// It takes hours. What was tried is noted address by address in build/sqlmap.tried.json, so a run that was ended goes on where it was;
// a whole run removes the notes. An address that takes longer than LIMIT_S is left, and named.
// LEVEL, RISK (1) and TECHNIQUE (BEUSQ: all that do not only measure time) are sqlmap's own; ONLY=word: addresses that hold it.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import readline from 'node:readline';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { allForms, people } from '../tests/support/all_forms.mjs';
import { filled, forms, tags } from '../tests/support/forms.mjs';
import { openGrownWorld } from '../tests/support/grown_world.mjs';
import { freshOffice, password, root, Visitor } from '../tests/support/office.mjs';
import { visits } from '../tests/ux/routes.mjs';

const run = promisify(execFile), LIMIT_S = 900, { LEVEL = '1', RISK = '1', TECHNIQUE = 'BEUSQ', ONLY = '' } = process.env;
const version = (await run('sqlmap', ['--version'])).stdout.trim().split('#')[0];
const { world, visits: more, answers, mail } = await openGrownWorld(), { office } = world, folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-sqlmap-'));
const logins = ['congdan', 'tiepnhan', 'lanhdao', 'quantri'], programs = {}, browsers = {};
for (const login of logins) programs[login] = await office.as(login);
const document = (await programs.quantri.get('/api/v1/openapi.json')).body;

const values = { code: () => world.running, identifier: () => 'G11', name: () => 'vietnam', id: () => world.batch, version: () => '1', n: () => '1', slip: () => 'receipt', file: () => '1' };
const usual = { limit: '10', agency: 'G11', procedure: '1.013124', status: '1', code: world.running, q: 'bien gioi', day: '2026-11-24', year: '2026', from: '2026-01-01', to: '2026-12-31', due_before: '2026-12-31' };
const targets = []; // {url, who: a line of a head, data, names: the fields to try, prepare: anew before it begins}
for (const [place, { get }] of Object.entries(document.paths)) {
  if (!get) continue;
  const query = get.parameters.filter(p => p.in === 'query').map(p => `${p.name}=${encodeURIComponent(usual[p.name] ?? '1')}`).join('&');
  const address = place.replace(/\{(\w+)\}/g, (_, name) => `${encodeURIComponent(/procedures/.test(place) && name === 'code' ? '1.013285' : values[name]())}*`);
  if (!query && !address.includes('*')) continue;
  let who;
  for (const login of logins) if (!who && (await programs[login].get(address.replaceAll('*', '') + (query && `?${query}`))).status === 200) who = login;
  targets.push({ url: address + (query && `?${query}`), who: `Authorization: Bearer ${programs[who ?? 'tiepnhan'].token}` });
}
const seen = new Set();
for (const { login, address } of visits(world)) {
  browsers[login] ??= login ? await office.signIn(login) : undefined;
  const page = login ? await browsers[login].get(address) : undefined, text = page?.text ?? await (await fetch(office.url + address)).text();
  let action = null;
  const fields = new Map();
  for (const { name, attributes: a, isEnd } of tags(text)) {
    if (name === 'form' && !isEnd && !/post/i.test(a.method ?? '')) action = (a.action || address).split('?')[0];
    if (action && (name === 'input' || name === 'select') && a.name) fields.set(a.name, a.value || '1');
    if (name === 'form' && isEnd && action && fields.size > 0 && !seen.has(`${action} ${[...fields.keys()]}`)) {
      seen.add(`${action} ${[...fields.keys()]}`);
      const cookie = login ? `Cookie: ${[...browsers[login].cookies].map(c => c.join('=')).join('; ')}` : 'Accept: text/html';
      targets.push({ url: `${action}?${[...fields].map(f => f.map(encodeURIComponent).join('=')).join('&')}`, who: cookie });
    }
    if (name === 'form' && isEnd) { action = null; fields.clear(); }
  }
}

// Forms: as their page shows them when their turn comes, by whoever sees it; signed in again when an earlier one ended the visit.
const cookies = visitor => `Cookie: ${[...visitor.cookies].map(c => c.join('=')).join('; ')}`;
const encode = pairs => pairs.map(pair => pair.map(encodeURIComponent).join('=')).join('&');
const target = (url, fields, visitor) => ({ url, who: `${cookies(visitor)}\nOrigin: ${visitor.office.url}\nSec-Fetch-Site: same-origin`, data: encode(fields), names: fields.map(([n]) => n).filter(n => n !== 'csrf') });
let person = people(office);
// An administrator's form that was sent gave them another password: they get the usual one again. Whose password was guessed at waits.
async function enter(login) {
  for (let tries = 0; ; tries++) {
    try {
      return await person(login);
    } catch (error) {
      if (tries === 40) throw error;
      await office.command('user', 'password', login.replace('=', ''), '--password', password);
      person = people(office);
      if (tries > 0) await new Promise(done => setTimeout(done, 5000));
    }
  }
}
const names = form => form.fields.map(f => f.name).join(' ');
const pages = [...visits(world), ...more.map(([login, address]) => ({ login, address }))], routes = JSON.parse((await office.command('routes', '--json')).stdout);
for (const { login, address, form } of await allForms({ person, routes, pages, answers }))
  targets.push({ url: form.action, data: ' ', prepare: async () => {
    let visitor = await enter(login), page = await visitor.get(address);
    if (page.status === 303 && login) { person = people(office); visitor = await enter(login); page = await visitor.get(address); }
    const own = forms(page.text).find(f => (f.action || address) === form.action && names(f) === names(form)) ?? form, fields = new Map(filled(own));
    const csrf = forms(page.text).flatMap(f => f.fields).find(f => f.name === 'csrf')?.value;
    if (csrf) fields.set('csrf', csrf);
    return target(form.action, [...fields], visitor);
  } });
const fresh = await freshOffice();
targets.push({ url: '/thiet-lap/', data: ' ', prepare: async () => {
  const visitor = new Visitor(fresh), fields = filled(forms((await visitor.get(fresh.setup)).text).find(f => f.action === fresh.setup));
  return { ...target(fresh.setup, fields, visitor), url: fresh.url + fresh.setup };
} });

// What was tried before with the same level, risk and techniques counts; kept: {of, tried: {what: {codes, parameters, isFound, isLeft}}}.
const notes = path.join(root, 'build/sqlmap.tried.json'), of = [version, LEVEL, RISK, TECHNIQUE].join(' ');
const before = fs.existsSync(notes) ? JSON.parse(fs.readFileSync(notes, 'utf8')) : undefined, tried = before?.of === of ? before.tried : {};
fs.mkdirSync(path.dirname(notes), { recursive: true });
async function countCodes(file) {
  const codes = {};
  if (!fs.existsSync(file)) return codes;
  for await (const line of readline.createInterface({ input: fs.createReadStream(file, 'latin1') })) {
    const code = /^HTTP response \[#\d+\] \((\d+)/.exec(line)?.[1];
    if (code) codes[code] = (codes[code] ?? 0) + 1;
  }
  fs.rmSync(file);
  return codes;
}

const chosen = targets.filter(t => t.url.includes(ONLY)), sent = chosen.filter(t => t.data).length, seenKeys = {};
const keyOf = t => { // the same place may be there twice, with other fields; codes of dossiers and ids are new in each office
  const key = `${t.data ? 'POST' : 'GET'} ${t.url.replace(/\d{3,}|\/[\w-]{20,}/g, '…')}`;
  seenKeys[key] = (seenKeys[key] ?? 0) + 1;
  return `${key} ${seenKeys[key]}`;
};
for (const [i, planned] of chosen.entries()) {
  const key = keyOf(planned);
  if (tried[key]) continue;
  const t = planned.prepare ? await planned.prepare() : planned;
  if (t.names?.length === 0) continue; // a button alone
  const args = ['-u', new URL(t.url, office.url).href, '--batch', '--level', LEVEL, '--risk', RISK, '--technique', TECHNIQUE, '--dbms', 'SQLite', '--headers', t.who, '--flush-session', '--output-dir', folder,
    '--disable-coloring', '--ignore-code', '*', '-t', path.join(folder, 'traffic'), ...(t.data ? ['--data', t.data, '-p', t.names.join(','), '--ignore-redirects'] : ['--skip-urlencode'])];
  const { stdout = '', killed = false } = await run('sqlmap', args, { maxBuffer: 1 << 28, timeout: LIMIT_S * 1000, env: { ...process.env, HOME: folder } }).catch(error => error);
  const codes = await countCodes(path.join(folder, 'traffic'));
  const parameters = new Set([...stdout.matchAll(/testing if (.*?) is dynamic|testing for SQL injection on (.*)/g)].map(m => (m[2] ?? m[1]).trim())).size;
  tried[key] = { codes, parameters, isFound: /is vulnerable|identified the following injection point/.test(stdout), isLeft: killed };
  fs.writeFileSync(notes, JSON.stringify({ of, tried }));
  console.error(`${i + 1} of ${chosen.length}: ${key}: ${JSON.stringify(codes)}${killed ? ' left' : ''}`);
  if (office.process.exitCode !== null) break; // the office fell: said below
}
const all = Object.entries(tried), codes = {}, found = all.filter(([, t]) => t.isFound).map(([key]) => key), left = all.filter(([, t]) => t.isLeft).map(([key]) => key);
for (const [, t] of all) for (const [code, n] of Object.entries(t.codes)) codes[code] = (codes[code] ?? 0) + n;
const parameters = all.reduce((sum, [, t]) => sum + t.parameters, 0), requests = Object.values(codes).reduce((sum, n) => sum + n, 0);
if (!ONLY) fs.rmSync(notes, { force: true });
const alive = office.process.exitCode === null && fresh.process.exitCode === null, isWhole = (await office.command('audit', 'verify')).code === 0;
const result = { at: new Date().toISOString().slice(0, 10), version, level: LEVEL, risk: RISK, technique: TECHNIQUE, targets: chosen.length, forms: sent, parameters, requests, codes, found, left, alive, isWhole };
await Promise.all([office.close(), fresh.close(), mail.close()]);
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(path.join(root, 'build'), { recursive: true });
fs.writeFileSync(path.join(root, 'build/sqlmap.json'), JSON.stringify(result, null, 2));
const refused = Object.entries(codes).filter(([c]) => c >= '400' && c < '500').reduce((sum, [, n]) => sum + n, 0), failed = Object.entries(codes).filter(([c]) => c >= '500').reduce((sum, [, n]) => sum + n, 0);
const said = `sqlmap ${version} on ${result.at} (\`make sqlmap\`: level ${LEVEL}, risk ${RISK}, techniques ${TECHNIQUE}): ${chosen.length - sent} addresses and ${sent} forms with ${parameters} parameters, ${requests} requests, of which\n${refused} were refused (4xx) and ${failed} failed (5xx). Found: ${found.length === 0 ? 'nothing that can be injected' : found.join(', ')}.${left.length ? ` Left after ${LIMIT_S} s: ${left.join(', ')}.` : ''}`;
console.log(said);
if (process.argv.includes('--write')) {
  const place = path.join(root, 'docs/web_and_input.md'), text = fs.readFileSync(place, 'utf8');
  fs.writeFileSync(place, text.replace(/<!-- sqlmap -->[^]*<!-- \/sqlmap -->/, `<!-- sqlmap -->\n${said}\n<!-- /sqlmap -->`));
}
process.exit(found.length === 0 && failed === 0 && alive && isWhole ? 0 : 1);
