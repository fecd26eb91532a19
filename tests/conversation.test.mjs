// What applicant and office say to one another about a dossier, what officers note for one another, and the phrases they begin
// with. A note never reaches an applicant: every page, every answer and every feed that they can open is read for its words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, eventually, openOffice, pdf, submission } from './support/office.mjs';

const secret = 'Người nộp là họ hàng của trưởng phòng, cần hỏi ý kiến lãnh đạo trước';
let office, citizen, receiver, specialist;
before(async () => {
  office = await openOffice();
  [citizen, receiver, specialist] = await Promise.all(['congdan', 'tiepnhan', 'chuyenvien'].map(login => office.as(login)));
});
after(() => office.close());

async function submitted(client = citizen) {
  const answer = await client.post('/api/v1/dossiers', await submission(client, '1.013285', { agency: 'G11' }));
  assert.equal(answer.status, 201, answer.text);
  return answer.body.code;
}
const messages = code => `/api/v1/dossiers/${code}/messages`;
const notes = code => `/api/v1/dossiers/${code}/notes`;

test('the office asks on its page, the applicant reads and answers on theirs, and each side sees that there is news', async () => {
  const code = await submitted();
  const officer = await office.signIn('tiepnhan'), applicant = await office.signIn('congdan');
  const page = await officer.get(`/ho-so/${code}?xem=trao-doi`);
  const sent = await officer.post(`/ho-so/${code}/trao-doi`, { ...page.form(`/ho-so/${code}/trao-doi`), text: 'Xin cho biết <thửa đất> số mấy?' }, {});
  assert.equal(sent.status, 303, sent.words);
  assert.match(sent.headers.get('location'), /xem=trao-doi/);
  await eventually('the notice', async () => (await citizen.get('/api/v1/notices')).body.items.some(n => n.dossier === code && n.action === 'message' && n.seen_at === null));
  assert.match((await applicant.get(`/ho-so/${code}`)).words, /Trao đổi với cơ quan 1 tin mới/);
  const read = await applicant.get(`/ho-so/${code}/trao-doi`);
  assert.match(read.words, /Xin cho biết <thửa đất> số mấy\?/);
  assert.doesNotMatch(read.words, /Trần Thị Thu Hà/, 'to the applicant an office speaks, not a person');
  assert.doesNotMatch((await applicant.get(`/ho-so/${code}`)).words, /tin mới/, 'the mark vanishes when it was read');
  assert.ok((await citizen.get('/api/v1/notices')).body.items.filter(n => n.action === 'message').every(n => n.seen_at), 'and so does the notice');
  const answered = await applicant.post(`/ho-so/${code}/trao-doi`, { ...read.form(`/ho-so/${code}/trao-doi`), text: 'Thửa số 12.' }, { files: [new File([pdf('thửa')], 'trích lục.pdf')] });
  assert.equal(answered.status, 303, answered.words);
  const desk = await officer.get(`/ho-so/${code}`);
  assert.match(desk.text, /xem=trao-doi"[^>]*>Trao đổi <span class="mc-count">1</);
  const talk = await officer.get(`/ho-so/${code}?xem=trao-doi`);
  assert.match(talk.words, /Thửa số 12\./);
  const file = /href="(\/ho-so\/[^"]+\/trao-doi\/2\/1)"/.exec(talk.text)[1];
  assert.deepEqual(Buffer.from(await (await fetch(office.url + file, { headers: { cookie: [...officer.cookies].map(c => c.join('=')).join('; ') } })).arrayBuffer()), pdf('thửa'));
});

test('an applicant\'s message is told to the officer who holds the dossier', async () => {
  const code = await submitted();
  await receiver.act(code, 'receive');
  await specialist.act(code, 'assign', { to: 'chuyenvien2' });
  assert.equal((await citizen.post(messages(code), { text: 'Bao giờ có kết quả?' })).status, 201);
  const holder = await office.as('chuyenvien2');
  await eventually('the notice', async () => (await holder.get('/api/v1/notices')).body.items.some(n => n.dossier === code && n.action === 'message'));
  const inbox = async () => (await (await office.signIn('chuyenvien2')).get('/viec')).text.includes(`/ho-so/${code}?xem=trao-doi`);
  assert.ok(await inbox(), 'its row says so');
  // A colleague who looks in does not take the mark away; the one who holds it does.
  await (await office.signIn('chuyenvien')).get(`/ho-so/${code}?xem=trao-doi`);
  assert.equal((await holder.get(messages(code))).body.items[0].new, true);
  await (await office.signIn('chuyenvien2')).get(`/ho-so/${code}?xem=trao-doi`);
  assert.ok(!await inbox(), 'until it was opened');
  assert.equal((await holder.get(messages(code))).body.items[0].new, false);
});

