// Hostile input: every POST of the interface and of the pages is sent what no well-behaved client sends, and answers each with the
// right refusal. The server never answers 500, never stops, and goes on answering everybody else.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { openOffice, password, submission } from './support/office.mjs';

let office, citizen, dossier, routes;
const tokens = {};
before(async () => {
  office = await openOffice();
  citizen = await office.as('congdan');
  routes = JSON.parse((await office.command('routes', '--json')).stdout);
  dossier = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body.code;
  for (const login of new Set(Object.values(logins))) tokens[login] = await office.token(login);
});
after(() => office.close());

// Who may: a permission's first holder in the demo.
const logins = { 'dossier.submit': 'congdan', 'dossier.own': 'congdan', 'file.upload': 'congdan', 'notice.read': 'congdan', 'dossier.receive': 'tiepnhan', 'dossier.counter': 'tiepnhan',
  'dossier.ask': 'tiepnhan', 'dossier.assign': 'tiepnhan', 'dossier.examine': 'chuyenvien', 'dossier.approve': 'lanhdao', 'dossier.issue': 'vanthu', 'payment.record': 'tiepnhan',
  'task.read': 'tiepnhan', 'signed-in': 'congdan', 'dossier.open': 'chuyenvien', 'agency.manage': 'quantri', 'catalogue.manage': 'quantri', 'account.manage': 'quantri', 'notice.manage': 'quantri' };

// Bytes as they are, and an answer even when the server refuses before everything is sent.
function send(method, target, headers, body) {
  return new Promise((done, failed) => {
    const rq = http.request(office.url + target, { method, headers: { 'content-length': body.length, ...headers } }, answer => {
      const pieces = [];
      answer.on('data', piece => pieces.push(piece));
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(pieces).toString() }));
    });
    let answered = false;
    rq.on('response', () => { answered = true; });
    rq.on('error', error => { if (!answered) failed(error); });
    rq.end(body);
  });
}

const alive = async () => {
  assert.equal(office.process.exitCode, null, office.log);
  assert.equal((await send('GET', '/healthz', {}, '')).status, 200);
};

const text = Buffer.from;
const json = value => text(JSON.stringify(value));
const deep = n => '{"form":'.repeat(n) + '1' + '}'.repeat(n);
const members = ['procedure', 'agency', 'channel', 'case', 'parties', 'form', 'files', 'note', 'reason', 'outcome', 'to', 'until'];
const all = value => json(Object.fromEntries(members.map(m => [m, value])));
const party = more => ({ parties: [{ role: 'owner', kind: 'citizen', name: 'A', ...more }] });

// What is sent, its type if not JSON, and the only answers it may have; 412 and 409 where the rest of it was well understood.
const refused = [400, 413, 415, 422], understood = [409, 412, 422];
const bodies = [
  ['nothing', text(''), undefined, [400, 415, ...understood]],
  ['an empty object', text('{}'), undefined, understood],
  ['another type', text('<a/>'), 'text/xml', [415]],
  ['a form', text('reason=a'), 'application/x-www-form-urlencoded', [415]],
  ['a list', text('[{}]'), undefined, [400, 422]],
  ['a text', text('"a"'), undefined, [400, 422]],
  ['null', text('null'), undefined, [400, 422]],
  ['half an object', text('{"reason":"a"'), undefined, [400]],
  ['something behind the object', text('{} {}'), undefined, [400]],
  ['nested 100 deep', text(deep(100)), undefined, [400, 422]],
  ['nested 30,000 deep', text('{"form":' + '['.repeat(30000) + ']'.repeat(30000) + '}'), undefined, [400]],
  ['a huge number', text('{"reason":1e999,"form":{"a":1e999},"parties":1e999}'), undefined, [400, 422]],
  ['a long number', text(`{"form":{"a":${'9'.repeat(5000)}},"reason":1}`), undefined, [400, 422]],
  ['invalid UTF-8', Buffer.concat([text('{"reason":"'), Buffer.from([0xff, 0xc0, 0x80]), text('"}')]), undefined, [400]],
  ['half a surrogate', text('{"reason":"\\ud800"}'), undefined, [400]],
  ['a NUL between', text('{"reason":"a"}\0'), undefined, [400]],
  ['a NUL inside', text('{"reason":"a\\u0000b","note":"a\\u0000b","to":"a\\u0000b","until":"2030-01-01\\u0000","procedure":"1.013285\\u0000"}'), undefined, [400]],
  ['doubled members', text('{"reason":"a","reason":"b"}'), undefined, [400]],
  ['5 MB', text('{"reason":"' + 'a'.repeat(5 << 20) + '"}'), undefined, [413]],
  ['numbers everywhere', all(7), undefined, [422]],
  ['truths everywhere', all(true), undefined, [422]],
  ['lists everywhere', all([]), undefined, [422]],
  ['lists of lists everywhere', all([[[]]]), undefined, [422]],
  ['objects everywhere', all({}), undefined, [422]],
  ['long texts everywhere', all('ế'.repeat(1500)), undefined, [422]],
  ['a long reason', json({ reason: 'a'.repeat(60000), note: 'b' }), undefined, understood],
  ['control characters', json({ reason: '\u0001\u0007\u001b[31m', note: '\u202e', to: '\u0001' }), undefined, understood],
  ['strange files', json({ files: [{ component: 7, kind: [], file: {} }, null, 'a', [], { file: 'A'.repeat(64) }, { file: '0'.repeat(64), kind: 'result' }] }), undefined, [422]],
  ['1,000 files', json({ files: Array.from({ length: 500 }, () => ({ file: '0'.repeat(64) })) }), undefined, [422]],
  ['strange parties', json({ parties: [null, 7, [], {}, { role: 'owner', kind: [], name: {}, identities: {} }] }), undefined, understood],
  ['100 parties', json({ parties: Array.from({ length: 100 }, () => ({ role: 'owner' })) }), undefined, understood],
  ['strange identities', json(party({ identities: [null, 7, { type: 1 }, { type: 'personal_id', value: 12 }, { type: 'personal_id', value: 'ABC' }] })), undefined, understood],
  ['100 identities', json(party({ identities: Array.from({ length: 100 }, () => ({ type: 'personal_id', value: '0' })) })), undefined, understood],
  ['strange days', json({ until: '9999999-99-99', reason: 'a' }), undefined, understood],
  ['a day of long ago', json({ until: '0000-00-00', reason: 'a' }), undefined, understood],
];

