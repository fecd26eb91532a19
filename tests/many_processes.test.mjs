// Three processes serve one office over one PostgreSQL. What is changed at one is seen at the others; each is killed in turn under load:
// nothing acknowledged is lost, every effect happens once, every letter goes out at least once under one Message-ID; and a connection
// lost in a commit is answered "not known", which the same key settles.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ask, stopPostgres } from './support/own_postgres.mjs';
import { CutAtCommit } from './support/cut_at_commit.mjs';
import { link, MailServer } from './support/mail.mjs';
import { Client, eventually, Office, openOffice, patiently, submission, Visitor } from './support/office.mjs';

const pause = ms => new Promise(done => setTimeout(done, ms));

let office, mail, database, env, token, secret;
const nodes = [];
const alive = () => nodes.filter(n => n.isOpen);
const serve = async node => {
  await node.serve(['--node', node.name], env);
  node.isOpen = true;
};
const at = (node, login = 'congdan') => new Client(node, login === 'congdan' ? token : secret);

before(async () => {
  mail = await new MailServer().open();
  env = { MOTCUA_SMTP_URL: mail.url, MOTCUA_SMTP_TLS: 'never', MOTCUA_MAIL_FROM: 'motcua@office.example.vn', MOTCUA_RETRY_SECONDS: '1', MOTCUA_SEND_SECONDS: '10' };
  office = await openOffice({ serve: false });
  database = /postgresql:\/\/\/([^?]+)/.exec(fs.readFileSync(path.join(office.data, 'motcua.conf'), 'utf8'))[1];
  token = await office.token('congdan');
  secret = await office.token('quantri');
  for (const name of ['a', 'b', 'c']) {
    const folder = path.join(office.folder, name);
    fs.mkdirSync(folder);
    nodes.push(Object.assign(new Office(folder), { data: office.data, name }));
  }
  await Promise.all(nodes.map(serve));
});
after(async () => {

  await Promise.all(nodes.map(n => n.stop()));
  await office?.close();
  await mail?.close();
  stopPostgres();
});

test('a second process of the same name is refused, and one that does not share; a command finds a server', async () => {
  for (const args of [['--node', 'a'], [], ['--node', 'A/b']]) {
    const answer = await office.command('serve', '--listen', '127.0.0.1:0', ...args);
    assert.notEqual(answer.code, 0);
    assert.match(answer.stderr, /in use|small letters|đang được|chữ thường/);
  }
  assert.match((await office.command('user', 'list')).stdout, /tiepnhan/);
});

test('who signs in at one process is known at the others, and signed out there soon after', async () => {
  const [a, b] = nodes, visitor = await a.signIn('tiepnhan');
  visitor.office = b;
  assert.equal((await visitor.get('/viec')).status, 200);
  visitor.office = a;
  const page = await visitor.get('/viec'), action = page.actions.find(x => x.startsWith('/dang-xuat'));
  const cookies = new Map(visitor.cookies);
  assert.equal((await visitor.post(action, page.form(action))).status, 303);
  visitor.cookies = cookies;
  visitor.office = b;
  await eventually('signed out at the other process', async () => (await visitor.get('/viec')).status !== 200);
});

test('a key is one everywhere, and a dossier filed at one process is at all of them', async () => {
  const [a, b, c] = nodes, body = await submission(at(a), '1.013285', { agency: 'G11' });
  const answers = await Promise.all([a, b, c, a, b, c].map(n => patiently(() => at(n).post('/api/v1/dossiers', body, { headers: { 'idempotency-key': 'one-key' } }))));
  for (const answer of answers) assert.equal(answer.status, 201, answer.text);
  assert.equal(new Set(answers.map(x => x.body.code)).size, 1);
  for (const n of nodes) assert.equal((await at(n).get(`/api/v1/dossiers/${answers[0].body.code}`)).status, 200);
});

test('a calendar and maintenance that one process was told hold at all', async () => {
  const [a, b, c] = nodes, own = off => ({ name: 'own', title: 'Lịch riêng', base: 'vietnam', years: [{ year: 2026, off: [{ from: off, name: 'Lễ hội' }] }] });
  const receiver = await office.token('tiepnhan');
  for (const [day, first, second] of [['2026-12-10', a, b], ['2026-12-11', b, c]]) {
    const given = await at(first, 'quantri').post('/api/v1/calendars', own(day));
    assert.equal(given.status, 201, given.text);
    if (first === a) assert.equal((await at(a, 'quantri').change('/api/v1/agencies/G11/calendar', '/api/v1/agencies/G11/calendar', { calendar: 'own' })).status, 200);
    await eventually('counted by it at the other process', async () => {
      const { body: { code } } = await at(second).post('/api/v1/dossiers', await submission(at(second), '1.013285', { agency: 'G11' }));
      const received = await new Client(second, receiver).act(code, 'receive');
      assert.equal(received.status, 200, received.text);
      return received.body.due_rule.calendar_version === given.body.version;
    });
  }
  const admin = await a.signIn('quantri'), address = '/quan-tri/bao-tri', form = (await admin.get(address)).form(address);
  const day = offset => new Date(Date.now() + 7 * 3600e3 + offset).toISOString();
  const fields = { begins_on: day(864e5).slice(0, 10), begins_at: '08:00', ends_on: day(864e5).slice(0, 10), ends_at: '09:00', words: 'Nâng cấp.', act: 'announce' };
  assert.equal((await admin.post(address, { ...form, ...fields })).status, 303);
  for (const n of nodes) await eventually('the announcement', async () => /Nâng cấp/.test((await new Visitor(n).get('/')).words));
});

