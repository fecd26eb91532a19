// Who has no e-ID, or forgot the password, comes with the card: the officer compares it, the person gets a code on paper and chooses
// the password themselves; what was issued to their number is then in their store.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openOffice, submission, Visitor, wholeWay } from './support/office.mjs';

const COUNTER = '/tiep-nhan/tai-khoan', CODE = '/ma-tai-khoan', NUMBER = '068190123457';
const CARD = `${NUMBER}|245123456|Lò Thị Mẩy|01021990|Nữ|Bản Pa Cheo, tỉnh Lào Cai|01012022`;
const WORD = 'con trau di truoc cai cay';
let office, receiver;
before(async () => {
  office = await openOffice();
  receiver = await office.signIn('tiepnhan');
});
after(() => office.close());

const give = async (fields, who = receiver) => who.post(COUNTER, { ...(await who.get(COUNTER)).form(COUNTER), ...fields });
const codeOf = page => /mc-person-code__words">([^<]+)</.exec(page.text)?.[1];
async function choose(code, secret, visitor = new Visitor(office)) {
  const page = await visitor.get(`${CODE}/${code}`);
  return visitor.post(CODE, { ...page.form(CODE), password: secret });
}

test('a card that was scanned opens an account; the person chooses the password and is signed in', async () => {
  const page = await give({ card: CARD, phone: '0987 111 222', compared: 'yes' });
  assert.equal(page.status, 200, page.words);
  assert.match(page.words, /Đã mở tài khoản cho Lò Thị Mẩy.*tên 0987111222/);
  assert.match(page.headers.get('cache-control'), /no-store/);
  assert.doesNotMatch(page.text, new RegExp(NUMBER), 'the number is not on the paper');
  const person = new Visitor(office), code = codeOf(page);
  assert.match(code, /^[\w]{4}(-[\w]{4}){3}$/);
  const typed = await person.post(CODE, { ...(await person.get(CODE)).form(CODE), code: code.toUpperCase().replaceAll('-', ' ') });
  assert.match(typed.words, /Tên đăng nhập của quý vị là 0987111222/);
  const weak = await person.post(CODE, { ...typed.form(CODE), password: 'ngắn' });
  assert.equal(weak.status, 422);
  const done = await person.post(CODE, { ...weak.form(CODE), password: WORD });
  assert.equal(done.status, 303);
  assert.match((await person.get('/tai-khoan')).words, /Lò Thị Mẩy.*068\*+57/);
  assert.ok(await office.signIn('0987111222', WORD));
  assert.match((await choose(code, 'mot mat khau khac')).words, /không đúng hoặc đã hết hiệu lực/, 'a code is used once');
});

test('what was issued to the number before is in the store, and the person reads who opened their account', async () => {
  const counter = await office.as('tiepnhan');
  const party = { role: 'owner', kind: 'citizen', name: 'Lò Thị Mẩy', identities: [{ type: 'personal_id', value: NUMBER }], address: 'Bản Pa Cheo' };
  const made = await counter.post('/api/v1/dossiers', await submission(counter, '1.013124', { agency: 'G11', channel: 'counter', party }));
  assert.equal(made.status, 201, made.text);
  for (const [login, act, fields] of wholeWay('')) assert.equal((await (await office.as(login)).act(made.body.code, act, fields)).status, 200);
  const person = await office.signIn('0987111222', WORD);
  await eventually('the paper in the store', async () => (await person.get('/kho-giay-to')).words.includes(made.body.code));
  assert.match((await person.get('/kho-giay-to')).words, new RegExp(`hồ sơ ${made.body.code}`));
  assert.match((await person.get('/tai-khoan/ai-da-xem')).words, /Bộ Quốc phòng Cán bộ một cửa Tài khoản của quý vị, tại quầy/);
});

test('whom a decision of the authority concerns is told, and has it in the store', async () => {
  const officer = await office.as('chuyenvien'), party = { role: 'owner', kind: 'citizen', name: 'Lò Thị Mẩy', identities: [{ type: 'personal_id', value: NUMBER }] };
  const body = { ...await submission(officer, '1.013630', { agency: 'G11', channel: 'counter', party }), channel: 'internal', case: null };
  const made = await officer.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  for (const [login, act, fields] of wholeWay('').slice(1, 5)) assert.equal((await (await office.as(login)).act(made.body.code, act, fields)).status, 200, act);
  const person = await office.signIn('0987111222', WORD), stranger = await office.signIn('congdan');
  await office.settled();
  assert.match((await person.get('/thong-bao')).words, new RegExp(`quyết định liên quan đến quý vị.*${made.body.code}|${made.body.code}.*quyết định liên quan đến quý vị`));
  assert.match((await person.get('/kho-giay-to')).words, new RegExp(made.body.code));
  assert.doesNotMatch((await stranger.get('/thong-bao')).words, new RegExp(made.body.code));
});

