// Every field of every operation that takes JSON, read from /api/v1/openapi.json: what the schema does not allow is refused with a
// sentence at that place and changes nothing; what it allows is taken. What is sent twice with one key is done once, a change names the
// version that was seen, and every answer is what the document says.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { openOffice, submission } from './support/office.mjs';
import { Schemas, put } from './support/schema.mjs';

let office, document, schemas, code, seen;
const people = {};
const logins = ['congdan', 'doanhnghiep', 'tiepnhan', 'chuyenvien', 'chuyenvien2', 'lanhdao', 'vanthu', 'quantri', 'tiepnhan.xa', 'chuyenvien.xa', 'lanhdao.xa'];
before(async () => {
  office = await openOffice({ dossiers: true });
  for (const login of logins) people[login] = await office.as(login);
  document = (await people.quantri.get('/api/v1/openapi.json')).body;
  schemas = new Schemas(document);
  await prepare();
});
after(() => office.close());

const day = n => new Date(Date.now() + n * 864e5 + 7 * 36e5).toISOString().slice(0, 10);
const dossier = async (label = '') => (await people.congdan.post('/api/v1/dossiers', await submission(people.congdan, '1.013285', { agency: 'G11', label: `của chuyện ${label}` }))).body.code;
const made = async (login, target, body) => {
  const answer = await people[login].post(target, body);
  assert.ok(answer.status < 300, `${target}: ${answer.text}`);
  return answer.body;
};
const slots = async () => {
  const all = [];
  for (let n = 1; n < 14; n++) all.push(...(await people.congdan.get(`/api/v1/appointments/slots?agency=G11&day=${day(n)}`)).body.items);
  return all;
};