test('tries to sign in are counted together: three processes do not allow three times as many', async () => {
  let tries = 0, refusals = 0;
  const visitor = new Visitor(nodes[0]), page = await visitor.get('/dang-nhap'), form = page.form('/dang-nhap');
  while (refusals < 3) {
    visitor.office = nodes[(tries + refusals) % 3];
    const answer = await visitor.post('/dang-nhap', { ...form, login: 'vanthu', password: 'không phải mật khẩu này' });
    if (answer.status === 429) refusals++;
    else {
      tries++;
      refusals = 0;
      assert.notEqual(answer.status, 303);
    }
    assert.ok(tries <= 20, 'ten at once are allowed, and a few that were not heard of yet');
  }
  assert.ok(tries >= 10);
});

// A citizen who agreed to letters, so that each dossier's filing is told to the world.
async function reader() {
  const [a] = nodes, visitor = new Visitor(a);
  await visitor.get('/dang-ky');
  const email = 'an@example.vn', fields = { kind: 'citizen', name: 'Lê Thị An', number: '079203010001', email, phone: '', login: 'nguoian', password: 'bốn từ dễ nhớ' };
  assert.equal((await visitor.post('/dang-ky', fields)).status, 303);
  const page = await visitor.get('/tai-khoan/thong-bao');
  assert.equal((await visitor.post('/tai-khoan/thong-bao/xac-nhan', page.form('/tai-khoan/thong-bao/xac-nhan'))).status, 303);
  const asked = await mail.wait(l => l.to === email, 60000);
  const answer = await fetch(nodes.reduce((text, n) => text.replace(n.url, a.url), link(asked, '/thong-bao/xac-nhan/')), { method: 'POST', redirect: 'manual' });
  assert.equal(answer.status, 200);
  return office.token('nguoian');
}

test('each process is killed in turn under load: nothing is lost, nothing happens twice, every letter is sent', async () => {
  const own = await reader(), filer = node => new Client(node, own), bodies = [];
  for (let i = 0; i < 8; i++) bodies.push(await submission(filer(nodes[0]), '1.013285', { agency: 'G11', label: `tải ${i}` }));
  const codes = new Map();
  let next = 0, isOver = false, unknown = 0;
  // As a program that keeps its key until it is told: another process is asked when one is silent.
  const file = async n => {
    for (;;) {
      const open = alive(), node = open[(n + unknown) % open.length];
      try {
        const answer = await filer(node).post('/api/v1/dossiers', bodies[n % bodies.length], { headers: { 'idempotency-key': `many-${n}` } });
        if (answer.status === 201) return codes.set(n, answer.body.code);
        assert.equal(answer.status, 503, answer.text);
        await pause(100);
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        unknown++;
        await pause(50);
      }
    }
  };
  const clients = Array.from({ length: 12 }, async () => { while (!isOver) await file(next++); });
  const more = count => { const goal = codes.size + count; return eventually(`${goal} filed`, () => codes.size >= goal, 120); };
  await more(40);
  for (const node of nodes) {
    node.isOpen = false;
    node.process.kill('SIGKILL');
    await node.ended;
    await more(40);
    await serve(node);
    await more(20);
  }
  isOver = true;
  await Promise.all(clients);
  assert.equal(new Set(codes.values()).size, codes.size, 'two keys got one dossier');
  const filed = ask(database, "SELECT count(*), count(DISTINCT d.code) FROM idempotency i LEFT JOIN dossier d ON d.code = i.reply WHERE i.key LIKE 'many-%'")[0].map(Number);
  assert.deepEqual(filed, [codes.size, codes.size], 'each key has its dossier');
  for (const [n, code] of codes) if (n % 10 === 0) assert.equal((await filer(nodes[n % 3]).get(`/api/v1/dossiers/${code}`)).status, 200);
  // Everything that follows the journal gets to its end, whoever leads, and did each entry once.
  const end = () => Number(ask(database, 'SELECT coalesce(max(position), 0) FROM leaf')[0][0]);
  await eventually('the followers are at the end', () => ask(database, `SELECT 1 FROM leaf_waiting UNION ALL SELECT 1 FROM follower WHERE position <> ${end()}`).length === 0, 120);
  assert.equal(Number(ask(database, 'SELECT count(*) FROM leaf')[0][0]), end(), 'a place was left out');
  assert.deepEqual(ask(database, "SELECT code, count(*) FROM notice WHERE act = 'submit' GROUP BY account, code HAVING count(*) > 1"), []);
  const told = ask(database, "SELECT dossier, count(*) FROM message WHERE event = 'submit' GROUP BY dossier");
  assert.equal(told.length, codes.size, 'a letter for each');
  assert.ok(told.every(([, count]) => count === '1'), 'and one only');
  // At least once under one id: a letter that was on its way when its sender was killed may come again, and is known by its id.
  await eventually('every letter is sent', () => ask(database, "SELECT 1 FROM message WHERE state <> 'sent'").length === 0, 120);
  for (const code of codes.values()) {
    const subject = `Hồ sơ ${code}: đã gửi đến cơ quan`;
    await mail.wait(l => l.subject === subject, 60000); // what the mail server has taken is read from it a moment later
    const same = mail.letters.filter(l => l.subject === subject);
    assert.equal(new Set(same.map(l => l.id)).size, 1, `${code} was told under two ids`);
  }
  const verified = await office.command('audit', 'verify', '--json');
  assert.equal(verified.code, 0, verified.stderr);
});