test('what was typed and attached comes back when a message is refused, and nothing is sent twice', async () => {
  const code = await submitted();
  const applicant = await office.signIn('congdan'), address = `/ho-so/${code}/trao-doi`;
  const form = (await applicant.get(address)).form(address);
  const empty = await applicant.post(address, { ...form, text: '  ' }, { files: [new File([pdf('kèm')], 'kèm.pdf')] });
  assert.equal(empty.status, 422);
  assert.match(empty.text, /href="#text"/);
  assert.match(empty.words, /kèm\.pdf/);
  const again = empty.form(address);
  assert.match(again.kept, /^[0-9a-f]{64}$/);
  assert.equal((await applicant.post(address, { ...again, text: 'Gửi kèm bản vẽ.' }, {})).status, 303);
  assert.deepEqual((await citizen.get(messages(code))).body.items.map(m => m.files.map(f => f.name)), [['kèm.pdf']]);
  for (let click = 0; click < 2; click++) assert.equal((await applicant.post(address, { ...form, text: 'Một lần thôi.' }, {})).status, 303);
  assert.equal((await citizen.get(messages(code))).body.items.length, 2);
  const key = { headers: { 'idempotency-key': 'm-1' } };
  assert.equal((await citizen.post(messages(code), { text: 'Hỏi thêm.' }, key)).body.n, 3);
  assert.equal((await citizen.post(messages(code), { text: 'Hỏi thêm.' }, key)).body.n, 3);
  assert.equal((await citizen.post(messages(code), { text: 'Khác.' }, key)).status, 422);
  for (const [body, pointer] of [[{}, '/text'], [{ text: 'x'.repeat(4001) }, '/text'], [{ text: 'a', files: 'x' }, '/files'], [{ text: 'a', files: ['0'.repeat(64)] }, '/files/0']]) {
    const refused = await citizen.post(messages(code), body);
    assert.equal(refused.status, 422, JSON.stringify(body).slice(0, 60));
    assert.ok(refused.body.errors.some(e => e.pointer.replace('#', '') === pointer), refused.text);
  }
});

test('strangers, other agencies and asked units have no way to what is said', async () => {
  const code = await submitted();
  await citizen.post(messages(code), { text: 'Chỉ cơ quan đọc.' });
  for (const login of ['doanhnghiep', 'tiepnhan.xa']) {
    const other = await office.as(login);
    assert.equal((await other.get(messages(code))).status, 404, login);
    assert.equal((await other.post(messages(code), { text: 'a' })).status, 404, login);
  }
  assert.equal((await new Client(office).get(messages(code))).status, 401);
  await receiver.act(code, 'receive');
  await specialist.act(code, 'examine', { note: 'Đủ giấy tờ.' });
  const asked = await specialist.act(code, 'consult', { to: ['H36.22963'], note: 'Xã có ý kiến gì không?', until: '2030-01-04' });
  assert.equal(asked.status, 200, asked.text);
  const commune = await office.as('chuyenvien.xa');
  assert.equal((await commune.get(`/api/v1/dossiers/${code}`)).status, 200, 'the asked unit sees what was sent');
  for (const path of [messages(code), notes(code)]) assert.equal((await commune.get(path)).status, 404, path);
  const page = await (await office.signIn('chuyenvien.xa')).get(`/ho-so/${code}?xem=trao-doi`);
  assert.doesNotMatch(page.words, /Chỉ cơ quan đọc/);
});

