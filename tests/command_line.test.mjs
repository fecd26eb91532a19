// The command line: help, exit codes, sentences; the same commands with a server and without; one owner of a folder; a stop that
// answers what is in flight; a restart that loses nothing.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client, eventually, openOffice, password, pdf, program, root, slow, submission } from './support/office.mjs';

let office, nobody;
before(async () => {
  office = await openOffice();
  nobody = new Client(office);
});
after(() => office.close());

function motcua(args, { env, cwd = root, timeout = 120000 } = {}) {
  return new Promise(done => execFile(program, args, { env: { ...process.env, ...env }, cwd, timeout: timeout * slow }, (error, stdout, stderr) => done({ code: error ? error.code : 0, stdout, stderr })));
}
const names = [...fs.readFileSync(path.join(root, 'docs/commands.md'), 'utf8').split('| exit code')[0].matchAll(/^\| `([\w-]+)`/gm)].map(m => m[1]);

test('docs/commands.md has every command of `motcua help`, and no other', async () => {
  const { code, stdout } = await motcua(['help', '--lang', 'en']);
  assert.equal(code, 0);
  assert.deepEqual([...stdout.matchAll(/^ {2}([\w-]+) {2,}\S/gm)].map(m => m[1]), names);
  assert.ok(names.length >= 14);
});

test('every command explains itself with an example, in both languages, whatever else is missing', async () => {
  for (const name of names)
    for (const [lang, example] of [['en', 'Example'], ['vi', 'Ví dụ']]) {
      const { code, stdout, stderr } = await motcua([name, '--help', '--lang', lang], { env: { MOTCUA_DATA: '/no/such/folder' } });
      assert.equal(code, 0, `${name} ${stderr}`);
      assert.match(stdout, new RegExp(`^motcua ${name}`), name);
      assert.match(stdout, new RegExp(`${example}\n {2}motcua ${name}( |\n)`), name);
      assert.match(stdout, /--json/, name);
      assert.equal(stderr, '');
    }
});

const wrongCalls = [
  [[]], [['fly']], [['serve', '--colour', 'red']], [['doctor', '--json=yes']], [['token', '--lang', 'xx', 'a']], [['token']], [['user', 'fly', 'a']],
  [['audit', 'verify', 'too', 'many']], [['serve', '--listen']], [['version', 'please']],
];
for (const [args] of wrongCalls)
  test(`\`motcua ${args.join(' ')}\` ends with 2 and a sentence`, async () => {
    const { code, stdout, stderr } = await office.command(...args).then(done => (args.length ? done : motcua([])));
    assert.equal(code, 2);
    if (args.length) {
      assert.equal(stdout, '');
      assert.match(stderr, /^motcua.*: .*\w+.*\n$/);
    }
  });

const tables = ['routes', 'permissions', 'settings', 'queries', 'version'];
test('tables of the program need no office and are JSON on demand', async () => {
  for (const name of tables) {
    const text = await motcua([name], { cwd: '/' }), json = await motcua([name, '--json'], { cwd: '/' });
    assert.equal(text.code, 0, name);
    assert.match(text.stdout, /\S/);
    const value = JSON.parse(json.stdout);
    assert.ok(name === 'version' ? value.version : value.length > 4, name);
  }
});

// A tool over a text: {code, stdout, stderr}.
function over(program, args, text = '') {
  return new Promise(done => {
    const child = execFile(program, args, { timeout: 120000 }, (error, stdout, stderr) => done({ code: error ? error.code : 0, stdout, stderr }));
    child.stdin.on('error', () => {}); // one that reads nothing may have ended already
    child.stdin.end(text);
  });
}

test('the manual page is drawn from the tables: every command, option and setting, and `man` finds nothing wrong with it', async () => {
  const settings = JSON.parse((await motcua(['settings', '--json'])).stdout).map(s => s.name);
  for (const lang of ['en', 'vi']) {
    const roff = (await motcua(['help', '--man', '--lang', lang])).stdout;
    const page = await over('man', ['--warnings', '-E', 'UTF-8', '-l', '-'], roff);
    assert.deepEqual([page.code, page.stderr], [0, '']);
    const words = page.stdout.replace(/.\x08/g, '').replace(/[‐-]\n\s*/g, '').replace(/\s+/g, ' ');
    for (const name of names) assert.ok(words.includes(` motcua ${name} `), `${lang} ${name}`);
    for (const name of settings) assert.ok(words.includes(` ${name} `), `${lang} ${name}`);
    assert.match(words, /--ready-file FILE/);
    assert.match(words, lang === 'vi' ? /TÍN HIỆU SIGTERM Trả lời/ : /SIGNALS SIGTERM Answers/);
  }
});

