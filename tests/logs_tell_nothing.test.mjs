// What is written down about running the office tells nothing of anybody: at the most talkative level, every form of every page, every
// operation of the interface and every way of calling it wrongly is sent words, names, numbers, addresses, file names and secrets that
// occur nowhere else, and then the log, the measurements, the doctor's report and the pages of mistakes are searched for them.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { filled, forms } from './support/forms.mjs';
import { Client, eventually, owner, password, pdf, submission, Visitor } from './support/office.mjs';
import { visits } from './ux/routes.mjs';
import { openWorld } from './ux/world.mjs';

Object.assign(process.env, { MOTCUA_LOG_LEVEL: 'debug', MOTCUA_SMTP_URL: 'smtp://127.0.0.1:9', MOTCUA_SMTP_TLS: 'never', MOTCUA_MAIL_FROM: 'motcua@office.example.vn', MOTCUA_RETRY_SECONDS: '1' });
let world, office, routes, openapi;
before(async () => {
  world = await openWorld();
  office = world.office;
  routes = JSON.parse((await office.command('routes', '--json')).stdout);
  openapi = (await new Client(office).get('/api/v1/openapi.json')).body;
});
after(() => office?.close());

// Values that occur nowhere else. A word that is found tells where it was sent.
const sent = new Map(), secrets = new Set([password]);
let count = 0;
const next = where => { sent.set(`dauvet${++count}z`, where); return count; };
const word = where => `Dauvet${next(where)}z`;
const phone = () => `09868${String(10000 + (count++ % 90000))}`;
const email = where => `dauvet${next(where)}z@rieng.example`;
const number = () => `0790998${String(10000 + (count++ % 90000))}`;
const traces = [/dauvet\d+z/gi, /09868\d{5}/g, /0790998\d{5}/g, /rieng\.example/g, /Nguyễn Thị Ngọc Ánh|nguyen thi ngoc anh/gi, /0912 ?345 ?678/g, /079203001234/g];
function found(text) {
  const all = traces.flatMap(t => text.match(t) ?? []).map(m => `${m} (${sent.get(m.toLowerCase()) ?? ''})`);
  for (const secret of secrets) if (text.includes(secret)) all.push(`a secret: ${secret.slice(0, 6)}...`);
  return all;
}
const none = (text, what) => assert.deepEqual(found(text).slice(0, 10), [], `${what} tells something of somebody`);

// A value for a field as its name and type promise, so that much of it is taken and the rest refused.
function value(name, type, where) {
  if (/^\/quan-tri\/(thiet-lap\/)?co-quan/.test(where)) return `Cơ quan số ${++count}`; // of an agency, for everybody to read
  if (/phone|dien-thoai/.test(name) || type === 'tel') return phone();
  if (/email|mail/.test(name) || type === 'email') return email(where);
  if (/number|identities\/\d\/value|card|scan/.test(name)) return number();
  if (/password|secret|mat-khau/.test(name)) { const it = `${word(where)}-mat-khau`; secrets.add(it); return it; }
  if (/url|address_of/.test(name)) return `https://rieng.example/${word(where)}`;
  return word(where);
}

const people = new Map();
async function person(login) {
  if (!people.has(login)) people.set(login, login ? await office.signIn(login) : new Visitor(office));
  const visitor = people.get(login);
  for (const secret of visitor.cookies.values()) if (secret.length > 12) secrets.add(secret);
  return visitor;
}
const ending = /dang-xuat|\/phien\/|mat-khau|\/van-hanh|\/bao-tri|tai-khoan\/(?!vi-tri)|quan-tri\/tai-khoan\//; // they end the visit, or the office