const values = { code: () => dossier, id: () => '12345' };
const interfaceRoutes = () => routes.filter(r => r.method === 'POST' && r.path.startsWith('/api/'));

test('every POST of the interface answers hostile bodies with problem+json', async () => {
  const wrong = [];
  for (const route of interfaceRoutes()) {
    const target = route.path.replace(/\{(\w+)\}/g, (_, name) => values[name]?.() ?? '0'), login = logins[route.permission];
    for (const [what, body, type = 'application/json', expected] of bodies) {
      const { status, headers, text: said } = await send('POST', target,
        { authorization: `Bearer ${tokens[login]}`, 'content-type': type, 'if-match': '"999999"', accept: 'application/json' }, body);
      const isFile = route.path === '/api/v1/files', isNotice = route.path.startsWith('/api/v1/notices');
      const isAct = route.path.startsWith('/api/v1/dossiers/{code}/'), isSubmission = route.path === '/api/v1/dossiers';
      // An act that does not take the part that is wrong says that the dossier has changed meanwhile; what is too large, no JSON or of
      // another type is refused as such. What takes no body at all does not read it.
      const isRead = expected.length === 1 && expected[0] !== 422;
      const may = isFile ? [400, 415] : isNotice ? [404, 413, 415] : isSubmission || (isAct && isRead) ? expected.concat(403, 404)
        : isAct ? expected.concat(403, 404, 412) : [400, 403, 404, 409, 413, 415, 422];
      const isProblem = /^application\/problem\+json/.test(headers['content-type'] ?? '') && JSON.parse(said).status === status;
      if (!may.includes(status) || !isProblem) wrong.push(`${route.path}: ${what}: ${status} ${said.slice(0, 300)}`);
    }
    await alive();
  }
  assert.deepEqual(wrong, []);
  const { body } = await citizen.get(`/api/v1/dossiers/${dossier}`);
  assert.deepEqual([body.status, body.version], [1, 1], 'nothing happened to the dossier');
});

test('what an act does not take is not kept with it', async () => {
  const made = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body.code;
  const officer = await office.as('tiepnhan');
  const done = await officer.act(made, 'receive', { reason: 'x'.repeat(60000), outcome: 'granted', to: 'chuyenvien', until: '2099-01-01' });
  assert.equal(done.status, 200, done.text);
  const history = await officer.get(`/api/v1/dossiers/${made}/history`);
  assert.doesNotMatch(history.text, /xxxx|granted/);
});

