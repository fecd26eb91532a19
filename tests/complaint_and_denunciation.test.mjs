// Complaints and denunciations follow laws of their own: acceptance within its term, settlement counted from it, no look-up by
// strangers. Who denounces stays secret: no page, list, search, notice, history or file tells it to anybody but those few who must
// know, and every look of theirs is written down for the leader.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, pdf, submission, Visitor } from './support/office.mjs';

const FIRST = '1.013554', SECOND = '1.013534', ONLINE = '1.013531', DENUNCIATION = '1.013519';
const secret = {
  role: 'owner', kind: 'citizen', name: 'Lưu Thị Bích Trâm', identities: [{ type: 'personal_id', value: '038188777123' }],
  phone: '0978 123 456', email: 'bichtram.luu@example.vn', address: 'Số 88 phố Hàng Đào, phường Hoàn Kiếm, Hà Nội',
};
const told = /Lưu Thị|Luu Thi|Bích Trâm|bich ?tram|038\*|777123|0978 123 456|Hàng Đào|Hang Dao|đơn tố cáo của Trâm|lô đất sau nhà tôi/i;
const logins = ['congdan', 'doanhnghiep', 'tiepnhan', 'chuyenvien', 'chuyenvien2', 'lanhdao', 'vanthu', 'quantri', 'tiepnhan.tinh', 'chuyenvien.tinh', 'lanhdao.tinh', 'tiepnhan.xa', 'lanhdao.xa'];
const DAY = 86400e3;
let office;
const api = {}, pages = {};
before(async () => {
  office = await openOffice();
  for (const login of logins) [api[login], pages[login]] = [await office.as(login), await office.signIn(login)];
});
after(() => office.close());

const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / DAY);

async function complain(code, channel = 'counter') {
  const who = channel === 'online' ? api.congdan : api.tiepnhan;
  const made = await who.post('/api/v1/dossiers', await submission(who, code, { agency: 'G11', channel }));
  assert.equal(made.status, 201, made.text);
  return made.body.code;
}

async function denounce(code = DENUNCIATION) {
  const body = await submission(api.tiepnhan, code, { agency: 'G11', channel: 'counter', party: secret });
  const paper = await api.tiepnhan.upload(pdf('đơn tố cáo của Trâm'), 'đơn tố cáo của Trâm.pdf');
  body.files[0] = { component: body.files[0]?.component ?? (await api.tiepnhan.get(`/api/v1/procedures/${code}`)).body.components[0].id, file: paper.body.id };
  body.form = { request: 'Tố cáo việc lấn chiếm lô đất sau nhà tôi.' };
  const made = await api.tiepnhan.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  return made;
}

test('a complaint goes its own way: accepted, verified, decided, sent', async () => {
  const code = await complain(FIRST);
  const steps = [];
  for (const [login, act, fields] of [['tiepnhan', 'receive', {}], ['chuyenvien', 'examine', { note: 'Đã đối thoại ngày 20/11.' }], ['chuyenvien', 'propose', { outcome: 'granted' }],
    ['lanhdao', 'approve', {}], ['vanthu', 'issue', {}], ['tiepnhan', 'return', {}]]) {
    const done = await api[login].act(code, act, fields);
    assert.equal(done.status, 200, `${act}: ${done.text}`);
    steps.push(done.body.holder?.step ?? 'end');
  }
  assert.deepEqual(steps, ['accepted', 'verification', 'decision', 'issuing', 'sending', 'end']);
});

test('the time limit is the law\'s, from acceptance: 30 days, 45 for a second complaint, more where the ways are long', async () => {
  const accept = async (code, fields = {}) => (await api.tiepnhan.act(await complain(code), 'receive', fields)).body;
  const first = await accept(FIRST), second = await accept(SECOND);
  assert.equal(first.due_rule.term, '30d', 'Law 02/2011/QH13 art. 28, not the 60 days of the sheet');
  assert.equal(second.due_rule.term, '45d', 'art. 37');
  assert.ok(days(first.received_at, first.due_at) >= 30);
  assert.equal((await accept(FIRST, { area: 'remote' })).due_rule.term, '45d');
  assert.equal((await accept(SECOND, { area: 'remote' })).due_rule.term, '60d');
  const application = await api.tiepnhan.post('/api/v1/dossiers', await submission(api.tiepnhan, '1.013124', { agency: 'G11', channel: 'counter' }));
  assert.equal((await api.tiepnhan.act(application.body.code, 'receive', { area: 'remote' })).status, 422, 'only where the law has it');
});

test('the inbox shows until when acceptance is decided: 10 days for a complaint, 7 working days for a denunciation', async () => {
  const complaint = await complain(FIRST), denunciation = (await denounce()).body.code;
  const tasks = (await api.tiepnhan.get('/api/v1/tasks?limit=100')).body.items;
  const due = code => days(new Date().toISOString(), tasks.find(t => t.code === code).due);
  assert.ok(due(complaint) >= 10 && due(complaint) <= 15, `${due(complaint)}`);
  assert.ok(due(denunciation) >= 9 && due(denunciation) <= 16, `${due(denunciation)}`);
});

