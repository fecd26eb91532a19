// A citizen's way on the pages alone, as a browser without scripts sends them: apply step by step, nothing typed is lost,
// submitting twice makes one dossier, strangers see only how far it is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, pdf, submission, Visitor } from './support/office.mjs';

const CODE = '1.013124', COMPLAINT = '1.013531';
let office, citizen, stranger;
before(async () => {
  office = await openOffice();
  citizen = await office.signIn('congdan');
  stranger = await office.signIn('doanhnghiep');
});
after(() => office.close());

const where = answer => answer.headers.get('location');
const paper = (name, bytes = pdf(name), type = 'application/pdf') => new File([bytes], name, { type });

const begin = code => citizen.begin(`/nop-ho-so/${code}`);

// Sends one step's form as it stands, with these fields over it.
async function send(base, step, fields = {}, files) {
  const address = `${base}/${step}`;
  return citizen.post(address, { ...(await citizen.get(address)).form(address), ...fields }, files);
}

const placesForPapers = async base => [...(await citizen.get(`${base}/giay-to`)).text.matchAll(/type="file"[^>]*|name="(files\/[^"]+)"/g)]
  .map(m => m[1]).filter(Boolean);

test('who is not signed in comes back to the application after signing in', async () => {
  const anybody = await fetch(`${office.url}/nop-ho-so/${CODE}`, { redirect: 'manual' });
  assert.equal(anybody.status, 303);
  assert.equal(anybody.headers.get('location'), `/dang-nhap?return=${encodeURIComponent(`/nop-ho-so/${CODE}`)}`);
});

test('looking at the parts begins nothing; the first part does, once however often it is sent', async () => {
  const way = '/nop-ho-so/1.013285', drafts = async () => ((await citizen.get('/ho-so-cua-toi')).text.match(/href="\/nop-ho-so\/1\.013285\/\d+"/g) ?? []).length;
  const [page, again] = [await citizen.get(way), await citizen.get(way)];
  assert.deepEqual([page.status, again.status, await drafts()], [200, 200, 0]);
  assert.match(page.words, /Các phần phải làm.*Giấy tờ.*Kiểm tra và nộp/);
  assert.match(page.words, /được giữ 60 ngày/);
  assert.equal((await citizen.post(way, {})).status, 403, 'no other site begins one in somebody\'s name');
  const first = await citizen.post(way, page.form(way)), second = await citizen.post(way, again.form(way));
  assert.match(where(first), /^\/nop-ho-so\/1\.013285\/\d+\/[a-z-]+$/, 'straight to the part that is to be done');
  assert.equal(first.status, 303);
  assert.equal(where(second), where(first).replace(/\/[^/]*$/, ''), 'sent twice it is one');
  assert.equal(where(await citizen.get(way)), where(second));
  assert.equal(await drafts() > 0, true);
});