test('the leader stops; another process goes on with its work at once', async () => {
  const leader = () => Number(ask(database, `SELECT holder FROM lease WHERE until > extract(epoch FROM clock_timestamp()) * 1000000`)[0]?.[0] ?? 0);
  const before = await eventually('somebody leads', leader), stopped = nodes.find(n => n.log.lastIndexOf(`process=${before} `) >= 0);
  assert.ok(stopped, 'the log says who leads');
  stopped.isOpen = false;
  await stopped.stop();
  await eventually('another leads', () => leader() !== 0 && leader() !== before);
  const [node] = alive(), citizen = at(node), body = await submission(citizen, '1.013285', { agency: 'G11' });
  const filed = await citizen.post('/api/v1/dossiers', body), dossier = `(SELECT id FROM dossier WHERE code = '${filed.body.code}')`;
  assert.equal(filed.status, 201, filed.text);
  const behind = `SELECT 1 FROM follower f WHERE f.position < (SELECT l.position FROM leaf l JOIN entry e ON e.id = l.entry WHERE e.subject = ${dossier})`;
  await eventually('its followers', () => ask(database, `SELECT 1 FROM leaf_waiting UNION ALL ${behind}`).length === 0);
  await serve(stopped);
});

test('a connection lost in the middle of a commit: not known, and the same key tells', async () => {
  const folder = path.join(office.folder, 'cut'), conf = path.join(office.data, 'motcua.conf'), kept = fs.readFileSync(conf, 'utf8');
  const cut = await new CutAtCommit().open(process.env.MOTCUA_TEST_POSTGRES, folder), [a, b] = nodes;
  try {
    fs.writeFileSync(conf, kept.replace(`host=${process.env.MOTCUA_TEST_POSTGRES}`, `host=${folder}`));
    a.isOpen = false;
    await a.stop();
    await serve(a);
    for (const isDone of [true, false]) {
      const key = `cut-${isDone}`, body = await submission(at(a), '1.013285', { agency: 'G11', label: key });
      const post = node => at(node).post('/api/v1/dossiers', body, { headers: { 'idempotency-key': key } });
      Object.assign(cut, { word: key, isDone });
      const answer = await post(a);
      assert.equal(answer.status, 503, answer.text);
      assert.match(answer.text, /not known whether|Không rõ|Chưa rõ|không biết/i, answer.text);
      const was = ask(database, `SELECT reply FROM idempotency WHERE key = '${key}'`);
      assert.equal(was.length, isDone ? 1 : 0);
      const [first, second] = [await post(a), await post(b)];
      assert.deepEqual([first.status, second.status], [201, 201], first.text + second.text);
      assert.equal(first.body.code, second.body.code);
      if (isDone) assert.equal(first.body.code, was[0][0]);
      assert.equal(first.headers.get('idempotency-replayed'), isDone ? 'true' : null);
      assert.equal(ask(database, `SELECT 1 FROM dossier WHERE code = '${first.body.code}'`).length, 1);
    }
    assert.equal(cut.cuts, 2);
  } finally {
    fs.writeFileSync(conf, kept);
    a.isOpen = false;
    await a.stop();
    await cut.close();
    await serve(a);
  }
});
