// What somebody types into an application stays: in two windows, on two devices, when the session ends in the middle, when the
// form of an earlier sign-in is sent, when it is sent twice, when it is very long.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from './support/office.mjs';

const start = '/nop-ho-so/1.013285';
let office;
before(async () => { office = await openOffice(); });
after(() => office.close());

async function begin() {
  const person = await office.signIn('congdan');
  return { person, draft: await person.begin(`${start}?moi=1`) };
}
const typed = async (person, draft) => (await person.get(`${draft}/khai`)).form(`${draft}/khai`)['form/request'];

test('two windows on one step: the second sees both and decides; nothing is overwritten unseen', async () => {
  const { person, draft } = await begin(), at = `${draft}/khai`;
  const other = await office.signIn('congdan');
  const [first, second] = [await person.get(at), await other.get(at)];
  assert.equal((await person.post(at, { ...first.form(at), 'form/request': 'Từ điện thoại.' })).status, 303);
  const both = await other.post(at, { ...second.form(at), 'form/request': 'Từ máy tính.' });
  assert.equal(both.status, 422);
  assert.match(both.words, /Từ điện thoại\./);
  assert.equal(both.form(at)['form/request'], 'Từ máy tính.');
  assert.equal(await typed(person, draft), 'Từ điện thoại.', 'not overwritten');
  assert.equal((await other.post(at, both.form(at))).status, 303, 'decided');
  assert.equal(await typed(person, draft), 'Từ máy tính.');
  // The same said twice is no disagreement, and nor are two different steps.
  assert.equal((await person.post(at, { ...first.form(at), 'form/request': 'Từ máy tính.' })).status, 303);
  const where = await person.get(`${draft}/nhan-ket-qua`);
  assert.equal((await other.post(at, { ...(await other.get(at)).form(at), 'form/request': 'Lần nữa.' })).status, 303);
  assert.equal((await person.post(`${draft}/nhan-ket-qua`, { ...where.form(`${draft}/nhan-ket-qua`), 'return/manner': 'electronic' })).status, 303);
  assert.equal(await typed(person, draft), 'Lần nữa.');
});

test('three windows that save different steps at the same moment lose nothing', async () => {
  const { person, draft } = await begin();
  const pages = await Promise.all(['khai', 'nguoi-nop', 'nhan-ket-qua'].map(step => person.get(`${draft}/${step}`)));
  const [form, parties, wish] = pages.map((page, i) => page.form(`${draft}/${['khai', 'nguoi-nop', 'nhan-ket-qua'][i]}`));
  const done = await Promise.all([
    person.post(`${draft}/khai`, { ...form, 'form/request': 'Song song.' }),
    person.post(`${draft}/nguoi-nop`, { ...parties, 'parties/0/address': 'Xã Song Song, tỉnh Lâm Đồng' }),
    person.post(`${draft}/nhan-ket-qua`, { ...wish, 'return/manner': 'in-person' }),
  ]);
  assert.deepEqual(done.map(d => d.status), [303, 303, 303]);
  assert.equal(await typed(person, draft), 'Song song.');
  assert.equal((await person.get(`${draft}/nguoi-nop`)).form(`${draft}/nguoi-nop`)['parties/0/address'], 'Xã Song Song, tỉnh Lâm Đồng');
  assert.equal((await person.get(`${draft}/nhan-ket-qua`)).form(`${draft}/nhan-ket-qua`)['return/manner'], 'in-person');
});

test('a script saves while somebody types, and tells when another window saved something else', async () => {
  const { person, draft } = await begin(), at = `${draft}/khai`, form = (await person.get(at)).form(at);
  const saved = await person.post(at, { ...form, 'form/request': 'Đang gõ', autosave: '1' });
  assert.equal(saved.status, 200);
  const { at: when, seen } = JSON.parse(saved.text);
  assert.match(when, /\d/);
  assert.equal(await typed(person, draft), 'Đang gõ');
  assert.equal((await person.post(at, { ...form, 'form/request': 'Cửa sổ cũ', autosave: '1' })).status, 409);
  assert.equal(await typed(person, draft), 'Đang gõ');
  assert.equal((await person.post(at, { ...form, seen: String(seen), 'form/request': 'Đang gõ tiếp', autosave: '1' })).status, 200);
  assert.equal(await typed(person, draft), 'Đang gõ tiếp');
});

test('the session ends while a page is open: after signing in again everything typed is there', async () => {
  const { person, draft } = await begin(), at = `${draft}/khai`, form = (await person.get(at)).form(at);
  person.cookies.delete('motcua');
  const refused = await person.post(at, { ...form, 'form/request': 'Tôi gõ rất lâu.' });
  assert.equal(refused.status, 303);
  const login = refused.headers.get('location');
  assert.match(login, /^\/dang-nhap\?return=/);
  const page = await person.get(login);
  const back = await person.post('/dang-nhap', { ...page.form('/dang-nhap'), login: 'congdan', password: 'mot-cua-2026' });
  assert.equal(back.headers.get('location'), at);
  assert.equal((await person.get(at)).status, 303, 'it is saved and goes on as it would have');
  assert.equal(await typed(person, draft), 'Tôi gõ rất lâu.');
  assert.equal((await person.get(at)).status, 200, 'once');
});

