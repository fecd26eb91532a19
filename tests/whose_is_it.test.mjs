// Whose is it: everything that has an address of its own and belongs to somebody, asked for by everybody to whom it does not belong, by
// every way that the program has to it (drawn from `motcua routes`). Strangers hear that there is no such thing, or that they may not;
// never what is in it; and nothing changes. The table says of every route with a name in its address whose the thing is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, owner, pdf, Visitor } from './support/office.mjs';
import { openWorld } from './ux/world.mjs';

const inside = ['tiepnhan', 'chuyenvien', 'lanhdao', 'vanthu'];
const everybody = [null, 'congdan', 'doanhnghiep', ...inside, ...inside.map(l => `${l}.xa`), ...inside.map(l => `${l}.tinh`), 'quantri'];
const MANAGED = /\.manage$/; // the permission is all that is asked: permission_matrix.test.mjs

// What it is: which addresses, who may (everybody else is a stranger), what is in it that strangers must never read.
const things = {
  'a dossier': { at: /^(\/api\/v1\/dossiers|\/ho-so)\/\{code\}/, may: ['congdan', ...inside], secret: () => world.secret },
  'an application not sent yet': { at: /^\/nop-ho-so\/\{procedure\}\/\{draft\}/, may: ['congdan'], secret: () => 'Đề nghị thẩm định kế hoạch.' },
  'a paper of one\'s own': { at: /^\/kho-giay-to\/\{id\}/, may: ['congdan'], secret: () => '%PDF' },
  'a visit': { at: /^\/tai-khoan\/phien\/\{key\}/, may: ['congdan'] },
  'a mandate': { at: /^\/uy-quyen\/\{id\}/, may: ['congdan', 'doanhnghiep'] },
  'a notice': { at: /^\/api\/v1\/notices\/\{id\}/, may: ['congdan'] },
  'a batch': { at: /^(\/api\/v1\/batches|\/viec\/hang-loat)\/\{id\}/, may: ['tiepnhan', 'lanhdao'], secret: () => world.batched },
  'an absence': { at: /^(\/api\/v1\/absences|\/viec\/vang-mat)\/\{id\}/, may: inside },
  'an appointment to keep': { at: /^\/lich-hen\/\{id\}\/huy/, may: ['congdan'] },
  'an appointment of programs': { at: /^\/api\/v1\/appointments\/\{id\}/, may: ['congdan', 'tiepnhan'] }, // the office cancels with a reason
  'an appointment at the counter': { at: /^(\/tiep-nhan\/lich-hen|\/api\/v1\/counter\/appointments)\/\{id\}/, may: ['tiepnhan'] },
};
// Everything else with a name in its address: for everybody, or the name is a secret that opens it (QR codes and links of letters).
const open = /^\/(api\/v1\/(agencies|procedures|calendars|dossiers$)|thu-tuc|nop-ho-so\/\{procedure\}$|tiep-nhan\/ho-so|lay-so|bang-so|tro-giup|problems|language|giao-dien|theme|so\/\{book\}|viec\/loc)/;
const secret = /\/\{(token|code)\}|^\/lich-hen\/\{id\}/;

let world, office, routes, auditor, values;
const people = new Map(), programs = new Map();
before(async () => {
  world = await openWorld();
  office = world.office;
  auditor = await office.as('quantri');
  routes = JSON.parse((await office.command('routes', '--json')).stdout).filter(r => r.path.includes('{'));
  for (const login of everybody) {
    people.set(login, login ? await office.signIn(login) : new Visitor(office));
    programs.set(login, login ? await office.as(login) : new Client(office));
  }
  values = await belongings();
});
after(() => office.close());