test('shells complete commands, options, closed choices and files', async () => {
  const bash = (await motcua(['completion', 'bash'])).stdout;
  const offered = async words => (await over('bash', ['-c', `${bash}\ncd "$1"; shift; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _motcua; printf '%s\n' "\${COMPREPLY[@]}"`, 'bash', office.folder, ...words])).stdout.trim().split('\n');
  assert.deepEqual((await offered(['motcua', ''])).filter(w => /^\w/.test(w)), names);
  assert.deepEqual(await offered(['motcua', 'se']), ['serve', 'settings']);
  assert.deepEqual(await offered(['motcua', 'serve', '--l']), ['--listen', '--log-level', '--lang']);
  assert.deepEqual(await offered(['motcua', 'doctor', '--lang', '']), ['vi', 'en']);
  assert.deepEqual(await offered(['motcua', 'competence', 'm']), ['move']);
  assert.deepEqual(await offered(['motcua', 'serve', '--data', 'da']), ['data']);
  assert.deepEqual(await offered(['motcua', 'backup', 'da']), ['data']);
  assert.deepEqual(await offered(['motcua', 'help', 'comp']), ['competence', 'completion']);

  const fish = (await motcua(['completion', 'fish', '--lang', 'en'])).stdout;
  const inFish = async line => (await over('fish', ['--no-config', '-c', `${fish}\ncomplete -C '${line}'`])).stdout.trim().split('\n').map(l => l.split('\t')[0]).sort();
  assert.deepEqual(await inFish('motcua se'), ['serve', 'settings']);
  assert.deepEqual(await inFish('motcua serve --l'), ['--lang', '--listen', '--log-level']);
  assert.deepEqual(await inFish('motcua audit v'), ['verify']);
  assert.deepEqual(await inFish('motcua doctor --lang '), ['en', 'vi']);

  const zsh = (await motcua(['completion', 'zsh', '--lang', 'vi'])).stdout, script = path.join(office.folder, '_motcua');
  fs.writeFileSync(script, zsh);
  const loaded = await over('zsh', ['-fc', `autoload -U compinit; compinit -D -u; source ${script}; print $_comps[motcua]`]);
  assert.deepEqual([loaded.code, loaded.stdout, loaded.stderr], [0, '_motcua\n', '']);
  assert.equal((await motcua(['completion', 'tcsh'])).code, 2);
});

test('every route has a permission and a title', async () => {
  for (const r of JSON.parse((await motcua(['routes', '--json', '--lang', 'vi'])).stdout)) assert.ok(r.path.startsWith('/') && r.permission && r.title, JSON.stringify(r));
});

test('settings say where a value comes from; an unknown key in motcua.conf is refused with its line', async () => {
  const conf = path.join(office.data, 'motcua.conf'), kept = fs.readFileSync(conf, 'utf8');
  const value = async (name, env) => JSON.parse((await motcua(['settings', '--json', '--data', office.data], { env })).stdout).find(s => s.name === name);
  assert.deepEqual([(await value('office')).value, (await value('office')).origin], ['G11', 'file']);
  assert.equal((await value('threads')).origin, 'default');
  const given = await value('threads', { MOTCUA_THREADS: '7' });
  assert.deepEqual([given.value, given.origin], ['7', 'variable']);
  fs.writeFileSync(conf, `${kept}\ncolour = red\n`);
  const { code, stderr } = await motcua(['settings', '--data', office.data, '--lang', 'en']);
  fs.writeFileSync(conf, kept);
  assert.equal(code, 1);
  assert.match(stderr, /line \d+.*colour/);
});

const officeCommands = [['doctor'], ['audit', 'verify'], ['user', 'list'], ['token', 'quantri']];
for (const where of ['with a server', 'without a server'])
  test(`commands on the office work ${where}, and their JSON parses`, async () => {
    if (where === 'without a server') await office.stop();
    for (const args of officeCommands) {
      const text = await office.command(...args), json = await office.command(...args, '--json');
      assert.equal(text.code, 0, `${args} ${text.stderr}`);
      assert.match(text.stdout, /\S/);
      assert.equal(json.code, 0, `${args} ${json.stderr}`);
      assert.ok(JSON.parse(json.stdout), args.join(' '));
      assert.equal(json.stderr, '');
    }
    const copy = path.join(office.folder, `copy ${where}.tar`);
    assert.equal((await office.command('backup', copy)).code, 0);
    assert.equal((await motcua(['verify', copy])).code, 0);
    const refused = await office.command('backup', path.join(office.folder, 'no/such/folder/copy.db'));
    assert.ok(refused.code === 1 || refused.code === 3);
    assert.match(refused.stderr, /\S/);
    if (where === 'without a server') await office.serve();
  });