test('a form of an earlier sign-in is taken; of another site or of another person it is not', async () => {
  const { person, draft } = await begin(), at = `${draft}/khai`, form = (await person.get(at)).form(at);
  const again = await office.signIn('congdan');
  const held = await again.post(at, { ...form, csrf: 'cũ', 'form/request': 'Trang mở từ hôm qua.' });
  assert.equal(held.status, 303);
  assert.equal(held.headers.get('location'), at);
  assert.equal((await again.get(at)).status, 303);
  assert.equal(await typed(person, draft), 'Trang mở từ hôm qua.');
  const foreign = await again.fetch('POST', at, { body: new URLSearchParams({ 'form/request': 'x' }), headers: { origin: 'https://example.com' } });
  assert.equal(foreign.status, 403);
  const silent = await again.fetch('POST', at, { body: new URLSearchParams({ 'form/request': 'x' }), headers: { origin: '' } });
  assert.equal(silent.status, 403, 'without a word of where it comes from');
  // Somebody else signs in at the same browser: the form is not theirs.
  const shared = await office.signIn('congdan');
  shared.cookies.delete('motcua');
  await shared.post(at, { ...form, 'form/request': 'Của người trước.' });
  const login = await shared.get('/dang-nhap');
  await shared.post('/dang-nhap', { ...login.form('/dang-nhap'), login: 'doanhnghiep', password: 'mot-cua-2026' });
  assert.equal((await shared.get(at)).status, 404);
  assert.equal(await typed(person, draft), 'Trang mở từ hôm qua.');
});

test('what is far too long comes back as it was typed, with a sentence', async () => {
  const { person, draft } = await begin(), at = `${draft}/khai`, form = (await person.get(at)).form(at);
  const long = 'Tôi đề nghị. '.repeat(400);
  const refused = await person.post(at, { ...form, 'form/request': long });
  assert.equal(refused.status, 422, refused.words.slice(0, 200));
  assert.equal(refused.form(at)['form/request'].trim(), long.trim());
});

test('begun on a phone, it goes on where it was left on a computer', async () => {
  const phone = await office.signIn('congdan'), draft = await phone.begin(`${start}?moi=1`), at = `${draft}/khai`;
  await phone.post(at, { ...(await phone.get(at)).form(at), 'form/request': 'Gõ trên điện thoại.' });
  phone.cookies.clear(); // its battery is empty
  const computer = await office.signIn('congdan'), home = await computer.get('/ho-so-cua-toi');
  assert.ok(home.text.includes(`href="${at}"`), 'the list leads to the step');
  assert.equal((await computer.get(at)).form(at)['form/request'], 'Gõ trên điện thoại.');
  assert.equal((await computer.get(start)).headers.get('location'), draft, 'so does the start page of the procedure');
});

test('the list of drafts says how far each is and leads to where it was left', async () => {
  const { person, draft } = await begin(), at = `${draft}/khai`;
  await person.post(at, { ...(await person.get(at)).form(at), 'form/request': 'Để sau.', later: '1' });
  const mine = await person.get('/ho-so-cua-toi');
  assert.match(mine.words, /Đã xong [0-9] trên 6 phần/);
  assert.ok(mine.text.includes(`href="${at}"`));
});

test('what is known is filled in with its source; what is wrong is said with a tick, and the office reads it', async () => {
  const { person, draft } = await begin(), at = `${draft}/nguoi-nop`;
  let page = await person.get(at);
  assert.match(page.words, /tài khoản của quý vị|tài khoản/i);
  assert.equal(page.form(at)['parties/0/name'], 'Nguyễn Thị Ngọc Ánh');
  assert.ok(page.text.includes('name="wrong/parties/0/name"'), 'a way to say that it is wrong');
  const known = page.form(at);
  const place = ['parties/0/phone', 'parties/0/address', 'parties/0/email'].find(p => known[p] && page.text.includes(`name="wrong/${p}"`));
  assert.ok(place, 'the account knows where its person is reached');
  assert.equal((await person.post(at, { ...known, [`wrong/${place}`]: 'yes' })).status, 303);
  page = await person.get(at);
  assert.equal(page.form(at)[place], '', 'what is wrong is not sent');
  assert.match(page.words, /đã báo thông tin điền sẵn này không đúng/);
  // As a program sends it: the office reads it, the applicant is not told what they said.
  const client = await office.as('congdan'), officer = await office.as('tiepnhan');
  const body = { ...(await submission(client, '1.013170', { agency: 'G11' })), doubts: { [place]: 'account' } };
  const { body: made } = await client.post('/api/v1/dossiers', body);
  assert.deepEqual((await officer.get(`/api/v1/dossiers/${made.code}`)).body.doubts, [{ place, source: 'account' }]);
  assert.deepEqual((await client.get(`/api/v1/dossiers/${made.code}`)).body.doubts, []);
  assert.match((await (await office.signIn('tiepnhan')).get(`/ho-so/${made.code}`)).words, /Người nộp báo không đúng/);
  assert.equal((await client.post('/api/v1/dossiers', { ...body, doubts: { form: 'account' } })).status, 422);
});

test('what the account does not know comes from the latest dossier of the same person, and says so', async () => {
  const client = await office.as('congdan');
  const { body: made } = await client.post('/api/v1/dossiers', await submission(client, '1.013170', { agency: 'G11' }));
  const owner = await office.signIn('congdan'), account = await owner.get('/tai-khoan');
  const action = account.actions.find(a => 'address' in (account.form(a) ?? {}));
  assert.ok((await owner.post(action, { ...account.form(action), phone: '', address: '' })).status < 400);
  const { person, draft } = await begin(), at = `${draft}/nguoi-nop`, page = await person.get(at);
  assert.equal(page.form(at)['parties/0/address'], (await client.get(`/api/v1/dossiers/${made.code}`)).body.parties[0].address);
  assert.ok(page.words.includes(`Điền sẵn từ: hồ sơ ${made.code}`), page.words);
});