test('every form of every page is sent values that occur nowhere else', async () => {
  const tried = new Set();
  let taken = 0;
  for (const { login, address } of visits(world)) {
    const visitor = await person(login), page = await visitor.get(address);
    if (page.status !== 200) continue;
    for (const form of forms(page.text)) {
      const key = `${login} ${form.action.replace(/\d{4,}/g, '')} ${form.fields.map(f => f.name).join()}`;
      if (!form.action.startsWith('/') || ending.test(form.action) || tried.has(key)) continue;
      tried.add(key);
      const free = /^(text|search|textarea|tel|email|password|number|url)$/;
      const pairs = filled(form).map(([name, v]) => [name, free.test(form.fields.find(f => f.name === name)?.type) ? value(name, form.fields.find(f => f.name === name).type, `${form.action} ${name}`) : v]);
      const files = Object.fromEntries(form.fields.filter(f => f.type === 'file').map(f => [f.name, [new File([pdf('x')], `${word(`file of ${form.action}`)}.pdf`)]]));
      const answer = await visitor.post(form.action, Object.fromEntries(pairs), form.isMultipart || Object.keys(files).length ? files : undefined);
      if (answer.status < 400) taken++;
      assert.ok(answer.status < 500, `${form.action}: ${answer.status}`);
    }
  }
  assert.ok(tried.size > 80 && taken > 15, `${tried.size} forms, ${taken} taken`);
});

test('a citizen\'s dossier with all that is personal goes its way, with messages, notes, letters that fail and searches', async () => {
  const visitor = new Visitor(office), login = `nguoi${Date.now()}`, secret = value('password', '', 'sign-up');
  await visitor.get('/dang-ky');
  const made = await visitor.post('/dang-ky', { kind: 'citizen', name: `Lê ${word('name')}`, number: number(), email: email('sign-up'), phone: phone(), login, password: secret });
  assert.equal(made.status, 303, made.words);
  const told = await visitor.get('/tai-khoan/thong-bao');
  await visitor.post('/tai-khoan/thong-bao/xac-nhan', told.form('/tai-khoan/thong-bao/xac-nhan') ?? {});
  const citizen = await office.as(login);
  secrets.add(citizen.token);
  const party = { ...owner, name: `Phạm ${word('party')}`, identities: [{ type: 'personal_id', value: number() }], phone: phone(), email: email('party'), address: `Số 1 ${word('address')}` };
  const body = await submission(citizen, '1.013285', { agency: 'G11', party, label: word('label') });
  body.form.request = word('request');
  await citizen.upload(pdf('khác'), `${word('file name')}.pdf`);
  const answer = await citizen.post('/api/v1/dossiers', body, { headers: { 'idempotency-key': word('key') } });
  assert.equal(answer.status, 201, answer.text);
  const { code } = answer.body;
  const as = Object.fromEntries(await Promise.all(['tiepnhan', 'chuyenvien', 'lanhdao', 'vanthu', 'quantri'].map(async l => [l, await office.as(l)])));
  for (const client of Object.values(as)) secrets.add(client.token);
  const well = async (who, act, fields) => { const done = await as[who].act(code, act, fields); assert.ok(done.status < 300, `${act} ${done.text}`); };
  await well('tiepnhan', 'receive', { note: word('note') });
  assert.equal((await citizen.post(`/api/v1/dossiers/${code}/messages`, { text: word('message') })).status, 201);
  assert.equal((await as.tiepnhan.post(`/api/v1/dossiers/${code}/notes`, { text: word('private note') })).status, 201);
  await well('chuyenvien', 'examine', { note: word('note') });
  await well('chuyenvien', 'propose', { outcome: 'refused', reason: word('reason'), note: word('note') });
  await well('lanhdao', 'approve', { note: word('note') });
  await well('vanthu', 'issue', { note: word('note') });
  for (const [who, at] of [[as.tiepnhan, '/api/v1/dossiers?q='], [as.tiepnhan, '/api/v1/procedures?q='], [as.tiepnhan, '/api/v1/tasks?q='], [as.tiepnhan, '/viec/tim?q='], [new Client(office), '/thu-tuc?q='], [new Client(office), '/api/v1/lookup?code='], [new Client(office), '/tra-cuu?ma='], [as.tiepnhan, '/api/v1/agencies?q=']])
    await who.get(at + word(at));
  await as.quantri.post('/api/v1/webhooks', { url: `https://rieng.example/${word('webhook')}`, events: ['receive'] });
});