async function belongings() {
  const citizen = people.get('congdan'), program = programs.get('congdan'), idOf = (page, pattern) => pattern.exec(page.text)?.[1];
  await citizen.post('/kho-giay-to', (await citizen.get('/kho-giay-to')).form('/kho-giay-to') ?? {}, { upload: [new File([pdf('của tôi')], 'giay-rieng.pdf', { type: 'application/pdf' })] });
  const vault = (await program.get('/api/v1/vault')).body.items[0];
  const counter = people.get('tiepnhan'), card = { card: '068190999901', name: 'Nguyễn Thị Ngọc Ánh', compared: 'yes' };
  await counter.post('/tiep-nhan/tai-khoan', { ...(await counter.get('/tiep-nhan/tai-khoan')).form('/tiep-nhan/tai-khoan'), ...card });
  await citizen.post('/uy-quyen', { ...(await citizen.get('/uy-quyen')).form('/uy-quyen'), taker: 'doanhnghiep' });
  const absence = await programs.get('lanhdao').post('/api/v1/absences', { account: 'chuyenvien', substitute: 'chuyenvien2', from: '2026-11-24', to: '2026-11-25' });
  const dossier = await program.get(`/api/v1/dossiers/${world.running}`);
  world.secret = dossier.body.parties?.[0]?.name ?? owner.name;
  await office.settled();
  const notice = (await program.get('/api/v1/notices')).body.items[0];
  return {
    code: world.running, n: '1', page: '1', slip: 'receipt', file: '1', procedure: '1.013124', draft: world.draft.split('/').at(-1), batch: world.batch, vault: vault?.id, notice: notice?.id,
    key: idOf(await citizen.get('/tai-khoan/phien'), /\/tai-khoan\/phien\/([^/"]+)\/dang-xuat/), mandate: idOf(await citizen.get('/uy-quyen'), /\/uy-quyen\/(\d+)\//), absence: absence.body?.id,
    appointment: world.appointment.split('/').at(-1), booking: (await program.get('/api/v1/appointments')).body.items[0]?.id, act: 'end',
  };
}
const idOf = { 'a paper of one\'s own': 'vault', 'a notice': 'notice', 'a batch': 'batch', 'a mandate': 'mandate', 'an absence': 'absence', 'an appointment to keep': 'booking', 'an appointment of programs': 'booking', 'an appointment at the counter': 'booking' };
const kindOf = route => Object.keys(things).find(k => things[k].at.test(route.path));
const address = (route, kind) => route.path.replace(/\{(\w+)\}/g, (_, name) => (name === 'id' ? values[idOf[kind]] : values[name]) ?? '1');

async function count() {
  await office.settled();
  let after = count.last ?? '0';
  for (;;) {
    const { body } = await auditor.get(`/api/v1/events?after=${after}&limit=100`);
    if (body.items.length === 0) return (count.last = after);
    after = body.next_cursor;
  }
}

async function ask(login, route, target) {
  if (route.path.startsWith('/api/')) return programs.get(login).fetch(route.method, target, route.method === 'GET' ? {} : { body: { covers: true, reason: 'x' }, headers: { 'if-match': '"1"' } });
  const visitor = people.get(login);
  if (route.method === 'GET') return visitor.get(target);
  const csrf = /name="csrf" value="([^"]+)"/.exec((await visitor.get('/tai-khoan')).text)?.[1] ?? '';
  return visitor.post(target, { csrf, version: '1', note: 'x', reason: 'x', what: 'missed', answer: 'accept', act: 'disable' });
}

test('of everything with an address it is known whose it is', () => {
  for (const route of routes) assert.ok(kindOf(route) || MANAGED.test(route.permission) || open.test(route.path) || secret.test(route.path), `${route.method} ${route.path}: say in this table whose it is`);
});

test('everything that is tried is really there, for those whose it is', async () => {
  for (const [kind, name] of [...Object.entries(idOf), ['a visit', 'key'], ['an application not sent yet', 'draft'], ['a dossier', 'code']]) assert.ok(values[name], `${kind}: nothing to try with`);
  for (const [kind, login, target] of [['a dossier', 'congdan', `/ho-so/${values.code}`], ['a dossier', 'tiepnhan', `/api/v1/dossiers/${values.code}`], ['an application not sent yet', 'congdan', `${world.draft}/khai`],
    ['a paper of one\'s own', 'congdan', `/kho-giay-to/${values.vault}/tep`], ['a batch', 'tiepnhan', `/api/v1/batches/${values.batch}/items`], ['an absence', 'lanhdao', `/api/v1/absences/${values.absence}`]]) {
    const answer = await (target.startsWith('/api') ? programs : people).get(login).get(target);
    assert.equal(answer.status, 200, `${login} ${target}`);
    const words = things[kind].secret?.();
    if (words) assert.ok(answer.text.includes(words), `${login} does not read "${words}" at ${target}`);
  }
});

for (const kind of Object.keys(things))
  test(`${kind} is there for those whose it is, and for nobody else`, async () => {
    const ways = routes.filter(r => kindOf(r) === kind), before = await count(), thing = things[kind];
    assert.ok(ways.length > 0);
    let asked = 0;
    for (const route of ways) {
      const target = address(route, kind);
      for (const login of everybody.filter(l => !thing.may.includes(l))) {
        const answer = await ask(login, route, target), what = `${login}: ${route.method} ${target}: ${answer.status}`;
        const leads = answer.headers.get('location') ?? '';
        const isRefused = [401, 403, 404].includes(answer.status) || (answer.status === 303 && /^\/dang-nhap/.test(leads) && login === null);
        assert.ok(isRefused, `${what} ${leads} ${answer.text.slice(0, 200)}`);
        const words = thing.secret?.();
        if (words) assert.ok(!answer.text.includes(words), `${what} says "${words}"`);
        asked++;
      }
    }
    assert.equal(await count(), before, `${kind}: a stranger changed something`);
    assert.ok(asked >= 8, `${asked} tries`);
  });

test('an address that is a secret opens one thing, and a guess opens nothing', async () => {
  for (const target of [world.follow, world.ticket, world.appointment, world.confirm]) {
    assert.ok(target, 'nothing to try with');
    const parts = target.split('?')[0].split('/'), token = parts.at(-1);
    assert.ok(token.length >= 22, `${target}: short enough to guess`);
    for (const guess of [token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A'), token.slice(1), `${token}A`, token.toLowerCase() === token ? token.toUpperCase() : token.toLowerCase(), 'A'.repeat(token.length), `${token}%00`, `${token}/..`]) {
      const answer = await people.get(null).get([...parts.slice(0, -1), guess].join('/'));
      assert.ok([400, 404].includes(answer.status) || (guess.endsWith('/..') && answer.status < 400) || (answer.status === 303 && /dang-nhap/.test(answer.headers.get('location'))), `${parts.slice(0, -1).join('/')}/${guess}: ${answer.status}`);
    }
  }
});

test('files of others cannot be attached by their hash or number', async () => {
  const stranger = programs.get('doanhnghiep'), dossier = (await programs.get('congdan').get(`/api/v1/dossiers/${world.running}`)).body;
  const hash = dossier.files?.[0]?.hash ?? dossier.files?.[0]?.file ?? dossier.papers?.[0]?.hash;
  const upload = (await programs.get('congdan').upload(pdf('của người khác'))).body;
  for (const file of [upload.id, upload.hash, hash].filter(Boolean)) {
    const answer = await stranger.post('/api/v1/dossiers', { procedure: '1.013285', agency: 'G11', channel: 'online', case: null, parties: [owner], form: { request: 'x' }, files: [{ component: 'x', file }] });
    assert.equal(answer.status, 422, answer.text);
    assert.doesNotMatch(answer.text, /của người khác/);
  }
});

test('a session is a new one after signing in, ends everywhere it should, and cannot be set from outside', async () => {
  const visitor = new Visitor(office);
  const name = [...people.get('congdan').cookies.keys()].find(k => /session|phien|motcua/i.test(k)) ?? [...people.get('congdan').cookies.keys()][0];
  const planted = 'A'.repeat(people.get('congdan').cookies.get(name).length);
  visitor.cookies.set(name, planted);
  const page = await visitor.get('/dang-nhap');
  const answer = await visitor.post('/dang-nhap', { ...page.form('/dang-nhap'), login: 'congdan', password: 'mot-cua-2026' });
  assert.equal(answer.status, 303);
  assert.notEqual(visitor.cookies.get(name), planted, 'the session that was planted is not the one that is signed in');
  const first = visitor.cookies.get(name), again = new Visitor(office);
  again.cookies.set(name, first);
  await again.post('/dang-nhap', { ...(await again.get('/dang-nhap')).form('/dang-nhap'), login: 'doanhnghiep', password: 'mot-cua-2026' });
  assert.notEqual(again.cookies.get(name), first, 'another person, another session');
  const out = await visitor.get('/tai-khoan');
  if (out.status === 200) await visitor.post('/dang-xuat', out.form('/dang-xuat'));
  const later = new Visitor(office);
  later.cookies.set(name, first);
  assert.notEqual((await later.get('/tai-khoan')).status, 200, 'a session that was ended opens nothing');
});