// For each operation that changes something: who, where, with which body; what is changed is read at `what`. A new one for each call.
const examples = {};
async function prepare() {
  const admin = await office.signIn('quantri'), page = await admin.get('/quan-tri/quay');
  assert.equal((await admin.post('/quan-tri/quay', { ...page.form('/quan-tri/quay'), slot_places: '2', slot_minutes: '30', days_ahead: '14' })).status, 303);
  code = await dossier();
  const free = await slots(), hook = await made('quantri', '/api/v1/webhooks', { url: 'https://192.0.2.1/hook' });
  const { version, hash, force, ...record } = (await people.quantri.get('/api/v1/procedures/1.013124')).body;
  const spare = (await people.quantri.get('/api/v1/procedures?limit=20')).body.items.find(p => !['1.013124', '1.013285'].includes(p.code));
  let turn = 0, names = 0;
  const dmn = await (await fetch(`${office.url}/quan-tri/thu-tuc/1.013285/quy-tac/1/tep`, { headers: { cookie: [...admin.cookies].map(c => c.join('=')).join('; ') } })).text();
  const drafted = async () => (await made('quantri', '/api/v1/procedures/1.013124/versions', { ...record, name: `${record.name} ${++names}` })).version;
  const kept = async () => (await made('quantri', '/api/v1/procedures/1.013285/rules', { dmn: dmn.replace('</definitions>', `<!-- ${++names} --></definitions>`) })).version;
  const days = [...new Map(free.map(s => [s.at.slice(0, 10), s.at])).values()], taken = {}; // one a day, three at most: each has its own
  const next = login => days[(taken[login] = (taken[login] ?? -1) + 1) % days.length];
  const booked = async login => (await made(login, '/api/v1/appointments', { agency: 'G11', at: next(login) })).id;
  const absence = async more => (await made('chuyenvien', '/api/v1/absences', { substitute: 'chuyenvien2', from: day(turn += 10), to: day(turn + 2), ...more })).id;
  const at = target => ({ target, what: target.replace(/\/[\w-]+$/, '') });
  Object.assign(examples, {
    'POST /api/v1/absences': async () => ({ login: 'lanhdao', body: { account: 'chuyenvien', substitute: 'chuyenvien2', from: day(turn += 10), to: day(turn + 1), note: 'Đi học', hand_over: false, ask: false } }),
    'POST /api/v1/absences/{id}/answer': async () => ({ login: 'chuyenvien2', ...at(`/api/v1/absences/${await absence({ ask: true })}/answer`), body: { covers: true } }),
    'POST /api/v1/absences/{id}/end': async () => ({ login: 'chuyenvien', ...at(`/api/v1/absences/${await absence()}/end`) }),
    'PUT /api/v1/account/notices': async () => ({ login: 'congdan', what: '/api/v1/account/notices', body: { kinds: [{ kind: 'asked', by_email: !(await people.congdan.get('/api/v1/account/notices')).body.kinds.find(k => k.kind === 'asked').by_email }], digest: false } }),
    'POST /api/v1/agencies/{identifier}/calendar': async () => ({ login: 'quantri', target: '/api/v1/agencies/G11/calendar', what: '/api/v1/agencies/G11/calendar', body: { calendar: 'vietnam', valid_from: day(2) } }),
    'POST /api/v1/appointments': async () => ({ login: 'congdan', body: { agency: 'G11', procedure: '1.013124', at: next('congdan') } }),
    'POST /api/v1/appointments/{id}/cancel': async () => ({ login: 'doanhnghiep', ...at(`/api/v1/appointments/${await booked('doanhnghiep')}/cancel`), list: '/api/v1/appointments', body: { reason: 'Bận' } }),
    'POST /api/v1/batches': async () => ({ login: 'tiepnhan', body: { act: 'receive', dossiers: [await dossier(++names), { code: await dossier(++names), version: 1 }], fields: { note: 'Đủ' } } }),
    'POST /api/v1/batches/{id}/stop': async () => ({ login: 'tiepnhan', ...at(`/api/v1/batches/${(await made('tiepnhan', '/api/v1/batches', { act: 'receive', dossiers: await Promise.all(Array.from({ length: 12 }, () => dossier(++names))) })).id}/stop`), quick: true }),
    'POST /api/v1/calendars': async () => ({ login: 'quantri', body: { name: 'rieng', title: `Lịch riêng ${++names}`, base: 'vietnam' } }),
    'POST /api/v1/competence/moves': async () => ({ login: 'quantri', body: { procedures: ['1.013124'], from: (turn & 1) === 0 ? 'G11' : 'G11', to: 'G11.68', on: day(200), decree: '1/2027/NĐ-CP', in_flight: 'stay' } }),
    'POST /api/v1/counter/call': async () => ({ login: 'tiepnhan', body: { act: 'next', desk: 1, line: 'A' }, ready: () => made('tiepnhan', '/api/v1/counter/tickets', { line: 'A' }) }),
    'POST /api/v1/counter/tickets': async () => ({ login: 'tiepnhan', body: { line: 'A', priority: null } }),
    'POST /api/v1/dossiers': async () => ({ login: 'congdan', body: await submission(people.congdan, '1.013285', { agency: 'G11', label: `nộp ${++names}` }) }),
    'POST /api/v1/dossiers/{code}/checks': async () => ({ login: 'tiepnhan', target: `/api/v1/dossiers/${code}/checks`, what: `/api/v1/dossiers/${code}/checks`, body: { component: (await people.tiepnhan.get('/api/v1/procedures/1.013285')).body.components[0].id, state: 'incomplete', word: 'Mờ' } }),
    'POST /api/v1/dossiers/{code}/messages': async () => ({ login: 'tiepnhan', target: `/api/v1/dossiers/${code}/messages`, body: { text: `Chào ${++names}`, files: [(await people.tiepnhan.upload(Buffer.from(`%PDF-1.4 ${names}`))).body.id].filter(Boolean) } }),
    'POST /api/v1/dossiers/{code}/messages/seen': async () => ({ login: 'congdan', target: `/api/v1/dossiers/${code}/messages/seen`, body: { up_to: 1 } }),
    'POST /api/v1/dossiers/{code}/notes': async () => ({ login: 'tiepnhan', target: `/api/v1/dossiers/${code}/notes`, body: { text: `Ghi ${++names}` } }),
    'POST /api/v1/notices/{id}/seen': async () => { await office.settled(); return { login: 'congdan', target: `/api/v1/notices/${(await people.congdan.get('/api/v1/notices')).body.items[0].id}/seen` }; },
    'POST /api/v1/procedures/{code}/rules': async () => ({ login: 'quantri', target: '/api/v1/procedures/1.013285/rules', body: { dmn: dmn.replace('</definitions>', `<!-- ${++names} --></definitions>`) } }),
    'POST /api/v1/procedures/{code}/rules/{version}/publish': async () => ({ login: 'quantri', target: `/api/v1/procedures/1.013285/rules/${await kept()}/publish`, body: { number: `${++names}/QĐ`, date: day(-1), authority: 'Bộ', from: day(3), note: 'x' } }),
    'POST /api/v1/procedures/{code}/versions': async () => ({ login: 'quantri', target: '/api/v1/procedures/1.013124/versions', body: { ...record, name: `${record.name} ${++names}` } }),
    'POST /api/v1/procedures/{code}/versions/{version}/publish': async () => ({ login: 'quantri', target: `/api/v1/procedures/1.013124/versions/${await drafted()}/publish`, body: { number: `${++names}/QĐ`, date: day(-1), authority: 'Bộ', level: 'ministry', from: day(40), note: 'x', file: null } }),
    'POST /api/v1/procedures/{code}/withdraw': async () => ({ login: 'quantri', target: `/api/v1/procedures/${spare.code}/withdraw`, body: { number: `${++names}/QĐ`, date: day(-1), authority: 'Bộ', level: 'ministry', from: day(40), note: 'x', file: null } }),
    'POST /api/v1/webhooks': async () => ({ login: 'quantri', body: { url: `https://192.0.2.${++names}/hook`, events: ['motcua.dossier.issue'], agency: 'G11' } }),
    'POST /api/v1/webhooks/{id}/replay': async () => ({ login: 'quantri', target: `/api/v1/webhooks/${hook.id}/replay`, body: { from: day(-2), to: day(-1) } }),
    ...Object.fromEntries(['disable', 'enable', 'rotate'].map(act => [`POST /api/v1/webhooks/{id}/${act}`, async () => {
      if (act === 'enable') await people.quantri.change(`/api/v1/webhooks/${hook.id}`, `/api/v1/webhooks/${hook.id}/disable`);
      return { login: 'quantri', ...at(`/api/v1/webhooks/${hook.id}/${act}`) };
    }])),
  });
}