test('who signs up alone with a number that the office knows finds nothing under it', async () => {
  const number = '068190123458', counter = await office.as('tiepnhan');
  const party = { role: 'owner', kind: 'citizen', name: 'Vàng A Dế', identities: [{ type: 'personal_id', value: number }], address: 'Bản Pa Cheo' };
  const { code } = (await counter.post('/api/v1/dossiers', await submission(counter, '1.013124', { agency: 'G11', channel: 'counter', party }))).body;
  for (const [login, act, fields] of wholeWay('')) await (await office.as(login)).act(code, act, fields);
  const thief = new Visitor(office), form = (await thief.get('/dang-ky')).form('/dang-ky');
  assert.equal((await thief.post('/dang-ky', { ...form, kind: 'citizen', name: 'Kẻ Gian', number, login: 'kegian', password: WORD })).status, 303);
  await office.settled();
  assert.doesNotMatch((await thief.get('/kho-giay-to')).words, new RegExp(code));
});

test('a forgotten password: the same card, a new code; every browser is signed out, the old password is dead', async () => {
  const before = await office.signIn('0987111222', WORD);
  const page = await give({ card: NUMBER, name: 'LÒ THỊ MẨY', compared: 'yes' });
  assert.match(page.words, /Lò Thị Mẩy đã có tài khoản/);
  assert.equal((await before.get('/tai-khoan')).status, 200, 'until the new one is chosen the old one holds');
  assert.equal((await choose(codeOf(page), 'mot con ngua dau ca tau')).status, 303);
  assert.equal((await before.get('/tai-khoan')).status, 303);
  await assert.rejects(office.signIn('0987111222', WORD));
  const [first, second] = [await give({ card: NUMBER, name: 'Lò Thị Mẩy', compared: 'yes' }), await give({ card: NUMBER, name: 'Lò Thị Mẩy', compared: 'yes' })];
  assert.equal((await choose(codeOf(first), WORD)).status, 404, 'a newer code ends the one before');
  assert.equal((await choose(codeOf(second), WORD)).status, 303);
});

test('no card, another name, an officer, a wrong number: refused, each in its place', async () => {
  const none = await give({ card: CARD, phone: '0987 111 333' });
  assert.equal(none.status, 422);
  assert.match(none.text, /href="#compared"/);
  assert.match((await give({ card: NUMBER, name: 'Giàng A Pháo', compared: 'yes' })).words, /mang tên khác/);
  const wrong = await give({ card: '12345', name: 'Giàng A Pháo', compared: 'yes' });
  assert.match(wrong.text, /href="#card"/);
  assert.match(wrong.text, /href="#login"/, 'all at once');
  assert.equal((await (await office.signIn('chuyenvien')).get(COUNTER)).status, 403);
  assert.equal((await (await office.signIn('congdan')).get(COUNTER)).status, 403);
});

test('a code is dead after its hours', async () => {
  const page = await give({ card: NUMBER, name: 'Lò Thị Mẩy', compared: 'yes' });
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: new Date(Date.now() + 25 * 3600e3).toISOString() });
  assert.equal((await choose(codeOf(page), 'qua muon roi nhe')).status, 404);
  await office.stop();
  await office.serve();
});

test('nobody tries many codes, whether they look at them or use them at once', async () => {
  const thief = new Visitor(office), form = (await thief.get(CODE)).form(CODE);
  let last;
  for (let i = 0; i < 100 && last?.status !== 429; i++) last = await thief.post(CODE, { ...form, code: `abcd-efgh-jkmn-p${100 + i}`, password: WORD });
  assert.equal(last.status, 429);
  assert.match(last.text, /href="#code"/, 'said at its field');
  assert.equal((await thief.get(`${CODE}/abcd-efgh-jkmn-pqrs`)).status, 429);
});