// A body as the schema of an operation promises, with words of ours.
function bodyOf(schema, where, depth = 0) {
  if (schema?.$ref) schema = openapi.components.schemas[schema.$ref.split('/').pop()];
  const type = [schema?.type].flat()[0];
  if (!schema || depth > 5) return word(where);
  if (schema.enum) return schema.enum[0];
  if (type === 'object') return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([k, s]) => [k, bodyOf(s, `${where} ${k}`, depth + 1)]));
  if (type === 'array') return [bodyOf(schema.items, where, depth + 1)];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return 1;
  return value(where.split(' ').pop(), '', where);
}

test('every operation of the interface is sent such values, by everybody', async () => {
  const ids = { code: world.running, identifier: 'G11', n: '1', id: '1', version: '1', slip: '1', file: '1', name: 'vietnam' };
  let asked = 0;
  for (const login of [null, 'congdan', 'tiepnhan', 'lanhdao', 'quantri']) {
    const client = login ? await office.as(login) : new Client(office);
    if (client.token) secrets.add(client.token);
    for (const [template, operations] of Object.entries(openapi.paths)) for (const [method, operation] of Object.entries(operations)) {
      if (!/^(get|post|put|patch|delete)$/.test(method)) continue;
      const where = `${method} ${template}`, schema = operation.requestBody?.content?.['application/json']?.schema;
      for (const isKnown of [true, false]) {
        const target = template.replace(/\{(\w+)\}/g, (_, name) => (isKnown && ids[name]) || word(where));
        const answer = await client.fetch(method.toUpperCase(), `${target}${target.includes('?') ? '&' : '?'}q=${word(where)}&cursor=${word(where)}`, { body: method === 'get' ? undefined : schema ? bodyOf(schema, where) : { text: word(where), name: word(where), reason: word(where), note: word(where) }, headers: { 'if-match': '"1"', 'idempotency-key': word(where), 'user-agent': word(where), referer: `https://rieng.example/${word(where)}` } });
        assert.ok(answer.status < 500 || answer.status === 503, `${where} ${answer.status} ${answer.text}`);
        asked++;
      }
    }
  }
  assert.ok(asked > 500, `${asked}`);
});

const raw = text => new Promise(done => {
  const socket = net.connect(Number(new URL(office.url).port), '127.0.0.1', () => socket.end(text));
  let answer = '';
  socket.on('data', d => { answer += d; });
  socket.on('close', () => done(answer));
  socket.on('error', () => done(answer));
});

