// Papers asked for item by item: only what is asked for opens again, each paper and field with its reason; the answer is kept while
// it is written, sent once, seen by the office beside what was asked, and goes back when it is undone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, pdf, submission } from './support/office.mjs';

const procedure = '1.013170', request = '/form/request', phone = '/parties/0/phone';
let office, congdan, tiepnhan, body, paper;
before(async () => {
  office = await openOffice();
  [congdan, tiepnhan] = [await office.as('congdan'), await office.as('tiepnhan')];
  body = await submission(congdan, procedure, { agency: 'G11' });
  paper = body.files[0].component;
});
after(() => office.close());

async function submitted() {
  const made = await congdan.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  return made.body.code;
}
const seen = async (client, code) => (await client.get(`/api/v1/dossiers/${code}`)).body;
const items = () => [
  { component: paper, reason: 'Bản chụp mờ trang 2.', basis: 'Nghị định 118/2025/NĐ-CP, Điều 16' },
  { field: request, reason: 'Ghi rõ mục đích sử dụng.' },
  { field: phone, reason: 'Số này không liên lạc được.' },
];
async function asked(list = items(), extra = { until: '2030-01-08' }) {
  const code = await submitted();
  const done = await tiepnhan.act(code, 'request-supplement', { items: list, ...extra });
  assert.equal(done.status, 200, done.text);
  return code;
}
const photo = (label, name = 'ảnh trang 2.pdf') => Object.assign(new Blob([pdf(label)]), { name });

test('what is asked for names each paper and field with its reason, and in words for older readers', async () => {
  const code = await asked();
  const dossier = await seen(congdan, code);
  assert.equal(dossier.asked.length, 3);
  assert.deepEqual(dossier.asked.map(i => [i.n, i.component, i.field, i.open, i.until]), [[1, paper, null, true, '2030-01-08'], [2, null, request, true, '2030-01-08'], [3, null, phone, true, '2030-01-08']]);
  assert.equal(dossier.asked[0].basis, 'Nghị định 118/2025/NĐ-CP, Điều 16');
  assert.match(dossier.reason, /^1\. .+: Bản chụp mờ trang 2\. \(Nghị định 118\/2025\/NĐ-CP, Điều 16\)\n2\. .+: Ghi rõ mục đích sử dụng\.\n3\. /);
  const asWords = await asked([{ component: paper, reason: 'Thiếu chữ ký.' }], { reason: 'Quý vị vui lòng xem lại.' });
  assert.match((await seen(congdan, asWords)).reason, /^Quý vị vui lòng xem lại\.\n1\. .+: Thiếu chữ ký\.$/);
});

test('an item that names nothing of the dossier is refused, all of them at once', async () => {
  const code = await submitted();
  const bad = [{ component: 'không có', reason: 'x' }, { field: '/parties/0/kind', reason: 'x' }, { reason: 'x' }, { component: paper }, { component: paper, reason: 'x' }, 7, { field: '/parties/9/phone', reason: 'x' }];
  const refused = await tiepnhan.act(code, 'request-supplement', { items: bad });
  assert.equal(refused.status, 422, refused.text);
  assert.deepEqual(refused.body.errors.map(e => e.pointer).filter(p => p.startsWith('/items')).sort(),
    ['/items/0/component', '/items/1/field', '/items/2', '/items/3/reason', '/items/4', '/items/5', '/items/6/field']);
  assert.equal((await tiepnhan.act(code, 'request-supplement', { items: 'x', reason: 'y' })).status, 422);
  assert.equal((await tiepnhan.act(code, 'request-supplement', { items: [] })).status, 422, 'neither reason nor items');
  assert.equal((await tiepnhan.act(code, 'request-supplement', { items: [{ component: paper, reason: 'd'.repeat(501) }] })).status, 422);
  assert.equal((await seen(tiepnhan, code)).status, 1, 'nothing was asked');
});