test('of a nobody a command says that there is no such account, of a wrong dossier that there is none', async () => {
  for (const args of [['token', 'khongai'], ['user', 'disable', 'khongai'], ['user', 'password', 'khongai'], ['audit', 'show', 'G11-000000-0000'], ['user', 'add', 'moi', '--role', 'king', '--agency', 'G11'], ['user', 'add', 'moi', '--role', 'receiver', '--agency', 'X99']]) {
    const { code, stdout, stderr } = await office.command(...args);
    assert.equal(code, 1, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /^motcua \w+: [^]+\.\n$/, args.join(' '));
  }
});

// A session of a person: what the browser does to sign in.
async function signIn(login, secret) {
  const page = await fetch(`${office.url}/dang-nhap`, { redirect: 'manual' });
  const cookie = page.headers.getSetCookie().map(c => c.split(';')[0]).join('; ');
  const html = await page.text();
  const csrf = html.match(/name="csrf" value="([^"]*)"/)?.[1] ?? html.match(/value="([^"]*)"[^>]*name="csrf"/)?.[1] ?? '';
  const answer = await fetch(`${office.url}/dang-nhap`, {
    method: 'POST', redirect: 'manual', headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', origin: office.url },
    body: new URLSearchParams({ csrf, login, password: secret }),
  });
  return { status: answer.status, cookie: answer.headers.getSetCookie().map(c => c.split(';')[0]).join('; ') };
}

test('a new account works at once; disabled, its token and its session stop at once', async () => {
  const added = await office.command('user', 'add', 'thu.nghiem', '--name', 'Lê Thị Thử', '--role', 'receiver', '--agency', 'G11', '--password', password, '--json');
  assert.equal(added.code, 0, added.stderr);
  assert.equal(JSON.parse(added.stdout).login, 'thu.nghiem');
  const again = await office.command('user', 'add', 'thu.nghiem', '--role', 'receiver', '--agency', 'G11');
  assert.equal(again.code, 1);
  const officer = await office.as('thu.nghiem');
  const { status, cookie } = await signIn('thu.nghiem', password);
  assert.equal(status, 303);
  const withSession = () => fetch(`${office.url}/api/v1/tasks`, { headers: { cookie } });
  assert.equal((await officer.get('/api/v1/tasks')).status, 200);
  assert.equal((await withSession()).status, 200);
  assert.equal((await office.command('user', 'disable', 'thu.nghiem')).code, 0);
  assert.equal((await officer.get('/api/v1/tasks')).status, 401);
  assert.equal((await withSession()).status, 401);
  assert.notEqual((await signIn('thu.nghiem', password)).status, 303);
  assert.equal((await office.command('token', 'thu.nghiem')).code, 1);
  const line = JSON.parse((await office.command('user', 'list', '--json')).stdout).find(u => u.login === 'thu.nghiem');
  assert.equal(line.disabled, true);
});

test('a new password ends the sessions of the old one', async () => {
  await office.command('user', 'add', 'doi.khoa', '--role', 'receiver', '--agency', 'G11', '--password', password);
  const { cookie } = await signIn('doi.khoa', password);
  assert.equal((await fetch(`${office.url}/api/v1/tasks`, { headers: { cookie } })).status, 200);
  const done = await office.command('user', 'password', 'doi.khoa', '--password', 'mat-khau-moi-2026');
  assert.equal(done.code, 0, done.stderr);
  assert.equal((await fetch(`${office.url}/api/v1/tasks`, { headers: { cookie } })).status, 401);
  assert.notEqual((await signIn('doi.khoa', password)).status, 303);
  assert.equal((await signIn('doi.khoa', 'mat-khau-moi-2026')).status, 303);
});

test('audit show tells the life of one dossier to a person', async () => {
  const citizen = await office.as('congdan'), officer = await office.as('tiepnhan');
  const made = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body;
  await officer.act(made.code, 'receive', { note: 'Đủ giấy tờ' });
  const { code, stdout } = await office.command('audit', 'show', made.code, '--lang', 'en');
  assert.equal(code, 0);
  assert.match(stdout, new RegExp(`^${made.code}  1\\.013285  `));
  assert.match(stdout, /1\. {2}\d\d:\d\d \d\d\/\d\d\/\d{4} {2}Submitted\n {8}By: .+ \(congdan\), Citizen\n/);
  assert.match(stdout, /2\. .* Received\n {8}By: .+ \(tiepnhan\), One-stop receiver\n {8}Status: .+ → Accepted\n/);
  assert.match(stdout, /Note: Đủ giấy tờ/);
  assert.match(stdout, /Journal: \d+\n/);
  assert.doesNotMatch(stdout, /079203001234/, 'no number of a person');
  const entries = JSON.parse((await office.command('audit', 'show', made.code, '--json')).stdout);
  assert.deepEqual(entries.map(e => e.act), ['submit', 'receive']);
  assert.equal(entries[1].payload.note, 'Đủ giấy tờ');
});