const headers = [
  ['if-match', '"' + '9'.repeat(300) + '"'], ['if-match', '"1", "2"'], ['idempotency-key', 'a'.repeat(5000)], ['idempotency-key', 'ế\u0080'],
  ['accept-language', 'vi;q=999999999999999999999,en;q=-1,*;q=NaN,' + 'x-'.repeat(2000)], ['accept', 'a/b;q=1e99,'.repeat(300)],
  ['authorization', 'Bearer ' + 'a'.repeat(9000)], ['authorization', 'Basic !!!!'], ['authorization', 'Bearer'], ['cookie', 'motcua=' + 'a'.repeat(9000)],
  ['cookie', ';;;=;motcua;motcua=;language=xx;language'], ['content-type', 'application/json; charset="' + 'a'.repeat(3000)],
  ['content-type', 'multipart/form-data'], ['content-type', 'multipart/form-data; boundary=' + 'a'.repeat(500)], ['content-encoding', 'gzip'],
  ['origin', 'null'], ['origin', 'http://'], ['sec-fetch-site', 'cross-site'], ['x-forwarded-for', ',,,::::,999.999.1.1,' + 'a'.repeat(3000)],
  ['x-csrf-token', '\u00ff'], ['if-none-match', '"' + '",'.repeat(3000)], ['content-disposition', "attachment; filename*=UTF-8''%ff%00%2e%2e%2f" + '%c3'.repeat(900)],
];

test('no header makes the interface stumble', async () => {
  const body = json(await submission(citizen, '1.013285', { agency: 'G11' }));
  for (const [name, value] of headers)
    for (const [method, target] of [['POST', '/api/v1/dossiers'], ['POST', `/api/v1/dossiers/${dossier}/supplement`], ['POST', '/api/v1/files'], ['GET', '/api/v1/dossiers'], ['GET', `/ho-so/${dossier}`]]) {
      const sent = { authorization: `Bearer ${tokens.congdan}`, 'content-type': 'application/json', [name]: Buffer.from(value).toString('latin1') };
      const { status, text: said } = await send(method, target, sent, method === 'GET' ? '' : body);
      assert.ok(status < 500, `${method} ${target} with ${name}: ${status} ${said}`);
    }
  await alive();
});

const strangeWords = ['', '%00', '%ff', '%', '%e1%ba', 'a'.repeat(3000), '-1', '0', '99999999999999999999', '1e9', '%f0%9f%98%80', "'%20OR%201=1--", '%2e%2e%2f', '%0d%0aSet-Cookie:a=b', '*', '%22', '"*"%20NEAR', '%cc%81'.repeat(300), '\\u202e'];
const names = ['q', 'cursor', 'limit', 'status', 'field', 'level', 'agency', 'procedure', 'parent', 'due_before', 'after', 'code', 'token', 'return', 'channel', 'audience', 'mine', 'name', 'tab', 'n', 'phone', 'so'];

test('no query and no address makes a page or the interface stumble', async () => {
  const readers = { 'task.read': 'tiepnhan', 'events.read': 'quantri', 'system.health': 'quantri' };
  tokens.quantri = await office.token('quantri');
  for (const route of routes.filter(r => r.method === 'GET'))
    for (const word of strangeWords) {
      const query = names.map(n => `${n}=${word}`).join('&').slice(0, 6000);
      const segment = word.replace(/[\\"']/g, '') || '0';
      for (const target of [route.path.replace(/\{(\w+)\}/g, (_, n) => values[n]?.() ?? '1.013285') + '?' + query, route.path.replace(/\{\w+\}/g, segment)]) {
        const { status, text: said } = await send('GET', encodeURI(decodeURI(target.replace(/%/g, '%25'))).replace(/%25/g, '%').replace(/ /g, '%20'),
          { authorization: `Bearer ${tokens[readers[route.permission] ?? 'congdan']}` }, '');
        assert.ok(status < 500, `GET ${target}: ${status} ${said}`);
      }
    }
  await alive();
});

// A browser that is signed in: cookie and the page's token.
async function browse(login) {
  const signed = await send('POST', '/dang-nhap', { 'content-type': 'application/x-www-form-urlencoded' }, `login=${login}&password=${password}`);
  assert.equal(signed.status, 303, signed.text);
  const cookie = signed.headers['set-cookie'].map(c => c.split(';')[0]).join('; ');
  const page = await send('GET', '/tai-khoan', { cookie }, '');
  return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page.text)[1] };
}

const fieldNames = ['login', 'password', 'name', 'kind', 'number', 'email', 'phone', 'address', 'language', 'current', 'post', 'return', 'agency', 'case', 'mode', 'parties/0/name',
  'parties/0/kind', 'parties/0/phone', 'parties/0/identities/0/type', 'parties/0/identities/0/value', 'form/request', 'behalf', 'return/manner', 'return/address', 'post/sender', 'post/postmarked', 'confirmed', 'remove', 'upload', 'up_to', 'reason', 'note', 'outcome', 'to', 'until', 'version'];
