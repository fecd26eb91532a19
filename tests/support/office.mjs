// An office of its own for each story: the demo is made once a run and copied, the real program serves it on a free port, and
// it is stopped by its own process id. Everything acts over HTTP or the command line, as people and programs do.
import { isHidden, slow } from './node.mjs';
import { execFile, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

const run = promisify(execFile);
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const program = process.env.MOTCUA_PROGRAM ?? path.join(root, 'build/motcua');
export { isHidden, slow };
export const password = 'mot-cua-2026';
const pause = ms => new Promise(done => setTimeout(done, ms));

// Asks until it is so, and gives what was answered. Stories wait for states, never for a time: a machine that does much else is late.
export async function eventually(what, ask, seconds = 60) {
  for (const began = performance.now(); performance.now() - began < 1000 * seconds * slow; await pause(30)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`${what} did not happen in ${seconds} seconds`);
}

// Stories run on PostgreSQL when tests/support/on_postgres says where a server is: each office has a database of its own there, a copy
// of its template's.
const server = process.env.MOTCUA_TEST_POSTGRES;
export const onServer = Boolean(server);
const address = database => `postgresql:///${database}?host=${server}&user=motcua`;
const psql = sql => run('psql', ['-h', server, '-U', 'motcua', '-d', 'postgres', '-q', '-c', sql]);
const nameOf = folder => path.basename(folder).toLowerCase().replaceAll('-', '_');
const configured = (data, database) => {
  const file = path.join(data, 'motcua.conf');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^store = .*$/m, `store = ${address(database)}`));
};

// The demo folder that stories copy; made by whoever comes first, valid for this build of the program only. With `made` (an instant)
// it was made at that moment, for stories of another day; with `dossiers` it has some in every state.
async function template(made, dossiers) {
  const stamp = fs.statSync(program).mtimeMs.toString(36) + (made ? `-${Date.parse(made)}` : '') + (dossiers ? '-dossiers' : '') + (server ? nameOf(server) : '');
  const folder = path.join(os.tmpdir(), `motcua-demo-${process.getuid()}-${stamp}`);
  const lock = `${folder}.lock`;
  for (let waited = 0; !fs.existsSync(`${folder}/done`); waited += 100) {
    if (!take(lock)) {
      if (waited > 600000 * slow) throw new Error(`${lock} is in the way`);
      await pause(100);
      continue;
    }
    try {
      if (fs.existsSync(`${folder}/done`)) continue; // just now
      fs.rmSync(folder, { recursive: true, force: true });
      if (server) {
        await psql(`DROP DATABASE IF EXISTS "${nameOf(folder)}" WITH (FORCE)`);
        await psql(`CREATE DATABASE "${nameOf(folder)}"`);
      }
      await run(program, ['init', '--demo', ...(server ? ['--store', address(nameOf(folder))] : []), ...(dossiers ? ['--dossiers'] : []), '--data', folder, '--json'], { env: { ...process.env, MOTCUA_DEMO_PASSWORD: password, ...(made && { MOTCUA_CLOCK: made }) } });
      fs.writeFileSync(`${folder}/done`, '');
    } finally {
      fs.rmSync(lock);
    }
  }
  return folder;
}