test('an answer by the interface changes what was asked for and nothing else; undoing it opens everything again', async () => {
  const code = await asked();
  const before = await seen(congdan, code), upload = await congdan.upload(pdf('trang 2 rõ'));
  const files = [{ component: paper, kind: 'supplement', file: upload.body.id }];
  const missing = await congdan.act(code, 'supplement', { files, answers: [{ n: 2, text: 'Làm nhà ở.' }] });
  assert.equal(missing.status, 422, missing.text);
  assert.deepEqual(missing.body.errors.map(e => e.pointer), ['/answers/3']);
  assert.equal((await congdan.act(code, 'supplement', { files, answers: [{ n: 9, text: 'x' }] })).status, 422);
  const wrong = await congdan.act(code, 'supplement', { files, answers: [{ n: 2, text: 'Làm nhà ở.' }, { n: 3, text: 'không phải số' }] });
  assert.deepEqual(wrong.body.errors.map(e => e.pointer), ['/answers/3']);
  const done = await congdan.act(code, 'supplement', { files, answers: [{ n: 2, text: 'Làm nhà ở.' }, { n: 3, text: '0987 654 321' }] });
  assert.equal(done.status, 200, done.text);
  const now = await seen(tiepnhan, code);
  assert.equal(now.form.request, 'Làm nhà ở.');
  assert.equal(now.parties[0].phone, '0987 654 321');
  assert.equal(now.parties[0].address, before.parties[0].address);
  assert.deepEqual(now.asked.map(i => [i.open, i.before, i.answer]), [[false, null, null], [false, body.form.request, 'Làm nhà ở.'], [false, body.parties[0].phone, '0987 654 321']]);
  assert.deepEqual(now.asked[0].files, [now.files.at(-1).n]);
  assert.equal((await congdan.act(code, 'undo')).status, 200);
  const again = await seen(congdan, code);
  assert.deepEqual([again.form.request, again.parties[0].phone], [body.form.request, body.parties[0].phone]);
  assert.deepEqual(again.asked, before.asked, 'as it was asked');
});

test('a name and a number that are wrong can be asked for: the answer is sealed, shown masked, and changes no account', async () => {
  const name = '/parties/0/name', number = '/parties/0/identities/personal_id', fresh = '079203004321';
  const refused = await tiepnhan.act(await submitted(), 'request-supplement', { items: [{ field: '/parties/0/identities/tax_code', reason: 'x' }, { field: '/parties/1/name', reason: 'x' }] });
  assert.deepEqual(refused.body.errors.map(e => e.pointer).filter(p => p.startsWith('/items')).sort(), ['/items/0/field', '/items/1/field'], 'only what this party has or usually has');
  const code = await asked([{ field: name, reason: 'Tên không khớp với thẻ.' }, { field: number, reason: 'Số không khớp với thẻ.' }]);
  const known = async () => /Họ và tên .*? Mật khẩu/.exec((await (await office.signIn('congdan')).get('/tai-khoan')).words)[0];
  const before = await seen(congdan, code), account = await known();
  assert.deepEqual(before.asked.map(i => i.label), ['Họ và tên (Nguyễn Thị Ngọc Ánh)', 'Số định danh cá nhân (Nguyễn Thị Ngọc Ánh)']);
  const wrong = await congdan.act(code, 'supplement', { answers: [{ n: 1, text: 'd'.repeat(201) }, { n: 2, text: '123' }] });
  assert.deepEqual(wrong.body.errors.map(e => e.pointer), ['/answers/1', '/answers/2']);
  assert.equal((await congdan.act(code, 'supplement', { answers: [{ n: 1, text: 'Nguyễn Thị Ngọc Oanh' }, { n: 2, text: '079203 004321' }] })).status, 200);
  const now = await seen(tiepnhan, code);
  assert.deepEqual([now.owner, now.parties[0].name], ['Nguyễn Thị Ngọc Oanh', 'Nguyễn Thị Ngọc Oanh']);
  assert.deepEqual(now.parties[0].identities, [{ type: 'personal_id', value: '079*******21' }]);
  assert.deepEqual(now.asked.map(i => [i.before, i.answer]), [['Nguyễn Thị Ngọc Ánh', 'Nguyễn Thị Ngọc Oanh'], [before.parties[0].identities[0].value, '079*******21']], 'what stood there stays to be read');
  const everything = [await tiepnhan.get(`/api/v1/dossiers/${code}`), await tiepnhan.get(`/api/v1/dossiers/${code}/history`), await (await office.signIn('tiepnhan')).get(`/ho-so/${code}`)];
  for (const answer of everything) assert.ok(!answer.text.includes(fresh));
  assert.ok(!(await office.command('audit', 'show', code, '--json')).stdout.includes(fresh), 'nor does the journal know it');
  const desk = await office.signIn('tiepnhan');
  const found = async word => { // the only one found is opened at once
    const answer = await desk.get(`/viec/tim?q=${encodeURIComponent(word)}`);
    return (answer.headers.get('location') ?? answer.words).includes(code);
  };
  assert.deepEqual([await found('Oanh'), await found('Ngọc Ánh')], [true, false], 'it is found by the new name');
  assert.equal(await known(), account, 'the account is as it was');
  assert.equal((await congdan.act(code, 'undo')).status, 200);
  const again = await seen(congdan, code);
  assert.deepEqual([again.owner, again.parties, again.asked], [before.owner, before.parties, before.asked]);
  assert.equal(await found('Oanh'), false);
});