test('what is called wrongly is answered without what was sent, and so are pages of mistakes', async () => {
  const host = new URL(office.url).host, wrong = [
    w => `GET /${w} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, w => `GET /thu-tuc/${w}?${w}=${w} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    w => `GET / HTTP/1.1\r\nHost: ${host}\r\n${w}\r\n\r\n`, w => `${w} / HTTP/1.1\r\nHost: ${host}\r\n\r\n`, w => `GET / HTTP/1.1\r\nHost: ${w}.rieng.example:1:2\r\n\r\n`,
    w => `GET / HTTP/9.1\r\nX: ${w}\r\n\r\n`, w => `GET /${w}${'a'.repeat(9000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, w => `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${w}${'a'.repeat(20000)}\r\n\r\n`,
    w => `GET /%ff%00${w} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, w => `GET /../${w} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    w => `POST /dang-nhap HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${w}\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`,
    w => `POST /api/v1/dossiers HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nAuthorization: Bearer ${w}\r\nContent-Length: ${w.length + 2}\r\nConnection: close\r\n\r\n{"${w}`,
    w => `GET /ho-so/${w} HTTP/1.1\r\nHost: ${host}\r\nCookie: motcua_session=${w}; a=${w}\r\nConnection: close\r\n\r\n`,
    w => `DELETE /ho-so/${w} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`, w => `POST /api/v1/files HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Basic ${w}\r\nContent-Length: 99999999999999\r\nConnection: close\r\n\r\n${w}`,
  ];
  for (const make of wrong) {
    const own = word(String(make)), answer = await raw(make(own)), isPage = /content-type: text\/html/i.test(answer);
    // A page says to its reader where they wanted to go; an answer to a program, or to what is no request, says nothing of it.
    if (/^HTTP\/1\.1 (4|5)/.test(answer)) none(isPage ? answer.replaceAll(own, '') : answer, `the answer to ${make}`);
  }
  const visitor = new Visitor(office);
  for (let i = 0; i < 3; i++) await visitor.post('/dang-nhap', { ...(await visitor.get('/dang-nhap')).form('/dang-nhap'), login: word('login'), password: value('password', '', 'wrong password') });
  const officer = await office.as('tiepnhan');
  for (const body of [`{"${word('json')}": `, `[${'['.repeat(300)}"${word('deep')}"`, `{"procedure":"${word('procedure')}","parties":[{"name":7,"phone":"${phone()}x"}]}`])
    await officer.post('/api/v1/dossiers', undefined, { raw: body, headers: { 'content-type': 'application/json' } });
});

test('commands are given such values', async () => {
  const file = path.join(office.folder, `${word('path')}.json`);
  fs.writeFileSync(file, `{"name": "${word('sheet')}", `);
  for (const args of [['user', 'add', `dauvet${next('login')}z`, '--name', word('name'), '--role', 'receiver', '--agency', 'G11', '--password', value('password', '', 'user add')],
    ['user', 'disable', word('login')], ['token', word('login')], ['audit', 'show', word('code')], ['import', 'procedures', file], ['import', 'units', file], ['backup', path.join(office.folder, word('no folder'), 'x.tar')]])
    await office.command(...args);
});

const logfmt = /^time=\S+ level=(debug|info|warn|error) event=[a-z_.]+(?: [a-z_]+=(?:"[^"]*"|\S*))*$/;
test('the log, the measurements and the doctor\'s reports tell nothing of anybody', async () => {
  const admin = await office.as('quantri'), figure = async name => Number(new RegExp(`^motcua_${name} (\\d+)$`, 'm').exec((await admin.get('/metrics')).text)[1]);
  await eventually('a letter or webhook that fails', async () => await figure('message_failures_total') > 0);
  none((await admin.get('/metrics')).text, '/metrics');
  for (const args of [['doctor'], ['doctor', '--json', '--full'], ['doctor', '--collect', '--json']]) {
    const { stdout, stderr } = await office.command(...args);
    none(stdout.replaceAll(office.folder, '') + stderr, args.join(' '));
  }
  for (const page of ['/quan-tri/suc-khoe', '/readyz', '/healthz']) none((await (page.startsWith('/q') ? await person('quantri') : new Visitor(office)).get(page)).text, page);
  await office.stop();
  const lines = office.log.split('\n').filter(l => l && !/^(Motcua |Một cửa|Set up)/.test(l) && !/http:\/\/127/.test(l));
  for (const line of lines) assert.match(line, logfmt);
  const requests = lines.filter(l => / event=request /.test(l));
  assert.ok(requests.length > 1000, `${requests.length} requests were written down`);
  const known = new Set(routes.map(r => r.path));
  for (const line of requests) {
    const [, method, route] = / method=(\S*) route=(\S*) /.exec(line);
    assert.ok(route === '-' || known.has(route) || /^\/(static|assets)\//.test(route), `a route of the table, not an address: ${line}`);
    assert.match(method, /^([A-Z]+|-)$/);
  }
  none(office.log, 'the log');
  assert.ok(sent.size > 1000, `${sent.size} values were looked for`);
});
