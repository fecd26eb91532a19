// What pages of others can make a browser do, tried on every route of `motcua routes` and with every name that a handler asks for: forms
// and frames of other sites, sessions that were planted, addresses that lead away, line breaks in headers, copies that stay behind.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { eventually, root, Visitor } from './support/office.mjs';
import { openWorld } from './ux/world.mjs';

const logins = ['congdan', 'doanhnghiep', 'tiepnhan', 'chuyenvien', 'lanhdao', 'vanthu', 'quantri'];
const holder = { 'dossier.submit': 'congdan', 'dossier.own': 'congdan', 'file.upload': 'congdan', 'notice.read': 'congdan', 'signed-in': 'congdan', public: 'congdan', 'dossier.receive': 'tiepnhan', 'dossier.counter': 'tiepnhan', 'dossier.ask': 'tiepnhan',
  'dossier.assign': 'tiepnhan', 'dossier.read': 'tiepnhan', 'task.read': 'tiepnhan', 'payment.record': 'tiepnhan', 'dossier.examine': 'chuyenvien', 'dossier.open': 'chuyenvien', 'dossier.approve': 'lanhdao', 'dossier.issue': 'vanthu',
  'catalogue.manage': 'quantri', 'agency.manage': 'quantri', 'account.manage': 'quantri', 'notice.manage': 'quantri', 'journal.read': 'quantri', 'events.read': 'quantri', 'system.health': 'quantri' };
let world, office, routes, auditor, values;
const people = new Map(), tokens = new Map(), csrf = new Map();
before(async () => {
  world = await openWorld();
  office = world.office;
  auditor = await office.as('quantri');
  routes = JSON.parse((await office.command('routes', '--json')).stdout);
  people.set(null, new Visitor(office));
  for (const login of logins) {
    const visitor = await office.signIn(login);
    people.set(login, visitor);
    tokens.set(login, await office.token(login));
    csrf.set(login, (await visitor.get('/tai-khoan')).form('/tai-khoan').csrf);
  }
  values = { code: world.running, procedure: '1.013124', draft: world.draft.split('/').at(-1), n: '1', page: '1', slip: 'receipt', file: '1', id: world.batch, agency: 'G11', identifier: 'G11', login: 'chuyenvien', version: '1', kind: 'receipt', event: 'receive', language: 'vi',
    book: 'daily', theme: 'dark', name: 'moi', step: 'co-quan', type: 'invalid', reader: 'can-bo', token: 'x'.repeat(32), key: 'x', act: 'end' };
});
after(() => office?.close());