test('an application goes step by step to its receipt, and every step is kept', async () => {
  const base = await begin(CODE);
  assert.equal(await begin(CODE), base, 'coming again continues the same draft');
  assert.match((await citizen.get(base)).words, /Chưa xong/);

  const parties = (await citizen.get(`${base}/nguoi-nop`)).form(`${base}/nguoi-nop`);
  assert.equal(parties['parties/0/name'], 'Nguyễn Thị Ngọc Ánh', 'the account fills in what it knows');
  const wrong = await send(base, 'nguoi-nop', { 'parties/0/phone': 'không có', 'parties/0/email': 'thế' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /href="#parties-0-phone"/);
  assert.match(wrong.text, /href="#parties-0-email"/, 'every mistake at once');
  assert.equal(wrong.form(`${base}/nguoi-nop`)['parties/0/phone'], 'không có', 'what was typed stays');
  assert.equal((await citizen.get(`${base}/nguoi-nop`)).form(`${base}/nguoi-nop`)['parties/0/phone'], 'không có', 'and is saved');
  assert.equal(where(await send(base, 'nguoi-nop', { 'parties/0/phone': '0912 345 678', 'parties/0/email': '' })), `${base}/khai`);
  assert.equal(where(await send(base, 'khai', { 'form/request': 'Dòng một\n"Dòng hai" <b>' })), `${base}/giay-to`);

  const places = await placesForPapers(base);
  assert.ok(places.length >= 2);
  const refused = await send(base, 'giay-to', { upload: '1' }, { [places[0]]: [paper('đơn.pdf'), paper('x.exe', Buffer.from('MZ'))] });
  assert.equal(refused.status, 422);
  assert.match(refused.words, /đơn\.pdf/, 'the good file is kept');
  assert.match(refused.words, /x\.exe/, 'the bad one is named');
  assert.equal((await citizen.get(`${base}/kiem-tra`)).form(`${base}/kiem-tra`), undefined, 'not to be submitted yet');
  assert.equal((await citizen.post(`${base}/kiem-tra`, { csrf: parties.csrf })).status, 422);
  for (const place of places.slice(1)) await send(base, 'giay-to', { upload: '1' }, { [place]: [paper(`${place}.pdf`)] });

  const check = await citizen.get(`${base}/kiem-tra`);
  const elsewhere = (await citizen.get(`${base}/khai`)).form(`${base}/khai`); // open in another window all the while
  assert.match(check.words, /Dòng một/);
  assert.doesNotMatch(check.text, /(?<!\d)0\d{11}(?!\d)/, 'numbers that identify people are masked');
  const sent = await Promise.all([1, 2, 3].map(() => citizen.post(`${base}/kiem-tra`, check.form(`${base}/kiem-tra`))));
  const receipts = new Set(sent.map(where));
  assert.equal(receipts.size, 1, 'sent three times at once, one dossier');
  assert.equal(where(await citizen.post(`${base}/kiem-tra`, check.form(`${base}/kiem-tra`))), [...receipts][0], 'and later again');

  const [receipt] = receipts;
  const page = await citizen.get(receipt);
  assert.match(page.words, /Đã nộp hồ sơ/);
  assert.match(page.words, /SHA-256/);
  const late = await citizen.post(`${base}/khai`, { ...elsewhere, 'form/request': 'Gõ ở cửa sổ kia' });
  assert.equal(late.status, 303, 'the other window does not end at an error');
  assert.equal(where(late), receipt);
  assert.match((await citizen.get(receipt)).words, /Hồ sơ này đã được nộp/, 'and is told why it is here');
  for (const step of ['', '/giay-to', '/kiem-tra', '/khai']) assert.equal(where(await citizen.get(base + step)), receipt, step);
  assert.equal((await citizen.post(`${base}/khai`, { ...elsewhere, autosave: '1' })).status, 404, 'a script says it on its own page');
  assert.equal(where(await citizen.post(`${base}/giay-to`, { ...elsewhere, upload: '1' }, { [places[0]]: [paper('sau.pdf')] })), receipt);
  assert.equal((await stranger.get(base)).status, 404);
  const code = receipt.split('/')[2];
  assert.match((await citizen.get('/ho-so-cua-toi')).words, new RegExp(code));
  assert.match((await citizen.get(`/ho-so/${code}`)).words, /Kiểm tra hồ sơ · ?Đang|Kiểm tra hồ sơ/);
  assert.equal((await stranger.get(`/ho-so/${code}`)).status, 404);
  assert.equal((await stranger.get(`/ho-so/${code}/giay-to/1`)).status, 404);
  assert.equal((await citizen.get(`/ho-so/${code}/giay-to/1`)).status, 200);
  const found = await stranger.get(`/tra-cuu?ma=${code.toLowerCase()}`);
  assert.match(found.words, new RegExp(code));
  assert.doesNotMatch(found.words, /Ngọc Ánh/);

  const follow = /href="(\/tra-cuu\/[\w-]{32})"/.exec(page.text)[1], nobody = new Visitor(office);
  const shown = await nobody.get(follow);
  assert.equal(shown.status, 200, 'the receipt\'s QR code leads to the time line, without signing in');
  assert.match(shown.words, new RegExp(`${code}.*Kiểm tra hồ sơ`));
  assert.doesNotMatch(shown.words, /Ngọc Ánh|Dòng một|đơn\.pdf/, 'nobody\'s name and nothing that they wrote');
  const picture = await nobody.get(`${follow}/ma-qr.svg`);
  assert.equal(picture.headers.get('content-type'), 'image/svg+xml');
  const changed = follow.slice(0, -1) + (follow.endsWith('A') ? 'B' : 'A');
  assert.equal((await nobody.get(changed)).status, 404);
  assert.equal((await nobody.get(`${changed}/ma-qr.svg`)).status, 404);
});

test('who acts for somebody else keeps their own data, names the owner and says by what right', async () => {
  const base = await begin('1.013128');
  assert.equal(where(await send(base, 'thay-mat', { behalf: 'authorised' })), `${base}/nguoi-nop`);
  const form = (await citizen.get(`${base}/nguoi-nop`)).form(`${base}/nguoi-nop`);
  assert.equal(form['parties/0/name'], '');
  assert.equal(form['parties/1/name'], 'Nguyễn Thị Ngọc Ánh');
  assert.match((await citizen.get(`${base}/giay-to`)).words, /Văn bản ủy quyền/, 'the paper of authority is asked for');
  assert.match((await citizen.get(`${base}/kiem-tra`)).words, /Tư cách đại diện Người được ủy quyền/);
  await send(base, 'thay-mat', { behalf: 'self' });
  assert.equal((await citizen.get(`${base}/nguoi-nop`)).form(`${base}/nguoi-nop`)['parties/0/name'], 'Nguyễn Thị Ngọc Ánh');
  assert.doesNotMatch((await citizen.get(`${base}/giay-to`)).words, /Văn bản ủy quyền/);
  assert.equal((await send(base, 'thay-mat', { behalf: 'nobody' })).status, 422);
});

test('how the result is wanted is a step of its own; the post needs an address', async () => {
  const base = await begin('1.013128');
  const wrong = await send(base, 'nhan-ket-qua', { 'return/manner': 'post', 'return/address': '' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /href="#return-address"/);
  assert.equal(where(await send(base, 'nhan-ket-qua', { 'return/manner': 'post', 'return/address': 'Số 1 Trần Phú' })), `${base}/kiem-tra`);
  assert.match((await citizen.get(`${base}/kiem-tra`)).words, /Qua bưu chính, đến địa chỉ nhận.*Số 1 Trần Phú/);
});

test('an enterprise applies through a person who represents it', async () => {
  const start = await stranger.begin('/nop-ho-so/1.013128');
  const form = (await stranger.get(`${start}/nguoi-nop`)).form(`${start}/nguoi-nop`);
  assert.equal(form['parties/0/name'], 'Công ty TNHH Xây dựng Đức Phú');
  assert.equal(form['parties/1/name'], '', 'its representative is asked for');
  await stranger.post(`${start}/thay-mat`, { ...(await stranger.get(`${start}/thay-mat`)).form(`${start}/thay-mat`), behalf: 'self' });
  assert.match((await stranger.get(start)).words, /Nộp thay cho ai Chưa xong/);
});

test('a draft is its owner\'s alone, waits in their list and can be deleted', async () => {
  const base = await begin('1.013129');
  assert.equal((await stranger.get(base)).status, 404);
  assert.equal(where(await send(base, 'khai', { 'form/request': 'Mai làm tiếp', later: '1' })), '/ho-so-cua-toi');
  assert.match((await citizen.get('/ho-so-cua-toi')).text, new RegExp(`href="${base}"`));
  await citizen.post(`${base}/xoa`, (await citizen.get(base)).form(`${base}/xoa`));
  assert.equal((await citizen.get(base)).status, 404);
});

test('a procedure that is not offered online says so and where to go', async () => {
  const page = await citizen.get('/thu-tuc/1.013524');
  assert.doesNotMatch(page.text, /\/nop-ho-so\//);
  assert.match(page.words, /chưa nhận hồ sơ trực tuyến/);
  assert.equal((await citizen.get('/nop-ho-so/1.013524')).status, 409);
});

test('a complaint is not looked up, and says no more than a code that does not exist', async () => {
  const client = await office.as('congdan');
  const made = await client.post('/api/v1/dossiers', await submission(client, COMPLAINT));
  assert.equal(made.status, 201, made.text);
  const told = async code => (await citizen.get(`/ho-so/${code}/da-nop`)).words, { code: usual } = (await client.post('/api/v1/dossiers', await submission(client, CODE, { agency: 'G11' }))).body;
  assert.match(await told(usual), /Trong 8 giờ làm việc, cơ quan kiểm tra/);
  assert.match(await told(made.body.code), /Cơ quan kiểm tra thành phần hồ sơ/, 'the time of a complaint is its own law\'s');
  const hidden = await stranger.get(`/tra-cuu?ma=${made.body.code}`), missing = await stranger.get('/tra-cuu?ma=G11-990101-0001');
  assert.equal(hidden.status, 404);
  assert.equal(hidden.words.replaceAll(made.body.code, 'X').replace(/Mã trang \w+/, ''), missing.words.replaceAll('G11-990101-0001', 'X').replace(/Mã trang \w+/, ''));
});

test('looking up many codes is slowed down', async () => {
  let answer;
  for (let i = 0; i < 40 && answer?.status !== 429; i++) answer = await fetch(`${office.url}/api/v1/lookup?code=G11-990101-${1000 + i}`);
  assert.equal(answer.status, 429);
  assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
  assert.equal((await fetch(`${office.url}/tra-cuu?ma=G11-990101-0001`)).status, 429);
});

test('the list finds by words without accents, narrows, and keeps its filters on the next page', async () => {
  const first = await citizen.get('/thu-tuc?q=nghia+vu+quan+su');
  assert.match(first.words, /nghĩa vụ quân sự/i);
  const all = await citizen.get('/thu-tuc?channel=online');
  const next = /href="(\/thu-tuc\?[^"]*cursor=[^"]*)"/.exec(all.text)[1].replaceAll('&amp;', '&');
  assert.match(next, /channel=online/);
  assert.equal((await citizen.get(next)).status, 200);
});

test('a receiver files at the counter for an applicant, without their own data and for their own agency', async () => {
  const receiver = await office.signIn('tiepnhan');
  assert.match((await receiver.get(`/thu-tuc/${CODE}`)).text, new RegExp(`/nop-ho-so/${CODE}\\?moi=1`));
  const base = await receiver.begin(`/nop-ho-so/${CODE}?moi=1`);
  const parties = (await receiver.get(`${base}/nguoi-nop`)).form(`${base}/nguoi-nop`);
  assert.equal(parties['parties/0/name'], '');
  const named = await receiver.post(`${base}/nguoi-nop`, { ...parties, 'parties/0/name': 'Phạm Khắc Nghiễm' });
  assert.equal(where(named), `${base}/khai`);
  const check = await receiver.get(`${base}/kiem-tra`);
  const receipt = where(await receiver.post(`${base}/kiem-tra`, check.form(`${base}/kiem-tra`)));
  assert.match(receipt, /^\/ho-so\/G11-.*\/da-nop$/, 'papers may come on paper at the counter');
  assert.match((await receiver.get(receipt)).words, /Cơ quan kiểm tra thành phần hồ sơ/, 'the hours are those of what comes online');
});

test('a new application that is begun by pressing twice, or twice at once, is one; by another page it is another', async () => {
  const address = `/nop-ho-so/${CODE}?moi=1`, [way] = address.split('?');
  const form = (await citizen.get(address)).form(way), other = (await citizen.get(address)).form(way);
  const [first, second] = await Promise.all([citizen.post(way, form), citizen.post(way, form)]);
  const begun = page => /\/(\d+)\/?/.exec(where(page).slice(way.length))[1];
  assert.equal(begun(first), begun(second));
  assert.equal(begun(await citizen.post(way, form)), begun(first));
  assert.notEqual(begun(await citizen.post(way, other)), begun(first));
});

test('days later, in an old window or by a bookmark, an application that was sent still leads to its receipt', async () => {
  const base = await begin(CODE);
  await send(base, 'nguoi-nop', { 'parties/0/phone': '0912 345 678', 'parties/0/email': '' });
  await send(base, 'khai', { 'form/request': 'Đề nghị giải quyết.' });
  for (const place of await placesForPapers(base)) await send(base, 'giay-to', { upload: '1' }, { [place]: [paper(`${place.split('/').pop()}.pdf`)] });
  const receipt = where(await send(base, 'kiem-tra'));
  assert.match(receipt, /\/da-nop$/);
  await office.stop();
  await office.serve([], { MOTCUA_CLOCK: new Date(Date.now() + 40 * 24 * 3600e3).toISOString() });
  [citizen, stranger] = [await office.signIn('congdan'), await office.signIn('doanhnghiep')];
  for (const step of ['', '/khai', '/kiem-tra']) assert.equal(where(await citizen.get(base + step)), receipt, step);
  assert.match((await citizen.get(receipt)).words, /Hồ sơ này đã được nộp/);
  assert.equal((await stranger.get(base)).status, 404, 'it leads nobody else there');
});