const filled = value => fieldNames.map(n => `${encodeURIComponent(n)}=${value}`).join('&');
const part = (head, value) => `--B\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
const urlencoded = 'application/x-www-form-urlencoded', multipart = 'multipart/form-data; boundary=B';
const forms = csrf => [
  ['no fields', urlencoded, `csrf=${csrf}`],
  ['empty fields', urlencoded, `csrf=${csrf}&${filled('')}`],
  ['doubled fields', urlencoded, `csrf=${csrf}&${filled('a')}&${filled('b')}`],
  ['doubled tokens', urlencoded, `csrf=${csrf}&csrf=x&${filled('a')}`],
  ['long fields', urlencoded, `csrf=${csrf}&${filled('a'.repeat(2000))}`],
  ['one very long field', urlencoded, `csrf=${csrf}&form/request=${'%22'.repeat(20000)}`],
  ['control characters', urlencoded, `csrf=${csrf}&${filled('%01'.repeat(500))}`],
  ['line breaks', urlencoded, `csrf=${csrf}&${filled('a%0d%0aSet-Cookie:%20a=b:c')}`],
  ['markup', urlencoded, `csrf=${csrf}&${filled('%22%3E%3Cscript%3Ealert(1)%3C/script%3E')}`],
  ['a NUL', urlencoded, `csrf=${csrf}&${filled('a%00b')}`],
  ['invalid UTF-8', urlencoded, `csrf=${csrf}&${filled('%ff%c0')}`],
  ['half an escape', urlencoded, `csrf=${csrf}&${filled('%')}`],
  ['2,500 fields', urlencoded, `csrf=${csrf}` + '&a=b'.repeat(2500)],
  ['5 MB', urlencoded, `csrf=${csrf}&note=${'a'.repeat(5 << 20)}`],
  ['a form in parts', multipart, part('name="csrf"', csrf) + fieldNames.map(n => part(`name="${n}"`, 'a')).join('') + '--B--\r\n'],
  ['files nobody asked for', multipart, part('name="csrf"', csrf) + part('name="files/x"; filename="../../etc/passwd"', '%PDF-1.4') + '--B--\r\n'],
  ['half a part', multipart, part('name="csrf"', csrf) + '--B\r\nContent-Dispo'],
  ['no part', multipart, '--B--'],
  ['JSON', 'application/json', JSON.stringify({ csrf })],
  ['nothing', '', ''],
];

test('every form of the pages refuses or takes hostile fields without stumbling', async () => {
  const visits = { congdan: await browse('congdan'), tiepnhan: await browse('tiepnhan') };
  const token = `csrf=${encodeURIComponent(visits.congdan.csrf)}`;
  const begun = await send('POST', '/nop-ho-so/1.013285', { cookie: visits.congdan.cookie, 'content-type': urlencoded }, token);
  const draft = begun.headers.location.split('/')[3];
  const filledIn = { procedure: '1.013285', draft, code: dossier, n: '1' };
  for (const route of routes.filter(r => r.method === 'POST' && !r.path.startsWith('/api/') && !/dang-xuat|xoa/.test(r.path))) {
    const target = route.path.replace(/\{(\w+)\}/g, (_, name) => filledIn[name] ?? '1');
    const isOfficer = /^(task|dossier\.(read|counter|receive|ask|assign))/.test(route.permission) || route.path === '/tai-khoan/vi-tri';
    for (const [what, type, body] of forms(visits[isOfficer ? 'tiepnhan' : 'congdan'].csrf)) {
      const cookie = visits[isOfficer ? 'tiepnhan' : 'congdan'].cookie;
      const answer = await send('POST', target, { cookie, 'content-type': type, accept: 'text/html', 'accept-language': 'en' }, text(body));
      assert.ok(answer.status < 500, `${route.path}: ${what}: ${answer.status} ${answer.text}`);
      assert.ok([200, 303, 400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429].includes(answer.status), `${route.path}: ${what}: ${answer.status}`);
      assert.ok(!answer.text.includes('"><script>alert(1)'), `${route.path} echoes markup`);
      assert.equal(answer.headers.a, undefined);
    }
    await alive();
  }
  const page = await send('GET', `/nop-ho-so/1.013285/${draft}/khai`, { cookie: visits.congdan.cookie }, '');
  assert.equal(page.status, 200, 'the draft still reads');
});

test('a form without the token of its page changes nothing', async () => {
  const { cookie } = await browse('congdan');
  for (const route of routes.filter(r => r.method === 'POST' && !r.path.startsWith('/api/'))) {
    if (/dang-nhap|dang-ky/.test(route.path)) continue;
    for (const body of ['', 'csrf=', 'csrf=wrong']) {
      const target = route.path.replace(/\{(\w+)\}/g, '1');
      const { status } = await send('POST', target, { cookie, 'content-type': urlencoded }, text(body));
      assert.equal(status, 403, `${target} ${body}`);
    }
  }
});

test('nothing in the log speaks of a fault of ours', () => {
  assert.deepEqual(office.log.split('\n').filter(line => /level=error|\bBUG\b|Sanitizer|runtime error/i.test(line)), []);
});