// Every name that any handler asks a query or a form for, from the source itself.
const source = fs.readdirSync(path.join(root, 'src'), { recursive: true }).filter(f => f.endsWith('.c') && !f.endsWith('_test.c')).map(f => fs.readFileSync(path.join(root, 'src', f), 'utf8')).join('\n');
const asked = pattern => [...new Set([...source.matchAll(pattern)].map(m => m[1]))];
const queryNames = asked(/request_(?:has_)?query\(\s*[\w>.-]+,\s*"([^"]+)"/g), formNames = asked(/(?:request_(?:has_)?form|form_(?:text|area|select|number|day|radios|check|hidden)\w*)\(\s*[&\w>.-]+,\s*"([^"]+)"/g);

const fill = (route, other = {}) => route.path.replace(/\{(\w+)\}/g, (_, name) => other[name] ?? values[name] ?? '1');
const what = (route, target) => `${route.method} ${target}`;
const cookieOf = login => [...people.get(login).cookies].map(([n, v]) => `${n}=${v}`).join('; ');

// Bytes as they are, and headers as they came.
function send(method, target, { headers = {}, body = '' } = {}) {
  return new Promise((done, failed) => {
    let answer;
    const rq = http.request(office.url + target, { method, headers: { ...(body && { 'content-length': Buffer.byteLength(body) }), ...headers } }, a => {
      const pieces = [];
      answer = a;
      a.on('data', piece => pieces.push(piece));
      a.on('end', () => done({ status: a.statusCode, headers: a.headers, raw: a.rawHeaders, text: Buffer.concat(pieces).toString() }));
    });
    rq.on('error', error => { if (!answer) failed(error); });
    rq.end(body);
  });
}
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
async function journal() {
  let after = journal.last ?? '0';
  for (;;) {
    const { body } = await auditor.get(`/api/v1/events?after=${after}&limit=500`);
    if (body.items.length === 0) return (journal.last = after);
    after = body.next_cursor;
  }
}
// The batch of the world may still run, and followers write what follows.
async function still() {
  const headers = { authorization: `Bearer ${tokens.get('tiepnhan')}` };
  await eventually('the end of the batches', async () => JSON.parse((await send('GET', '/api/v1/batches?limit=100', { headers })).text).items.every(b => b.finished_at !== null));
  await office.settled();
  return journal();
}
const alive = () => assert.equal(office.process.exitCode, null, office.log.slice(-2000));

test('the names that handlers ask for are found', () => {
  assert.ok(queryNames.length > 30 && formNames.length > 60, `${queryNames.length} in queries, ${formNames.length} in forms`);
  for (const name of ['return', 'q', 'cursor']) assert.ok(queryNames.includes(name), name);
  assert.deepEqual([...new Set(routes.map(r => r.permission))].filter(p => !holder[p]), []);
});

test('who signs in gets a session of their own, by every door that opens one; one that was planted stays nobody\'s', async () => {
  const secret = 'một mật khẩu thật dài', name = [...people.get('congdan').cookies.keys()].find(k => people.get('congdan').cookies.get(k).length > 30 && !people.get(null).cookies.has(k)), planted = 'A'.repeat(people.get('congdan').cookies.get(name).length);
  const doors = [
    ['/dang-nhap', (page, at) => ({ ...page.form(at), login: 'congdan', password: 'mot-cua-2026' })],
    ['/dang-ky', (page, at) => ({ ...page.form(at), kind: 'citizen', name: 'Trần Văn Cửa', number: '079203019999', email: '', phone: '', login: 'tranvancua', password: secret })],
    [`/ma-tai-khoan/${world.password_code}`, (page, at) => ({ ...page.form(at), code: world.password_code, password: secret, again: secret })],
  ];
  for (const [at, fields] of doors) {
    const visitor = new Visitor(office);
    visitor.cookies.set(name, planted);
    const page = await visitor.get(at), action = page.actions.find(a => a.startsWith(`/${at.split('/')[1]}`));
    assert.ok(action, `${at} has no form`);
    const answer = await visitor.post(action, fields(page, action));
    assert.equal(answer.status, 303, `${at}: ${answer.status} ${answer.words.slice(0, 300)}`);
    if (visitor.cookies.get(name) !== planted) assert.ok(visitor.cookies.get(name)?.length === planted.length, at);
    const thief = new Visitor(office);
    thief.cookies.set(name, planted);
    assert.notEqual((await thief.get('/tai-khoan')).status, 200, `${at}: the planted session is signed in`);
  }
});

test('no page of another site acts for who is signed in, by any form, though it knew the token', async () => {
  const before = await still(), strangers = [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: `${office.url}.evil.example` }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: office.url, 'sec-fetch-site': 'cross-site' }];
  let tried = 0;
  for (const route of routes.filter(r => r.method === 'POST' && !r.path.startsWith('/api/'))) {
    const login = holder[route.permission], target = fill(route), body = new URLSearchParams({ csrf: csrf.get(login), login: 'a', password: 'b', note: 'x', reason: 'x' }).toString();
    for (const headers of strangers) {
      const answer = await send('POST', target, { body, headers: { ...urlencoded, cookie: cookieOf(login), ...headers } });
      // The one click of a letter (RFC 8058) comes from the mail's own server, without any cookie that counts: its token is the right.
      const isOneClick = /^\/thong-bao\/ngung\//.test(route.path) && [303, 404].includes(answer.status);
      assert.ok(answer.status === 403 || isOneClick, `${what(route, target)} from ${JSON.stringify(headers)}: ${answer.status}`);
      tried++;
    }
  }
  assert.equal(await still(), before, 'something changed');
  assert.ok(tried > 600, `${tried}`);
});