test('a second server on the folder is refused with a sentence, the first goes on', async () => {
  const { code, stderr, stdout } = await motcua(['serve', '--data', office.data, '--listen', '127.0.0.1:0', '--lang', 'en']);
  assert.notEqual(code, 0);
  assert.equal(stdout, '');
  assert.match(stderr, /^motcua serve: .+\./);
  assert.equal((await nobody.get('/healthz')).status, 200);
  assert.deepEqual(await office.unwell(), [], 'its control socket is still there');
});

test('init on an office is refused and nothing changes, whether it runs or not', async () => {
  const snapshot = () => fs.readdirSync(office.data).filter(f => !f.endsWith('.sock') && !/-(wal|shm)$/.test(f)).map(f => [f, fs.statSync(path.join(office.data, f)).size]);
  for (const isRunning of [true, false]) {
    if (!isRunning) await office.stop();
    const before = snapshot();
    const { code, stderr } = await motcua(['init', '--demo', '--data', office.data, '--lang', 'en']);
    assert.equal(code, 1);
    assert.match(stderr, /^motcua init: .+\./);
    assert.deepEqual(snapshot(), before);
  }
  await office.serve();
  assert.equal((await office.as('congdan')) instanceof Client, true);
});

test('init makes an office of its own: one administrator, his password once, keys that nobody else reads', async () => {
  const folder = path.join(office.folder, 'new');
  const { code, stdout, stderr } = await motcua(['init', '--data', folder, '--json']);
  assert.equal(code, 0, stderr);
  const { accounts } = JSON.parse(stdout);
  assert.equal(accounts.length, 1);
  assert.ok(accounts[0].password.length >= 10);
  for (const name of fs.readdirSync(folder, { recursive: true })) {
    const { mode } = fs.statSync(path.join(folder, name));
    assert.equal(mode & 0o007, 0, `${name} is not for others`);
  }
});