const changing = () => Object.entries(document.paths).flatMap(([path, ops]) => Object.entries(ops).filter(([m]) => m !== 'get').map(([m, operation]) => ({ name: `${m.toUpperCase()} ${path}`, method: m.toUpperCase(), path, operation })));
const isAct = o => /^POST \/api\/v1\/dossiers\/\{code\}\/[a-z-]+$/.test(o.name) && !/(checks|messages|notes)$/.test(o.name);
// No body, or tried in stories of their own: what is uploaded, a letter that confirms an address (mail), a day of the counter (appointments).
const elsewhere = ['POST /api/v1/files', 'POST /api/v1/account/notices/confirm', 'POST /api/v1/counter/appointments/{id}/come', 'POST /api/v1/counter/appointments/{id}/miss'];
const bodySchema = o => o.operation.requestBody?.content['application/json']?.schema;
const header = (o, name) => o.operation.parameters.some(p => p.in === 'header' && p.name === name);

// How much the journal holds of what was asked for here; batches of the examples go on by themselves meanwhile.
async function journal() {
  await office.settled();
  for (;;) {
    const { body } = await people.quantri.get(`/api/v1/events?after=${seen ?? '0'}&limit=500`);
    if (body.items.length === 0) return (journal.count ?? 0);
    const asked = body.items.filter(e => !/^motcua\.(batch\.|dossier\.receive$)/.test(e.type));
    if (asked.length > 0) journal.last = asked.map(e => `${e.type} ${e.subject}`);
    journal.count = (journal.count ?? 0) + asked.length;
    seen = body.next_cursor;
  }
}

// Bytes as they are.
function send(method, target, token, headers, raw) {
  return new Promise((done, failed) => {
    let answer;
    const rq = http.request(office.url + target, { method, headers: { authorization: `Bearer ${token}`, 'accept-language': 'en', ...headers, 'content-length': raw.length } }, a => {
      const pieces = [];
      answer = a;
      a.on('data', piece => pieces.push(piece));
      a.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        done({ status: a.statusCode, headers: a.headers, text, body: /json/.test(a.headers['content-type'] ?? '') ? JSON.parse(text) : undefined });
      });
    });
    rq.on('error', error => { if (!answer) failed(error); });
    rq.end(raw);
  });
}
const call = (o, e, body, headers = {}) => send(o.method, e.target ?? o.path, people[e.login].token, { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers }, body === undefined ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body)));
async function version(e) {
  if (!e.what) return undefined;
  const answer = await people[e.login].get(e.what);
  if (answer.etag) return answer.etag;
  const id = e.what.split('/').at(-1), item = (await people[e.login].get(e.list)).body.items.find(i => i.id === id);
  return `"${item.version}"`;
}