test('the interface takes no cookie alone for a bearer, in whatever type', async () => {
  const before = await still();
  for (const route of routes.filter(r => r.method !== 'GET' && r.path.startsWith('/api/')))
    for (const [type, body] of [['application/json', '{}'], ['text/plain', '{}'], ['application/x-www-form-urlencoded', `csrf=${csrf.get('vanthu')}x`], ['multipart/form-data; boundary=B', '--B--\r\n']]) {
      const login = holder[route.permission], target = fill(route);
      const answer = await send(route.method, target, { body, headers: { 'content-type': type, cookie: cookieOf(login), origin: office.url, 'if-match': '"1"', 'x-http-method-override': 'DELETE' } });
      assert.ok([401, 403].includes(answer.status) || (answer.status === 415 && type !== 'application/json'), `${what(route, target)} as ${type}: ${answer.status}`);
    }
  assert.equal(await still(), before, 'something changed');
});

test('looking changes nothing: no GET of anybody, from wherever it comes, moves the journal', async () => {
  const before = await still();
  for (const route of routes.filter(r => r.method === 'GET'))
    for (const login of [null, holder[route.permission]]) await send('GET', fill(route), { headers: { cookie: cookieOf(login), 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' } });
  assert.equal(await still(), before);
  alive();
});

test('other methods are no way around a row of the table', async () => {
  const known = new Map();
  for (const { method, path: p } of routes) known.set(p, [...(known.get(p) ?? []), method]);
  for (const [p, methods] of known)
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'].filter(m => !methods.includes(m))) {
      const target = fill({ path: p }), { status, headers, text } = await send(method, target, { headers: { cookie: cookieOf('quantri'), origin: office.url, 'access-control-request-method': 'POST' } });
      assert.ok((status >= 400 && status < 500) || status === 501 || (method === 'OPTIONS' && status === 204), `${method} ${target}: ${status}`);
      assert.equal(headers['access-control-allow-origin'], undefined, target);
      assert.ok(!text.includes(people.get('quantri').cookies.values().next().value), `${method} ${target} says a cookie again`);
    }
});

test('every answer forbids frames, guesses of types and borrowed addresses; what is somebody\'s stays in no store', async () => {
  let personal = 0;
  for (const route of routes.filter(r => r.method === 'GET'))
    for (const login of [null, ...logins]) {
      const target = fill(route), isApi = route.path.startsWith('/api/'), headers = isApi ? (login ? { authorization: `Bearer ${tokens.get(login)}` } : {}) : { cookie: cookieOf(login) };
      const answer = await send('GET', target, { headers: { ...headers, origin: 'https://evil.example' } }), place = `${login}: ${what(route, target)} ${answer.status}`, policy = answer.headers['content-security-policy'] ?? '';
      assert.match(policy, /default-src 'none'/, place);
      assert.match(policy, /frame-ancestors '(none|self)'/, place);
      assert.doesNotMatch(policy, /unsafe-|\*|https?:/, place);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff', place);
      assert.equal(answer.headers['referrer-policy'], 'same-origin', place);
      for (const name of ['server', 'x-powered-by', 'access-control-allow-origin', 'access-control-allow-credentials']) assert.equal(answer.headers[name], undefined, `${place}: ${name}`);
      const kept = answer.headers['cache-control'] ?? '', isTheirs = login !== null && (answer.status === 200 || answer.status === 303);
      if (/^\/(theme|assets)\//.test(target)) continue;
      if (isTheirs || answer.headers['set-cookie']) assert.match(kept, /no-store|private/, `${place}: ${kept}`);
      if (isTheirs && route.permission !== 'public') personal++;
      assert.doesNotMatch(kept, /public/, `${place}: ${kept}`);
      for (const cookie of answer.headers['set-cookie'] ?? []) assert.match(cookie, /; HttpOnly.*; SameSite=(Lax|Strict)|; SameSite=(Lax|Strict).*; HttpOnly/i, place);
    }
  assert.ok(personal > 150, `${personal}`);
});

const away = ['//evil.example', 'https://evil.example/', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', '/\t/evil.example', '/%2f/evil.example', '?//evil.example', '/..//evil.example', '.evil.example', '@evil.example', 'data:text/html,x', 'https:evil.example'];
const leadsAway = location => location !== undefined && new URL(location, office.url).origin !== office.url;

test('no name in any address or form leads to another site', async () => {
  let led = 0;
  for (const route of routes) {
    const login = holder[route.permission], isApi = route.path.startsWith('/api/'), names = route.method === 'GET' ? queryNames : [...queryNames, ...formNames];
    for (const to of away) {
      const all = [...new Set(names)].filter(n => n !== 'csrf').map(n => `${encodeURIComponent(n)}=${encodeURIComponent(to)}`), headers = isApi ? { authorization: `Bearer ${tokens.get(login)}` } : { cookie: cookieOf(login), origin: office.url };
      const target = fill(route), answers = [];
      if (route.method === 'GET') {
        for (let n = 0; n < all.length; n += 90) answers.push(await send('GET', `${target}?${all.slice(n, n + 90).join('&').slice(0, 7000)}`, { headers }));
        answers.push(await send('GET', route.path.replace(/\{\w+\}/g, encodeURIComponent(to)), { headers }));
      } else if (!isApi && !/dang-xuat|phien/.test(route.path)) answers.push(await send('POST', target, { headers: { ...headers, ...urlencoded }, body: [`csrf=${encodeURIComponent(csrf.get(login))}`, ...all].join('&') }));
      for (const { status, headers: said } of answers) {
        assert.ok(status < 500, `${what(route, target)} with ${to}: ${status}`);
        assert.ok(!leadsAway(said.location), `${what(route, target)} with ${to} leads to ${said.location}`);
        if (said.location) led++;
      }
    }
    alive();
  }
  console.log(`# ${led} answers that lead on`);
  assert.ok(led > 100, `${led}`);
});

const breaks = ['a\r\nSet-Cookie: evil=1\r\n\r\n<x', 'a\nSet-Cookie: evil=1', 'a\rSet-Cookie: evil=1', '\r\n\r\nHTTP/1.1 200 OK\r\nX-Evil: 1', 'a\u2028b\u0085c', '";\r\nX-Evil: 1;"', 'a\0b'];
test('no line break of theirs reaches a header, a file\'s name or the log', async () => {
  office.log = '';
  for (const route of routes) {
    const login = holder[route.permission], isApi = route.path.startsWith('/api/'), headers = isApi ? { authorization: `Bearer ${tokens.get(login)}` } : { cookie: cookieOf(login), origin: office.url };
    const names = route.method === 'GET' ? queryNames : [...queryNames, ...formNames];
    for (const text of breaks) {
      const target = fill(route), escaped = encodeURIComponent(text), all = [...new Set(names)].filter(n => n !== 'csrf').map(n => `${encodeURIComponent(n)}=${escaped}`), answers = [];
      if (route.method === 'GET') {
        for (let n = 0; n < all.length; n += 60) answers.push(await send('GET', `${target}?${all.slice(n, n + 60).join('&').slice(0, 7900)}`, { headers }));
        answers.push(await send('GET', route.path.replace(/\{\w+\}/g, escaped), { headers }));
      } else if (!isApi && !/dang-xuat|phien/.test(route.path)) answers.push(await send('POST', target, { headers: { ...headers, ...urlencoded }, body: [`csrf=${encodeURIComponent(csrf.get(login))}`, ...all].join('&') }));
      for (const answer of answers) {
        assert.ok(answer.status < 500, `${what(route, target)} with ${JSON.stringify(text)}: ${answer.status}`);
        assert.equal(answer.headers['x-evil'], undefined, what(route, target));
        assert.ok(!answer.headers['set-cookie']?.some(c => c.startsWith('evil')), what(route, target));
        for (const value of answer.raw.filter((_, i) => i % 2)) assert.doesNotMatch(value, /[\r\n\0]/, what(route, target));
      }
    }
    alive();
  }
  assert.doesNotMatch(office.log, /^(Set-Cookie|X-Evil)/m);
});

test('after all of that the office is the same process, and well', async () => {
  alive();
  assert.equal((await office.command('audit', 'verify')).code, 0);
  assert.deepEqual(office.log.split('\n').filter(line => /level=error|\bBUG\b|Sanitizer|runtime error/i.test(line)), []);
});