test('an extension goes no farther than the law: 45 days for a first complaint, 30 more twice for a denunciation', async () => {
  const day = (from, n) => new Date(Date.parse(from) + n * DAY).toISOString().slice(0, 10);
  const code = await complain(FIRST);
  const accepted = (await api.tiepnhan.act(code, 'receive')).body;
  await api.chuyenvien.act(code, 'examine');
  const far = await api.chuyenvien.act(code, 'extend', { reason: 'Vụ việc phức tạp.', until: day(accepted.received_at, 60) });
  assert.equal(far.status, 422, far.text);
  assert.deepEqual(far.body.errors.map(e => e.pointer), ['/until']);
  const fair = await api.chuyenvien.act(code, 'extend', { reason: 'Vụ việc phức tạp.', until: day(accepted.received_at, 43) });
  assert.equal(fair.status, 200, fair.text);
  assert.equal((await api.chuyenvien.act(code, 'extend', { reason: 'Lại phức tạp.', until: day(accepted.received_at, 44) })).status, 409, 'once');

  const hidden = (await denounce()).body.code;
  const begun = (await api.tiepnhan.act(hidden, 'receive')).body;
  await api.lanhdao.act(hidden, 'assign', { to: 'chuyenvien' });
  const extend = n => api.chuyenvien.act(hidden, 'extend', { reason: 'Vụ việc đặc biệt phức tạp.', until: day(begun.received_at, n) });
  assert.equal((await extend(80)).status, 422, 'at most 30 days at once');
  assert.equal((await extend(58)).status, 200);
  assert.equal((await extend(85)).status, 200, 'a second time');
  assert.equal((await extend(88)).status, 409, 'not a third time');
});

test('what is not accepted is told the reason; a complaint is withdrawn at any time', async () => {
  const refused = await complain(FIRST);
  assert.equal((await api.tiepnhan.act(refused, 'refuse', {})).status, 422);
  assert.equal((await api.tiepnhan.act(refused, 'refuse', { reason: 'Thời hiệu khiếu nại đã hết (Điều 11 Luật Khiếu nại).' })).body.status, 3);
  const withdrawn = await complain(ONLINE, 'online');
  await api.tiepnhan.act(withdrawn, 'receive');
  await api.chuyenvien.act(withdrawn, 'examine');
  await api.chuyenvien.act(withdrawn, 'propose', { outcome: 'granted' });
  assert.equal((await api.congdan.act(withdrawn, 'withdraw')).body.status, 7);
});

test('strangers find neither by code nor by token, and are told what everybody is told of a code that does not exist', async () => {
  const nobody = new Visitor(office);
  const same = page => page.words.replaceAll(/G11-\d+-\d+/g, 'X').replace(/Mã trang \w+/, '');
  const missing = same(await nobody.get('/tra-cuu?ma=G11-990101-0001'));
  for (const code of [await complain(ONLINE, 'online'), (await denounce()).body.code]) {
    const answer = await nobody.get(`/tra-cuu?ma=${code}`);
    assert.equal(answer.status, 404);
    assert.equal(same(answer), missing);
    const found = await fetch(`${office.url}/api/v1/lookup?code=${code}`), none = await fetch(`${office.url}/api/v1/lookup?code=G11-990101-0001`);
    const clean = async r => (await r.text()).replaceAll(/G11-\d+-\d+/g, 'X').replace(/"instance":"[^"]*"/, '').replace(/\w{10}"/g, '"');
    assert.equal(found.status, 404);
    assert.equal(await clean(found), await clean(none));
    for (const login of ['congdan', 'tiepnhan']) assert.doesNotMatch((await pages[login].get(`/ho-so/${code}/da-nop`)).text, /\/tra-cuu\/[\w-]{32}/);
  }
});

test('a denunciation is worked on by whoever the leader charges with it, by nobody else', async () => {
  const { code } = (await denounce()).body;
  await api.tiepnhan.act(code, 'receive');
  assert.equal((await api.chuyenvien.act(code, 'examine')).status, 409);
  assert.equal((await api.chuyenvien.act(code, 'assign', { to: 'chuyenvien' })).status, 403, 'only the leader charges somebody');
  assert.equal((await api.lanhdao.act(code, 'assign', { to: 'chuyenvien' })).body.holder.login, 'chuyenvien');
  assert.equal((await api.chuyenvien2.act(code, 'examine')).status, 403);
  assert.equal((await api.chuyenvien.act(code, 'assign', { to: 'chuyenvien2' })).status, 403, 'only the leader hands it on');
  assert.equal((await api.chuyenvien.act(code, 'examine', { note: 'Đã làm việc với người tố cáo.' })).status, 200);
  assert.equal((await api.tiepnhan.act(code, 'withdraw', { reason: 'Người tố cáo rút đơn.' })).body.holder.step, 'withdrawal', 'the leader decides whether it is settled all the same');
  assert.equal((await api.lanhdao.act(code, 'assign', { to: 'chuyenvien2' })).body.holder.step, 'verification');
});