test('a folder that is no office, is no folder, or may not be written: 1 or 3 and a sentence', async () => {
  const file = path.join(office.folder, 'a-file');
  fs.writeFileSync(file, 'text');
  for (const [args, folder] of [[['serve'], '/no/such/folder'], [['doctor'], '/no/such/folder'], [['serve'], file], [['init'], path.join(file, 'below')], [['init'], '/proc/office']]) {
    const { code, stderr } = await motcua([...args, '--data', folder, '--lang', 'en']);
    assert.ok(code === 1 || code === 3, `${args} ${folder}: ${code}`);
    assert.match(stderr, /^motcua \w+: .+[.`]/);
  }
});

test('a port in use: a sentence with the address; with --any-port another one', async () => {
  await office.stop();
  const holder = net.createServer().listen(0, '127.0.0.1');
  await new Promise(done => holder.once('listening', done));
  const address = `127.0.0.1:${holder.address().port}`;
  const refused = await motcua(['serve', '--data', office.data, '--listen', address, '--lang', 'en']);
  assert.equal(refused.code, 3);
  assert.ok(refused.stderr.includes(address), refused.stderr);
  await office.serve(['--listen', address, '--any-port']);
  assert.ok(!office.url.endsWith(`:${holder.address().port}`));
  assert.equal((await nobody.get('/healthz')).status, 200);
  holder.close();
  await office.stop();
  for (const listen of ['127.0.0.1', 'nowhere:99999', '999.1.1.1:80', ':']) {
    const wrong = await motcua(['serve', '--data', office.data, '--listen', listen, '--lang', 'en']);
    assert.ok(wrong.code === 1 || wrong.code === 3, `${listen}: ${wrong.code}`);
    assert.match(wrong.stderr, /^motcua serve: .+\./);
  }
  await office.serve();
});

test('SIGTERM answers what is in flight, then ends with 0', async () => {
  const citizen = await office.as('congdan');
  const { hostname, port } = new URL(office.url);
  const body = JSON.stringify(await submission(citizen, '1.013285', { agency: 'G11' }));
  const socket = net.connect(Number(port), hostname);
  let answer = '';
  socket.on('data', d => { answer += d; });
  const closed = new Promise(done => { socket.once('close', done); socket.on('error', () => {}); });
  await new Promise(done => socket.once('connect', done));
  socket.write(`POST /api/v1/dossiers HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${citizen.token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 40)}`);
  await office.isServing();
  const ended = office.stop('SIGTERM');
  await office.closesItsDoor();
  socket.write(body.slice(40));
  await closed;
  assert.match(answer, /^HTTP\/1\.1 201 /);
  assert.match(answer, /connection: close/i);
  assert.deepEqual(await ended, { code: 0, signal: null });
  await office.serve();
  const code = answer.match(/"code":"(G11-[^"]+)"/)[1];
  assert.equal((await citizen.get(`/api/v1/dossiers/${code}`)).status, 200, 'and it is there after the restart');
});

test('told to stop in the middle of a batch and of an upload, it answers the upload and goes on with the batch after its start', async () => {
  const citizen = await office.as('congdan'), receiver = await office.as('tiepnhan'), codes = [];
  for (let i = 0; i < 60; i++) codes.push((await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11', label: `lô ${i}` }))).body.code);
  const { hostname, port } = new URL(office.url), bytes = pdf('đang gửi khi dừng');
  const socket = net.connect(Number(port), hostname);
  let answer = '';
  socket.on('data', d => { answer += d; });
  const closed = new Promise(done => { socket.once('close', done); socket.on('error', () => {}); });
  await new Promise(done => socket.once('connect', done));
  socket.write(`POST /api/v1/files HTTP/1.1\r\nHost: ${hostname}:${port}\r\nAuthorization: Bearer ${citizen.token}\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="x.pdf"\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  socket.write(bytes.subarray(0, 50));
  await office.isServing();
  const order = await receiver.post('/api/v1/batches', { act: 'receive', dossiers: codes });
  assert.equal(order.status, 202, order.text);
  const began = Date.now(), ended = office.stop('SIGTERM');
  await office.closesItsDoor();
  socket.write(bytes.subarray(50));
  await closed;
  assert.match(answer, /^HTTP\/1\.1 201 /);
  assert.deepEqual(await ended, { code: 0, signal: null });
  assert.ok(Date.now() - began < 60000 * slow, 'ten seconds for what is in flight, and what a busy machine adds');
  await office.serve();
  const batch = await eventually('the end of the batch', async () => {
    const { body } = await receiver.get(`/api/v1/batches/${order.body.id}`);
    return body.finished_at && body;
  });
  for (const code of codes) {
    const history = (await receiver.get(`/api/v1/dossiers/${code}/history`)).body.items.filter(e => e.action === 'receive');
    assert.equal(history.length, 1, `${code} is received once: ${JSON.stringify(batch)}`);
  }
  assert.equal((await office.command('audit', 'verify')).code, 0);
});

test('a restart keeps accounts, tokens, dossiers, files and the journal', async () => {
  const citizen = await office.as('congdan'), officer = await office.as('tiepnhan');
  const upload = await citizen.upload(pdf('trước khi khởi động lại'));
  const body = await submission(citizen, '1.013285', { agency: 'G11' });
  body.files[0].file = upload.body.id;
  const made = (await citizen.post('/api/v1/dossiers', body)).body;
  await officer.act(made.code, 'receive');
  const before = (await citizen.get(`/api/v1/dossiers/${made.code}`)).body;
  const head = JSON.parse((await office.command('audit', 'verify', '--json')).stdout);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL']) {
    await office.stop(signal);
    await office.serve();
    assert.deepEqual((await citizen.get(`/api/v1/dossiers/${made.code}`)).body, before);
    assert.equal((await citizen.get(`/api/v1/dossiers/${made.code}/files/1`)).text, pdf('trước khi khởi động lại').toString());
  }
  const now = JSON.parse((await office.command('audit', 'verify', '--json')).stdout);
  const since = (await (await office.as('quantri')).get(`/api/v1/events?after=${head.size}`)).text;
  assert.deepEqual([now.size, now.root], [head.size, head.root], since);
});

test('SIGHUP reloads and nobody notices', async () => {
  office.process.kill('SIGHUP');
  for (let i = 0; i < 10; i++) assert.equal((await nobody.get('/healthz')).status, 200);
});

test('a caller that goes away in the middle of a command does not hold the next one', async () => {
  const child = spawn(program, ['user', 'list', '--data', office.data], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.kill('SIGKILL');
  assert.deepEqual(await office.unwell(), []);
});