test('on its page a number is asked for without showing the old one, and what is typed is kept sealed until it is sent', async () => {
  const code = await asked([{ field: '/parties/0/identities/personal_id', reason: 'Thiếu một chữ số.' }]), at = `/ho-so/${code}/bo-sung`;
  const person = await office.signIn('congdan'), page = await person.get(at);
  assert.equal(page.form(at)['answers/1'], '', 'a mask is no number to begin with');
  assert.match(page.words, /Như in trên thẻ|Ghi như in trên|giấy chứng nhận/);
  assert.equal((await person.post(at, { ...page.form(at), 'answers/1': '079203004321', later: '1' }, {})).status, 303);
  assert.equal((await person.get(at)).form(at)['answers/1'], '079203004321', 'for who typed it');
  const sent = await person.post(at, { ...(await person.get(at)).form(at) }, {});
  assert.equal(sent.status, 303, sent.words);
  assert.equal((await seen(tiepnhan, code)).parties[0].identities[0].value, '079*******21');
});

test('undoing the request takes its items along; a client that knows no items answers as before', async () => {
  const code = await asked();
  assert.equal((await tiepnhan.act(code, 'undo')).status, 200);
  assert.deepEqual((await seen(congdan, code)).asked, []);
  const old = await asked();
  const upload = await congdan.upload(pdf('không nói là giấy gì'));
  const done = await congdan.act(old, 'supplement', { files: [{ kind: 'supplement', file: upload.body.id }], note: 'Tôi gửi đủ.' });
  assert.equal(done.status, 200, done.text);
  assert.deepEqual((await seen(tiepnhan, old)).asked.map(i => [i.open, i.answered_at]), [[false, null], [false, null], [false, null]]);
});