test('whose it is: the one who took it in, who holds it and the leader may know, and every look is written down', async () => {
  const { code } = (await denounce()).body;
  await api.tiepnhan.act(code, 'receive');
  await api.lanhdao.act(code, 'assign', { to: 'chuyenvien' });
  for (const login of ['tiepnhan', 'chuyenvien', 'lanhdao']) {
    const seen = await api[login].get(`/api/v1/dossiers/${code}/identity`);
    assert.equal(seen.status, 200, `${login}: ${seen.text}`);
    assert.equal(seen.body.parties[0].name, secret.name);
    assert.match(seen.body.parties[0].identities[0].value, /^038\*+23$/);
    assert.equal(seen.body.form.request, 'Tố cáo việc lấn chiếm lô đất sau nhà tôi.');
  }
  assert.equal((await pages.chuyenvien.get(`/ho-so/${code}/giay-to/1`)).status, 200);
  for (const login of ['chuyenvien2', 'vanthu']) {
    assert.equal((await api[login].get(`/api/v1/dossiers/${code}/identity`)).status, 403, login);
    assert.equal((await pages[login].get(`/ho-so/${code}/giay-to/1`)).status, 404, login);
    assert.doesNotMatch((await pages[login].get(`/ho-so/${code}`)).text, /danh-tinh/);
  }
  for (const login of ['congdan', 'lanhdao.tinh', 'quantri']) assert.equal((await api[login].get(`/api/v1/dossiers/${code}/identity`)).status, 404, login);
  const { looks } = (await api.lanhdao.get(`/api/v1/dossiers/${code}/identity`)).body;
  assert.deepEqual(looks.map(l => [l.role, l.what]), [['leader', 'identity'], ['specialist', 'paper 1'], ['leader', 'identity'], ['specialist', 'identity'], ['receiver', 'identity']]);
  assert.deepEqual((await api.chuyenvien.get(`/api/v1/dossiers/${code}/identity`)).body.looks, [], 'only the leader reads who looked');
  const page = await pages.lanhdao.get(`/ho-so/${code}/danh-tinh`);
  assert.match(page.words, /Lưu Thị Bích Trâm.*Lê Quang Huy/, 'on a page too');
});

test('no answer to anybody else tells who denounced: every page and list, for every account', async () => {
  const { code } = (await denounce()).body;
  for (const [login, act, fields] of [['tiepnhan', 'receive', {}], ['lanhdao', 'assign', { to: 'chuyenvien' }], ['chuyenvien', 'examine', {}], ['chuyenvien', 'propose', { outcome: 'granted' }], ['lanhdao', 'approve', {}], ['vanthu', 'issue', {}]])
    assert.equal((await api[login].act(code, act, fields)).status, 200, act);
  const routes = JSON.parse((await office.command('routes', '--json')).stdout).filter(r => r.method === 'GET' && !/identity|danh-tinh/.test(r.path));
  const values = { code, n: '1', procedure: DENUNCIATION, identifier: 'G11', version: '1', id: '1', account: '1' };
  const queries = ['', `?q=${encodeURIComponent('Bích Trâm')}`, '?q=bich+tram', `?q=${code}`, '?status=9', '?mine=1', `?ma=${code}`, `?code=${code}`, '?after=0', '?paper=1'];
  let asked = 0;
  for (const route of routes) {
    const address = route.path.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '1');
    for (const login of [...logins, null]) {
      // The receiver who filed it and the leader may open its papers; that is another test.
      if (/giay-to|files\/1/.test(address) && ['tiepnhan', 'lanhdao'].includes(login)) continue;
      const who = login === null ? new Visitor(office) : address.startsWith('/api/') ? api[login] : pages[login];
      for (const query of queries) {
        if (query !== '' && /\{/.test(route.path) && query !== '?paper=1') continue;
        const answer = await who.get(address + query);
        const asks = /q=/.test(query); // the page repeats what was asked
        const text = asks ? answer.text.replaceAll(/Bích(%20| |\+)Trâm|bich(%20| |\+)tram|B%C3%ADch%20Tr%C3%A2m/g, '') : answer.text;
        assert.doesNotMatch(text, told, `${login} GET ${address}${query}`);
        asked++;
      }
    }
  }
  assert.ok(asked > 1000);
  const searched = (await api.vanthu.get('/api/v1/dossiers?q=bich+tram')).body.items;
  assert.deepEqual(searched, [], 'nobody finds it by the name');
  const listed = (await api.vanthu.get(`/api/v1/dossiers?q=${code}`)).body.items;
  assert.deepEqual(listed.map(i => i.owner), ['Danh tính được giữ bí mật']);
  const shown = await office.command('audit', 'show', code);
  assert.doesNotMatch(shown.stdout, told);
  const kept = office.stored('utf8');
  assert.match(kept, /Danh tính được giữ bí mật/);
  assert.doesNotMatch(kept, /Lưu Thị Bích Trâm|bichtram|Hàng Đào|sau nhà tôi/, 'nor does the journal, nor any row');
});