// The lock bears the id of the process that has it; what a dead one left is put aside, by one of those who wait.
function take(lock) {
  try {
    fs.writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch {
    try {
      const owner = Number(fs.readFileSync(lock, 'utf8'));
      if (owner && !fs.existsSync(`/proc/${owner}`)) fs.renameSync(lock, `${lock}.${owner}`);
    } catch { /* it is gone */ }
    return false;
  }
}

export class Office {
  constructor(folder) {
    this.folder = folder;
    this.data = path.join(folder, 'data');
    this.program = program;
    this.log = '';
  }

  async serve(args = [], env = {}) {
    const ready = path.join(this.folder, 'ready');
    fs.rmSync(ready, { force: true });
    this.process = spawn(this.program, ['serve', '--data', this.data, '--listen', '127.0.0.1:0', '--ready-file', ready, ...args],
      { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise(done => this.process.once('exit', (code, signal) => done({ code, signal })));
    const allSaid = new Promise(done => this.process.once('close', done)); // what it said may come a moment after its end
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', text => { this.log += text; });
    for (let waited = 0; !fs.existsSync(ready); waited += 10) {
      const isOver = this.process.exitCode !== null || this.process.signalCode !== null;
      if (isOver) await allSaid;
      if (isOver || waited > 120000 * slow) throw new Error(`the office did not open:\n${this.log}`);
      await pause(10);
    }
    this.url = fs.readFileSync(ready, 'utf8').trim();
    return this;
  }

  // What the first `init` or `serve` of this office is told, so that its database stands where those of all stories do.
  async place() {
    if (!server) return [];
    await psql(`CREATE DATABASE "${nameOf(this.folder)}"`);
    return ['--store', address(nameOf(this.folder))];
  }

  async stop(signal = 'SIGTERM') {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return this.ended;
    this.process.kill(signal);
    return this.ended;
  }

  async close() {
    await this.stop();
    if (server) await psql(`DROP DATABASE IF EXISTS "${nameOf(this.folder)}" WITH (FORCE)`);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  // motcua ... on this office; {code, stdout, stderr}
  async command(...args) {
    try {
      const { stdout, stderr } = await run(this.program, [...args, '--data', this.data], { maxBuffer: 1 << 28, cwd: root });
      return { code: 0, stdout, stderr };
    } catch (error) {
      return { code: error.code, stdout: error.stdout, stderr: error.stderr };
    }
  }

  // What `motcua doctor` finds unwell, without what valgrind hides from it.
  async unwell(...args) {
    const hidden = isHidden('landlock') ? ['images'] : [], found = JSON.parse((await this.command('doctor', ...args, '--json')).stdout);
    return found.filter(f => !f.well && !hidden.includes(f.name)).map(f => f.name);
  }

  // All that the database holds, as its engine keeps it: for what must stand there, and what must not.
  stored(encoding = 'latin1') {
    if (server) return execFileSync('pg_dump', ['-h', server, '-U', 'motcua', '--data-only', nameOf(this.folder)], { encoding, maxBuffer: 1 << 28 });
    return ['motcua.db', 'motcua.db-wal'].map(f => path.join(this.data, f)).filter(fs.existsSync).map(f => fs.readFileSync(f, encoding)).join('');
  }

  // What the program measures of itself. One token serves for long: to make one is an entry of the journal.
  async measured() {
    let answer = await this.watcher?.get('/metrics');
    if (answer?.status !== 200) {
      this.watcher = await this.as('quantri');
      answer = await this.watcher.get('/metrics');
    }
    return answer.text;
  }

  // All that follows from what was acknowledged has happened: it has its place in the journal, which is given after the commit on a
  // server, and every follower has taken it; `sent`: no letter or webhook waits to be sent either. What is not there then does not come.
  async settled({ sent = false } = {}) {
    const names = `follower_lag_entries\\{.*\\}${sent ? '|messages_waiting' : ''}`;
    const isStill = async () => {
      const figures = [...(await this.measured()).matchAll(new RegExp(`^motcua_(?:${names}) (\\d+)$`, 'gm'))];
      return figures.length > 1 && figures.every(([, n]) => n === '0');
    };
    await eventually('all that follows', async () => await isStill() && isStill()); // messages are counted before what may make one
  }

  // Somebody's request has begun and is not answered yet, beside the one that asks.
  async isServing() {
    await eventually('a request', async () => Number(/^motcua_requests_in_progress (\d+)/m.exec(await this.measured())[1]) > 1);
  }

  // Told to stop, it takes nobody new any more.
  async closesItsDoor() {
    const { hostname, port } = new URL(this.url);
    await eventually('the closed door', () => new Promise(done => {
      const knock = net.connect(Number(port), hostname, () => { knock.destroy(); done(false); });
      knock.on('error', () => done(true));
    }));
  }

  // What the program says on its terminal: it may come a moment after the file that says that it is ready.
  says(pattern) { return eventually(`the words ${pattern}`, () => pattern.exec(this.log)); }

  async token(login) {
    const { stdout, stderr } = await this.command('token', login, '--json');
    if (!stdout) throw new Error(stderr);
    return JSON.parse(stdout).token;
  }

  // A person at a browser without scripts, signed in on the page.
  async signIn(login, secret = password) {
    const visitor = new Visitor(this);
    const page = await visitor.get('/dang-nhap');
    const answer = await visitor.post('/dang-nhap', { ...page.form('/dang-nhap'), login, password: secret });
    if (answer.status !== 303) throw new Error(`${login} cannot sign in: ${answer.status} ${answer.text}`);
    return visitor;
  }

  // A program that acts as this account.
  async as(login) {
    return new Client(this, await this.token(login));
  }
}

// Who is not let in because the machine does too much else (http/overload.h) has been heard by nobody and comes again. What an office
// itself says with 503 is no plain text.
async function letIn(ask) {
  for (let tries = 1; ; tries++) {
    const response = await ask();
    if (response.status !== 503 || !/^text\/plain/.test(response.headers.get('content-type')) || tries === 100) return response;
    await response.arrayBuffer();
    await pause(300);
  }
}

export class Client {
  constructor(office, token) {
    this.office = office;
    this.token = token;
  }

  async fetch(method, target, { body, headers = {}, raw } = {}) {
    const all = { ...headers };
    if (this.token) all.authorization = `Bearer ${this.token}`;
    if (body !== undefined) all['content-type'] ??= 'application/json';
    const response = await letIn(() => fetch(this.office.url + target,
      { method, headers: all, body: raw ?? (body === undefined ? undefined : JSON.stringify(body)), redirect: 'manual' }));
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, etag: response.headers.get('etag'), text, body: isJson ? JSON.parse(text) : undefined };
  }

  get(target, options) { return this.fetch('GET', target, options); }
  post(target, body, options) { return this.fetch('POST', target, { body, ...options }); }

  async upload(bytes, name = 'giay-to.pdf') {
    return this.fetch('POST', '/api/v1/files', { raw: bytes, headers: { 'content-type': 'application/octet-stream', 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` } });
  }

  // A change of anything else that has a version: as this client sees it now.
  async change(what, target, body, method = 'POST') {
    return this.fetch(method, target, { body, headers: { 'if-match': (await this.get(what)).etag ?? '"0"' } });
  }

  // An act on the dossier as this client sees it now, or at a version it saw before.
  async act(code, action, body = {}, etag) {
    etag ??= (await this.get(`/api/v1/dossiers/${code}`)).etag;
    return this.post(`/api/v1/dossiers/${code}/${action}`, body, { headers: { 'if-match': etag } });
  }
}

// As a program that waits when the office has no time: 503 is asked again when its Retry-After says so.
export async function patiently(ask) {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (answer.status !== 503 || tries === 10 * slow) return answer;
    await pause(1000 * Number(answer.headers.get('retry-after')) / slow);
  }
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescape = text => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => entities[name]);
const attribute = (tag, name) => unescape(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

// A page as a browser without scripts sees it: its words, and its forms with what they hold already.
export class Page {
  constructor(response, text) {
    this.status = response.status;
    this.headers = response.headers;
    this.text = text;
    this.words = unescape(text.replace(/<(script|style)\b.*?<\/\1>/gs, ' ').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim();
  }

  // The fields of the form that is sent to this address; undefined when the page has no such form.
  form(action) {
    const found = [...this.text.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].find(m => attribute(m[1], 'action') === action);
    if (!found) return undefined;
    const fields = {};
    for (const [tag, , area] of found[2].matchAll(/<(input|textarea)\b[^>]*>(?:\n?([^<]*)<\/textarea>)?/g)) {
      const name = attribute(tag, 'name'), type = attribute(tag, 'type');
      if (!name || type === 'file' || (/radio|checkbox/.test(type) && !/\schecked\b/.test(tag))) continue;
      fields[name] = tag.startsWith('<textarea') ? unescape(area ?? '') : attribute(tag, 'value');
    }
    for (const [, head, options] of found[2].matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)) {
      const all = [...options.matchAll(/<option\b[^>]*>/g)].map(m => m[0]), chosen = all.find(o => /\sselected\b/.test(o)) ?? all[0];
      if (chosen) fields[attribute(head, 'name')] = attribute(chosen, 'value');
    }
    return fields;
  }

  // Where the forms of the page go.
  get actions() { return [...this.text.matchAll(/<form\b([^>]*)>/g)].map(m => attribute(m[1], 'action')); }
}

export class Visitor {
  constructor(office) {
    this.office = office;
    this.cookies = new Map();
  }

  async fetch(method, target, { body, headers = {} } = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await letIn(() => fetch(this.office.url + target,
      { method, body, redirect: 'manual', headers: { 'accept-language': 'vi', origin: this.office.url, ...headers, ...(cookie && { cookie }) } }));
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === '' || /max-age=0\b/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return new Page(response, await response.text());
  }

  get(target, options) { return this.fetch('GET', target, options); }

  // Begins an application, or comes back to the one that was begun: where its parts are.
  async begin(address) {
    const page = await this.get(address), [way] = address.split('?');
    if (page.status === 303) return page.headers.get('location');
    const first = await this.post(way, page.form(way));
    return first.headers.get('location').replace(/\/[^/]*$/, '');
  }

  // A form as browsers send it; files: {field: [Blob with a name, ...]} make it multipart.
  post(target, fields, files) {
    const body = files ? new FormData() : new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one);
    for (const [name, list] of Object.entries(files ?? {})) for (const file of list) body.append(name, file, file.name);
    return this.fetch('POST', target, { body });
  }

  // Opens the dossier, fills the form of an act and sends it.
  async act(code, action, fields = {}, files) {
    const address = `/ho-so/${code}/${action}`;
    const form = (await this.get(`/ho-so/${code}`)).form(address);
    if (!form) throw new Error(`the page of ${code} has no form for ${action}`);
    return this.post(address, { ...form, ...fields }, files);
  }
}

export async function openOffice({ serve = true, args, env, made, dossiers } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-story-'));
  const office = new Office(folder);
  const origin = await template(made, dossiers);
  fs.cpSync(origin, office.data, { recursive: true });
  if (server) {
    await psql(`CREATE DATABASE "${nameOf(folder)}" TEMPLATE "${nameOf(origin)}" STRATEGY file_copy`);
    configured(office.data, nameOf(folder));
  }
  return serve ? office.serve(args, env) : office;
}

// An office that nobody has set up yet, and where the link leads that its start prints.
export async function freshOffice() {
  const office = new Office(fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-fresh-')));
  await run(program, ['init', ...await office.place(), '--data', office.data, '--json']);
  await office.serve();
  office.setup = (await office.says(/\/thiet-lap\/[\w-]{20,}/))[0];
  return office;
}

// A small PDF of one page that is one, different for each label: the server looks into what it is sent.
export function pdf(label = 'giấy tờ') {
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>', '<</Length 30>>stream\n0 0.4 0.6 rg 60 700 300 60 re f\nendstream'];
  const at = [];
  let text = `%PDF-1.4\n% ${label}\n`;
  for (const [i, object] of objects.entries()) {
    at.push(Buffer.byteLength(text));
    text += `${i + 1} 0 obj${object}endobj\n`;
  }
  const places = at.map(place => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(`${text}xref\n0 5\n0000000000 65535 f \n${places}trailer<</Size 5/Root 1 0 R>>\nstartxref\n${Buffer.byteLength(text)}\n%%EOF\n`);
}

export const owner = {
  role: 'owner', kind: 'citizen', name: 'Nguyễn Thị Ngọc Ánh', identities: [{ type: 'personal_id', value: '079203001234' }],
  phone: '0912 345 678', email: 'anh@example.vn', address: 'Số 1 đường Trần Phú, phường Ba Đình, thành phố Hà Nội',
};

// What a well-behaved applicant sends for a procedure: the first case, every paper that stops a submission.
export async function submission(client, code, { agency, channel = 'online', party = owner, label = code } = {}) {
  const procedure = (await client.get(`/api/v1/procedures/${code}`)).body;
  const cases = procedure.channels.find(c => c.channel === channel)?.cases ?? [];
  agency ??= (await client.get(`/api/v1/agencies?procedure=${code}&limit=1`)).body.items[0].identifier;
  const files = [], groups = new Set();
  for (const component of procedure.components) {
    const isNeeded = component.required === 'always' || (component.required === 'one_of' && !groups.has(component.group));
    if (!isNeeded || component.heading) continue;
    groups.add(component.group);
    const upload = await client.upload(pdf(`${label} ${component.id}`));
    if (upload.status !== 201) throw new Error(upload.text);
    files.push({ component: component.id, file: upload.body.id });
  }
  return { procedure: code, agency, channel, case: cases.length > 1 ? cases[0].id : null, parties: [party], form: { request: 'Đề nghị giải quyết theo quy định.' }, files };
}

// The way of a dossier through the office, one step a person: [login, act, fields].
export const wholeWay = suffix => [
  [`tiepnhan${suffix}`, 'receive', {}],
  [`chuyenvien${suffix}`, 'examine', { note: 'Hồ sơ đủ điều kiện.' }],
  [`chuyenvien${suffix}`, 'propose', { outcome: 'granted' }],
  [`lanhdao${suffix}`, 'approve', {}],
  [`vanthu${suffix}`, 'issue', {}],
  [`tiepnhan${suffix}`, 'return', {}],
];