test('on pages: the officer says it at each paper, the applicant has one place for each, and nothing is lost on the way', async () => {
  const [officer, person] = [await office.signIn('tiepnhan'), await office.signIn('congdan')];
  const code = await submitted(), at = `/ho-so/${code}/bo-sung`;
  const sent = await officer.act(code, 'request-supplement', { [`items/component/${paper}`]: 'Bản chụp mờ.', [`items/field${request}`]: 'Ghi rõ mục đích.' });
  assert.equal(sent.status, 303, sent.words);
  const dossier = await person.get(`/ho-so/${code}`);
  assert.ok(dossier.text.includes(`href="${at}"`), 'the dossier leads to it');
  assert.equal(dossier.form(`/ho-so/${code}/supplement`), undefined);
  let page = await person.get(at);
  assert.equal(page.status, 200);
  assert.match(page.words, /Bản chụp mờ\..*Ghi rõ mục đích\./);
  assert.ok(page.words.includes(body.form.request), 'what it says now');
  // Without the first paper it is not sent; what was typed stays.
  const incomplete = await person.post(at, { ...page.form(at), 'answers/2': 'Làm nhà ở.' }, {});
  assert.equal(incomplete.status, 422, incomplete.words);
  assert.equal(incomplete.form(at)['answers/2'], 'Làm nhà ở.');
  assert.match(incomplete.words, /Đính kèm giấy tờ này|đính kèm/i);
  // Save, leave, another device: everything is there.
  const later = await person.post(at, { ...incomplete.form(at), later: '1' }, { 'answers/1': [photo('trang 2')] });
  assert.equal(later.status, 303);
  page = await (await office.signIn('congdan')).get(at);
  assert.match(page.words, /ảnh trang 2\.pdf/);
  assert.equal(page.form(at)['answers/2'], 'Làm nhà ở.');
  // Sent twice is sent once.
  const form = (await person.get(at)).form(at);
  const [one, two] = await Promise.all([person.post(at, form, {}), person.post(at, form, {})]);
  assert.deepEqual([one.status, two.status], [303, 303], one.words + two.words);
  assert.equal((await person.get(at)).status, 303, 'nothing is asked any more');
  const now = await seen(tiepnhan, code);
  assert.equal(now.form.request, 'Làm nhà ở.');
  assert.equal(now.files.filter(f => f.kind === 'supplement').length, 1);
  assert.ok(now.asked.every(i => !i.open && i.answered_at));
});

test('a paper that cannot be sent is explained instead; a paper can be taken away again', async () => {
  const code = await asked([{ component: paper, reason: 'Cần bản gốc.' }]), at = `/ho-so/${code}/bo-sung`;
  const person = await office.signIn('congdan');
  let page = await person.get(at);
  await person.post(at, { ...page.form(at), upload: '1' }, { 'answers/1': [photo('nhầm')] });
  page = await person.get(at);
  const remove = /name="remove" value="([^"]+)"/.exec(page.text)[1];
  await person.post(at, { ...page.form(at), remove }, {});
  page = await person.get(at);
  assert.doesNotMatch(page.words, /ảnh trang 2\.pdf/);
  const sent = await person.post(at, { ...page.form(at), 'excuse/1': 'Bản gốc đã mất, tôi đang xin cấp lại.' }, {});
  assert.equal(sent.status, 303, sent.words);
  assert.equal((await seen(tiepnhan, code)).asked[0].answer, 'Bản gốc đã mất, tôi đang xin cấp lại.');
});

test('two devices answer the same request: the second sees what the first saved and decides', async () => {
  const code = await asked(), at = `/ho-so/${code}/bo-sung`;
  const [phoneOf, desk] = [await office.signIn('congdan'), await office.signIn('congdan')];
  const [first, second] = [await phoneOf.get(at), await desk.get(at)];
  assert.equal((await phoneOf.post(at, { ...first.form(at), 'answers/2': 'Trồng rừng.', later: '1' }, { 'answers/1': [photo('từ điện thoại', 'điện thoại.pdf')] })).status, 303);
  const both = await desk.post(at, { ...second.form(at), 'answers/2': 'Làm nhà ở.', later: '1' }, { 'answers/1': [photo('từ máy tính', 'máy tính.pdf')] });
  assert.equal(both.status, 422);
  assert.equal(both.form(at)['answers/2'], 'Làm nhà ở.', 'what was typed here');
  assert.match(both.words, /Trồng rừng\./, 'what was saved there');
  assert.match(both.words, /điện thoại\.pdf.*máy tính\.pdf/, 'files of both');
  assert.equal((await desk.post(at, { ...both.form(at), later: '1' }, {})).status, 303, 'decided');
  assert.equal((await phoneOf.get(at)).form(at)['answers/2'], 'Làm nhà ở.');
});

test('nobody else sees the place or its draft', async () => {
  const code = await asked(), at = `/ho-so/${code}/bo-sung`;
  assert.equal((await (await office.signIn('doanhnghiep')).get(at)).status, 404);
  assert.equal((await (await office.signIn('chuyenvien')).get(at)).status, 303, 'an officer answers for nobody who applied online');
});