const problem = { $ref: '#/components/schemas/Problem' };
const pointerOf = path => path.map(n => `/${n}`).join('');
const names = pointer => pointer.replace(/^#/, '');

async function refused(o, e, headers, path, what, body, expected = [422]) {
  const answer = await call(o, e, body, headers), place = `${o.name} ${pointerOf(path)}: ${what}`;
  if (!expected.includes(answer.status)) return [`${place}: ${answer.status} ${answer.text.slice(0, 300)}`];
  const wrong = schemas.mistakes(problem, answer.body).map(m => `${place}: ${m}`);
  if (!/^application\/problem\+json/.test(answer.headers['content-type'])) wrong.push(`${place}: ${answer.headers['content-type']}`);
  const pointers = (answer.body.errors ?? []).map(x => names(x.pointer)), pointer = pointerOf(path);
  if (answer.status === 422 && path.length > 0 && !pointers.some(p => p === pointer || p.startsWith(`${pointer}/`) || pointer.startsWith(`${p}/`))) wrong.push(`${place}: told at ${pointers} ${answer.body.detail}`);
  if ((answer.body.errors ?? []).some(x => x.detail.trim() === '')) wrong.push(`${place}: without a sentence`);
  return wrong;
}

// Everything that one place may not hold, and the place missing, doubled and as bytes that are no text.
async function torture(o, e, headers) {
  const wrong = [], schema = bodySchema(o), text = JSON.stringify(e.body);
  let sent = 0;
  const tell = async (...args) => { sent++; wrong.push(...await refused(o, e, headers, ...args)); };
  for (const [path, inner, isNeeded] of schemas.places(schema, e.body)) {
    for (const [what, value] of schemas.wrongFor(inner)) await tell(path, what, put(e.body, path, value));
    if (isNeeded && typeof path.at(-1) === 'string') await tell(path, 'missing', put(e.body, path));
    if (isNeeded && typeof path.at(-1) === 'string' && schemas.mistakes(inner, null).length > 0) await tell(path, 'null', put(e.body, path, null));
    await tell(path, 'nested beyond all', put(e.body, path, JSON.parse('['.repeat(70) + ']'.repeat(70))), [400]);
    await tell(path, 'a NUL', put(e.body, path, 'a\0b'), [400, 422]);
    const bytes = JSON.stringify(put(e.body, path, '@@')).split('@@');
    await tell(path, 'no UTF-8', Buffer.concat([Buffer.from(bytes[0]), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from(bytes[1])]), [400]);
    await tell(path, 'half a surrogate', Buffer.from(bytes.join('\\ud800')), [400]);
    if (path.length === 1) await tell(path, 'doubled', Buffer.from(`{${JSON.stringify(path[0])}:1,${JSON.stringify(path[0])}:1,${text.slice(1)}`), [400]);
    await tell(path, 'two megabytes', put(e.body, path, 'a'.repeat(2 << 20)), [413]);
  }
  for (const [what, raw] of [['a list', '[{}]'], ['a text', '"a"'], ['null', 'null'], ...(schemas.of(schema).required?.length > 0 ? [['nothing', '']] : []), ['half', text.slice(0, -1)], ['more behind', `${text} {}`]]) await tell([], what, Buffer.from(raw), [400, 415, 422]);
  return { wrong, sent };
}

test('every operation that changes something is tried here or in a story of its own', () => {
  const all = changing().filter(o => !isAct(o)).map(o => o.name);
  assert.deepEqual(all.filter(name => !examples[name] && !elsewhere.includes(name) && name !== 'POST /api/v1/dossiers/{code}/undo'), []);
  assert.deepEqual(Object.keys(examples).filter(name => !all.includes(name)), []);
});

test('every operation says what it takes, what it gives, and how it is sent twice', () => {
  for (const o of changing()) {
    const takes = o.operation.parameters.filter(p => p.in === 'header').map(p => p.name), success = Object.keys(o.operation.responses).find(s => /^2/.test(s));
    assert.ok(takes.length <= 1, o.name);
    if (success === '201' && o.path !== '/api/v1/files') assert.deepEqual(takes, ['Idempotency-Key'], o.name);
    if (o.method === 'PUT' || isAct(o)) assert.deepEqual(takes, ['If-Match'], o.name);
  }
  for (const [path, ops] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(ops)) {
      const [status, success] = Object.entries(operation.responses).find(([s]) => /^2/.test(s));
      assert.ok(success.content || ['204', '202'].includes(status) || /files|slips|openapi/.test(path), `${method} ${path} says what it answers`);
    }
});

test('no field of any operation takes what its schema does not allow', async () => {
  const wrong = [];
  let sent = 0, fields = 0;
  for (const o of changing()) {
    if (!examples[o.name] || !bodySchema(o)) continue;
    const e = await examples[o.name](), headers = {};
    if (e.what) headers['if-match'] = await version(e);
    const before = await journal(), result = await torture(o, e, headers);
    fields += [...schemas.places(bodySchema(o), e.body)].length;
    sent += result.sent;
    wrong.push(...result.wrong);
    if (await journal() !== before) wrong.push(`${o.name} changed something: ${journal.last}`);
    assert.equal(office.process.exitCode, null, office.log);
  }
  console.log(`${sent} hostile bodies for ${fields} fields`);
  assert.deepEqual(wrong, []);
});

test('what is allowed is taken, answered as the document says, and done once for one key', async () => {
  for (const o of changing()) {
    if (!examples[o.name] || !header(o, 'Idempotency-Key')) continue;
    const e = await examples[o.name](), key = { 'idempotency-key': `khoa-${o.name.length}-${Math.random()}` };
    await e.ready?.();
    const first = await call(o, e, e.body, key), gives = o.operation.responses[first.status]?.content?.['application/json']?.schema;
    assert.ok(gives, `${o.name}: ${first.status} ${first.text.slice(0, 400)}`);
    assert.deepEqual(schemas.mistakes(gives, first.body), [], o.name);
    assert.equal(first.headers['idempotency-replayed'], undefined, o.name);
    const before = await journal(), again = await call(o, e, e.body, key);
    assert.equal(again.status, first.status, `${o.name}: ${again.text}`);
    assert.equal(again.headers['idempotency-replayed'], 'true', o.name);
    for (const name of ['id', 'code', 'n', 'version', 'number']) if (first.body[name] !== undefined && name in again.body && !/publish|withdraw/.test(o.path) && !(name === 'version' && /batches/.test(o.path))) assert.equal(again.body[name], first.body[name], `${o.name} ${name}`);
    const other = await call(o, e, { ...e.body, unknown: 1 }, key);
    assert.equal(other.status, 422, `${o.name}: another body with the same key: ${other.status} ${other.text}`);
    assert.equal(await journal(), before, `${o.name} was done twice: ${journal.last}`);
    const long = await call(o, await examples[o.name](), e.body, { 'idempotency-key': 'k'.repeat(300) });
    assert.ok(long.status >= 400 && long.status < 500, `${o.name}: a key of 300 letters: ${long.status}`);
  }
});

test('a change names the version that was seen: 428 without, 412 when it is another, and nothing happens', async () => {
  for (const o of changing()) {
    if (!examples[o.name] || !header(o, 'If-Match')) continue;
    const e = await examples[o.name](), tag = await version(e);
    assert.match(tag ?? '', /^"\d+"$/, `${o.name} has a version`);
    const before = await journal();
    assert.equal((await call(o, e, e.body)).status, 428, o.name);
    for (const wrong of ['"987654321"', '*', tag.slice(1, -1), `W/${tag}`, '""', `${tag}, "2"`]) {
      const answer = await call(o, e, e.body, { 'if-match': wrong });
      assert.equal(answer.status, 412, `${o.name} with ${wrong}: ${answer.text}`);
      assert.deepEqual(schemas.mistakes(problem, answer.body), [], o.name);
    }
    assert.equal(await journal(), before, `${o.name} changed something: ${journal.last}`);
    const done = await call(o, e, e.body, { 'if-match': await version(e) });
    if (e.quick && [409, 412].includes(done.status)) continue; // it was over by then
    assert.equal(done.status, 200, `${o.name}: ${done.text}`);
    assert.deepEqual(schemas.mistakes(o.operation.responses[200].content['application/json'].schema, done.body), [], o.name);
    assert.equal((await call(o, e, e.body, { 'if-match': tag })).status, 412, `${o.name}: the version from before`);
  }
});

test('what needs neither a key nor a version changes nothing when it is sent twice', async () => {
  for (const o of changing()) {
    if (!examples[o.name] || header(o, 'If-Match') || header(o, 'Idempotency-Key')) continue;
    const e = await examples[o.name](), first = await call(o, e, e.body), success = Object.keys(o.operation.responses).find(s => /^2/.test(s));
    assert.equal(String(first.status), success, `${o.name}: ${first.text}`);
    const before = await journal();
    assert.equal((await call(o, e, e.body)).status, first.status, o.name);
    assert.equal(await journal(), before, `${o.name}: ${journal.last}`);
  }
});

// The acts that people may do just now, in the demo's dossiers of every state: [act, login, code].
async function possibleActs() {
  const found = new Map();
  for (const login of logins)
    for (const { code: one } of (await people[login].get('/api/v1/dossiers?limit=100')).body?.items ?? []) {
      const { body } = await people[login].get(`/api/v1/dossiers/${one}`);
      for (const action of body?.actions ?? []) if (!found.has(action.name)) found.set(action.name, { login, code: one, required: action.required });
    }
  return found;
}
const usual = { reason: 'Thiếu giấy tờ', note: 'x', outcome: 'granted', to: 'chuyenvien2', until: day(20), amount: 50000, currency: 'VND', items: [{ component: 'x', reason: 'Mờ', basis: 'Điều 1' }], answers: [{ n: 1, text: 'a' }], files: [{ file: '0'.repeat(64), component: 'x' }], units: ['G11'] };

test('no field of an act takes what its schema does not allow, and an act names the version that was seen', async () => {
  const acts = await possibleActs(), wrong = [], tried = [];
  let sent = 0;
  for (const o of changing().filter(isAct)) {
    const name = o.path.split('/').at(-1), found = acts.get(name);
    if (!found) continue;
    tried.push(name);
    const schema = bodySchema(o), { etag } = await people[found.login].get(`/api/v1/dossiers/${found.code}`);
    const body = Object.fromEntries(Object.entries(schema.properties).map(([field, inner]) => [field, inner.type === 'array' && !Array.isArray(usual[field]) ? [usual[field]] : inner.enum?.[0] ?? usual[field]]).filter(([, v]) => v !== undefined));
    const e = { login: found.login, target: o.path.replace('{code}', found.code), body }, before = await journal();
    assert.equal((await call(o, e, body)).status, 428, name);
    assert.ok([412, 422].includes((await call(o, e, body, { 'if-match': '"999999"' })).status), name); // 422: the papers that it names are not there
    const result = await torture(o, e, { 'if-match': etag });
    sent += result.sent;
    wrong.push(...result.wrong);
    if (await journal() !== before) wrong.push(`${o.name} changed something: ${journal.last}`);
    assert.equal((await people[found.login].get(`/api/v1/dossiers/${found.code}`)).etag, etag, name);
  }
  console.log(`${sent} hostile bodies for ${tried.length} acts; not possible now: ${changing().filter(isAct).map(o => o.path.split('/').at(-1)).filter(n => !tried.includes(n))}`);
  assert.deepEqual(wrong, []);
});

test('every list and every thing that can be read is what the document says', async () => {
  const wrong = [], silent = [], codes = new Set([code]), ids = {};
  for (const login of logins) for (const d of (await people[login].get('/api/v1/dossiers?limit=100')).body?.items ?? []) codes.add(d.code);
  for (const [what, list, login] of [['batches', '/api/v1/batches', 'tiepnhan'], ['absences', '/api/v1/absences', 'lanhdao'], ['webhooks', '/api/v1/webhooks', 'quantri']]) ids[what] = (await people[login].get(list)).body.items[0].id;
  for (const [path, { get }] of Object.entries(document.paths)) {
    const schema = get?.responses[200]?.content?.['application/json']?.schema;
    if (!schema) continue;
    const one = path.replace('{code}', /procedures/.test(path) ? '1.013285' : code).replace('{version}', '1').replace('{identifier}', 'G11').replace('{name}', 'vietnam').replace('{id}', ids[path.split('/')[3]]);
    const query = /slots/.test(path) ? '?agency=G11' : /lookup/.test(path) ? `?code=${code}` : '';
    const targets = path.startsWith('/api/v1/dossiers/{code}') ? [...codes].map(c => path.replace('{code}', c)) : [one + query];
    let answers = 0;
    for (const target of targets)
      for (const login of logins) {
        const { status, body } = await people[login].get(target);
        if (status !== 200) continue;
        answers++;
        wrong.push(...schemas.mistakes(schema, body).map(m => `${login} ${target}: ${m}`));
      }
    if (answers === 0) silent.push(path);
  }
  assert.deepEqual(wrong.slice(0, 40), []);
  assert.deepEqual(silent, ['/api/v1/dossiers/{code}/identity']); // denunciations have a story of their own
});

test('after all of that the office is the same process, and well', async () => {
  assert.equal(office.process.exitCode, null, office.log);
  assert.equal((await office.command('audit', 'verify')).code, 0);
  assert.deepEqual(office.log.split('\n').filter(line => /level=error|\bBUG\b|Sanitizer|runtime error/i.test(line)), []);
});