test('a note is read by officers of the agency and reaches the applicant nowhere', async () => {
  const code = await submitted();
  const officer = await office.signIn('tiepnhan');
  const page = await officer.get(`/ho-so/${code}?xem=ghi-chu`);
  assert.equal((await officer.post(`/ho-so/${code}/ghi-chu`, { ...page.form(`/ho-so/${code}/ghi-chu`), text: secret })).status, 303);
  assert.match((await (await office.signIn('lanhdao')).get(`/ho-so/${code}?xem=ghi-chu`)).words, new RegExp(secret));
  assert.deepEqual((await specialist.get(notes(code))).body.items.map(n => n.text), [secret]);
  const empty = await officer.post(`/ho-so/${code}/ghi-chu`, { ...page.form(`/ho-so/${code}/ghi-chu`), text: '' });
  assert.equal(empty.status, 422);
  assert.match(empty.words, /Xin viết nội dung/);
  // The way through the office writes slips, a result and letters.
  for (const [client, act, body] of [[receiver, 'receive', {}], [specialist, 'propose', { outcome: 'granted' }]]) assert.equal((await client.act(code, act, body)).status, 200, act);
  await receiver.post(messages(code), { text: 'Hồ sơ đang được xem xét.' });
  const routes = JSON.parse((await office.command('routes', '--json')).stdout).filter(r => r.method === 'GET');
  const applicant = await office.signIn('congdan'), commune = await office.signIn('tiepnhan.xa');
  const address = path => path.replace('{code}', code).replace(/\{(n|file|page|id)\}/g, '1').replace(/\{\w+\}/g, 'x');
  const start = [...routes.map(r => address(r.path)), `/ho-so-cua-toi?q=${code}`, `/tra-cuu?code=${code}`, `/api/v1/lookup?code=${code}`, `/api/v1/dossiers?q=${code}`,
    `/ho-so/${code}?xem=ghi-chu`, `/ho-so/${code}?xem=lich-su`];
  const words = secret.slice(0, 30);
  for (const visitor of [applicant, commune]) {
    const queue = [...new Set(start)], seen = new Set(queue);
    while (queue.length > 0) {
      const target = queue.shift();
      if (/dang-xuat|language/.test(target)) continue;
      const { text } = await visitor.get(target);
      assert.ok(!text.includes(words), `${target} tells a note`);
      for (const [, href] of text.matchAll(/href="(\/[^"#]*)/g)) {
        const next = href.replaceAll('&amp;', '&');
        if (!seen.has(next) && next.includes(code)) queue.push(next), seen.add(next);
      }
    }
  }
  for (const path of routes.filter(r => r.path.startsWith('/api/')).map(r => address(r.path))) assert.ok(!(await citizen.get(path)).text.includes(words), path);
  assert.equal((await citizen.get(notes(code))).status, 403);
  assert.equal((await citizen.post(notes(code), { text: 'a' })).status, 403);
  assert.ok(!(await citizen.get(`/api/v1/dossiers/${code}/history`)).body.items.some(line => line.action === 'note'));
  assert.ok((await receiver.get(`/api/v1/dossiers/${code}/history`)).body.items.some(line => line.action === 'note'), 'officers see that a note was written');
  await office.settled();
  const feed = (await (await office.as('quantri')).get('/api/v1/events?limit=1000')).text;
  assert.ok(!feed.includes(words), 'the feed of events');
  assert.ok(!(await office.command('audit', 'show', code)).stdout.includes(words), 'the journal holds its hash, not its words');
  assert.equal((await office.command('audit', 'verify')).code, 0);
});

test('the check-list goes into what papers are asked for, and a new paper takes its mark away', async () => {
  const code = await submitted();
  const officer = await office.signIn('tiepnhan');
  const { body } = await receiver.get(`/api/v1/dossiers/${code}`);
  const component = body.files[0].component, mark = `/ho-so/${code}/kiem-tra`;
  const page = await officer.get(`/ho-so/${code}`);
  const none = await officer.post(mark, { ...page.form(mark), component, state: 'incomplete', word: '' });
  assert.equal(none.status, 422);
  const marked = await officer.post(mark, { ...page.form(mark), component, state: 'incomplete', word: 'thiếu trang 2' });
  assert.equal(marked.status, 303);
  const after = await officer.get(marked.headers.get('location').replace(/#.*/, ''));
  const form = after.form(`/ho-so/${code}/request-supplement`);
  assert.equal(form[`items/component/${component}`], 'thiếu trang 2');
  assert.match(after.text, /<details class="mc-act" id="request-supplement" open>/, 'what is incomplete puts that act at hand');
  assert.deepEqual((await receiver.get(`/api/v1/dossiers/${code}/checks`)).body.items.map(c => [c.component, c.state, c.word]), [[component, 'incomplete', 'thiếu trang 2']]);
  assert.equal((await citizen.get(`/api/v1/dossiers/${code}/checks`)).status, 403);
  assert.doesNotMatch((await (await office.signIn('congdan')).get(`/ho-so/${code}`)).words, /thiếu trang 2/);
  assert.equal((await officer.post(`/ho-so/${code}/request-supplement`, form)).status, 303);
  assert.match((await (await office.signIn('congdan')).get(`/ho-so/${code}`)).words, /thiếu trang 2/, 'now it was said');
  const upload = await citizen.upload(pdf('đủ trang'));
  assert.equal((await citizen.act(code, 'supplement', { files: [{ component, file: upload.body.id }] })).status, 200);
  assert.deepEqual((await receiver.get(`/api/v1/dossiers/${code}/checks`)).body.items, []);
  const list = `/api/v1/dossiers/${code}/checks`, accepted = { component, state: 'accepted' }, seen = (await receiver.get(list)).etag;
  assert.equal((await receiver.post(list, accepted)).status, 428);
  assert.equal((await receiver.post(list, accepted, { headers: { 'if-match': seen } })).status, 200);
  // Who saw the list as it was, here or on the page, does not write over that mark; a paper that came since is not marked unseen.
  assert.equal((await receiver.post(list, { component, state: 'unchecked' }, { headers: { 'if-match': seen } })).status, 412);
  const late = await officer.post(mark, { ...after.form(mark), component, state: 'incomplete', word: 'cũ' });
  assert.equal(late.status, 412);
  assert.match(late.words, /đã có người khác đánh dấu/);
  assert.deepEqual((await receiver.get(list)).body.items.map(c => c.state), ['accepted']);
  const { version: _, ...nothing } = (await officer.get(`/ho-so/${code}`)).form(mark);
  assert.equal((await officer.post(mark, { ...nothing, component, state: 'unchecked' })).status, 412);
});

test('an agency words its own phrases; officers begin messages and reasons with them', async () => {
  const code = await submitted();
  const admin = await office.signIn('quantri'), officer = await office.signIn('tiepnhan');
  const list = await admin.get('/quan-tri/cau-mau');
  assert.match(list.words, /Bản chụp không đọc được/);
  const first = await admin.get('/quan-tri/cau-mau/moi'), address = '/quan-tri/cau-mau/moi';
  const wrong = await admin.post(address, { ...first.form(address), act: 'save', use: 'message', title: 'Sai', text: 'Kính gửi {{nobody}}' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /id="text-error"/);
  assert.equal((await admin.post(address, { ...first.form(address), act: 'save', use: 'message', title: 'Mời đến trụ sở', text: 'Kính mời {{name}} đến {{agency}} về hồ sơ {{code}}.' })).status, 303);
  const started = await officer.get(`/ho-so/${code}?xem=trao-doi&cau=own-1`);
  assert.match(started.form(`/ho-so/${code}/trao-doi`).text, new RegExp(`^Kính mời Nguyễn Thị Ngọc Ánh đến .+ về hồ sơ ${code}\\.$`));
  const reason = await officer.get(`/ho-so/${code}?viec=refuse&cau=not-competent`);
  assert.match(reason.form(`/ho-so/${code}/refuse`).reason, /thuộc thẩm quyền/);
  const own = await admin.get('/quan-tri/cau-mau/unreadable');
  const dropped = await admin.post('/quan-tri/cau-mau/unreadable', { ...own.form('/quan-tri/cau-mau/unreadable'), act: 'drop' });
  assert.equal(dropped.status, 303);
  assert.doesNotMatch((await officer.get(`/ho-so/${code}`)).words, /Bản chụp không đọc được/);
  const stale = await admin.post('/quan-tri/cau-mau/unreadable', { ...own.form('/quan-tri/cau-mau/unreadable'), act: 'save' });
  assert.equal(stale.status, 412, 'who saw an older one does not overwrite it');
});

test('after a transfer the notes stay with the agency that wrote them: the other one finds none and writes its own', async () => {
  const answer = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013170', { agency: 'G11' })), { code } = answer.body;
  assert.equal((await receiver.post(notes(code), { text: secret })).status, 201);
  const moved = await receiver.act(code, 'transfer', { to: 'G11.68', reason: 'Phân cấp.' });
  assert.equal(moved.status, 200, moved.text);
  const other = await office.as('tiepnhan.tinh');
  const seen = await other.get(notes(code));
  assert.equal(seen.status, 200, seen.text);
  assert.deepEqual(seen.body.items, []);
  const page = await (await office.signIn('tiepnhan.tinh')).get(`/ho-so/${code}?xem=ghi-chu`);
  assert.equal(page.status, 200);
  assert.doesNotMatch(page.text, new RegExp(secret));
  assert.doesNotMatch((await other.get(`/api/v1/dossiers/${code}/history`)).text, new RegExp(secret));
  assert.equal((await other.post(notes(code), { text: 'Đã nhận, hồ sơ đủ.' })).status, 201);
  assert.deepEqual((await other.get(notes(code))).body.items.map(n => n.text), ['Đã nhận, hồ sơ đủ.']);
  const former = await receiver.get(notes(code)); // who has no part in it any more reads it no more, or reads their own notes only
  if (former.status === 200) assert.deepEqual(former.body.items.map(n => n.text), [secret]);
  else assert.equal(former.status, 404);
});
