// What an office gives out: page and paper say the same, the paper is one (A5, fonts inside, tagged, its code readable), applicants
// hold their own and no others', a slip printed again says what it said.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, owner, submission } from './support/office.mjs';
import { bytesOf, codesOf, contentsOf, factsOf, fontsOf, objectsOf, treeOf, wordsOf } from './support/paper.mjs';

let office, people;
before(async () => {
  office = await openOffice();
  people = {};
  for (const login of ['congdan', 'tiepnhan', 'chuyenvien', 'lanhdao', 'vanthu']) people[login] = await office.as(login);
});
after(() => office.close());

async function submitted(party = owner) {
  const made = await people.congdan.post('/api/v1/dossiers', await submission(people.congdan, '1.013285', { agency: 'G11', party }));
  assert.equal(made.status, 201, made.text);
  return made.body.code;
}

async function go(code, ...acts) {
  for (const [login, act, fields] of acts) {
    const done = await people[login].act(code, act, fields ?? {});
    assert.equal(done.status, 200, `${act}: ${done.text}`);
  }
}

const slipsOf = async (login, code) => (await people[login].get(`/api/v1/dossiers/${code}/slips`)).body.items;
const paperOf = async (login, code, id) => {
  const got = await bytesOf(people[login], `/api/v1/dossiers/${code}/slips/${id}`, 'application/pdf');
  assert.deepEqual([got.status, got.type], [200, 'application/pdf'], id);
  return got.bytes;
};
const words = html => html.replace(/<svg.*?<\/svg>/gs, ' ').replace(/<[^>]*>/g, ' ').replace(/&amp;/g, '&').replace(/&lt;/g, '<').replace(/&gt;/g, '>')
  .replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/\s+/g, ' ').trim();
// A browser's words and a paper's differ only in where the blanks are.
const close = text => text.replace(/\s/g, '');

const ways = [
  ['receipt', [['tiepnhan', 'receive']], '01', 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả'],
  ['supplement', [['tiepnhan', 'request-supplement', { reason: '1. Bản đồ khu vực.\n2. Chữ ký; căn cứ Điều 8.', until: '2099-12-15' }]], '02', 'Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ'],
  ['refusal', [['tiepnhan', 'refuse', { reason: 'Không thuộc phạm vi giải quyết <Điều 17>.' }]], '03', 'Phiếu từ chối tiếp nhận giải quyết hồ sơ'],
  ['stop', [['tiepnhan', 'receive'], ['chuyenvien', 'examine', { note: 'x' }], ['chuyenvien', 'propose', { outcome: 'granted' }], ['lanhdao', 'stop', { reason: 'Người nộp đề nghị.' }]], '05', 'Thông báo dừng giải quyết hồ sơ'],
];

for (const [id, acts, form, title] of ways)
  test(`${id}: the page and the paper say the same, and the paper is one sheet of A5 that people and machines can read`, async () => {
    const code = await submitted();
    await go(code, ...acts);
    const slip = (await slipsOf('congdan', code)).find(s => s.id === id);
    assert.deepEqual([slip.form, slip.title], [form, title]);
    const paper = await paperOf('congdan', code, id), page = await people.congdan.get(slip.href, { headers: { accept: 'text/html' } });
    assert.equal(close(await wordsOf(paper)), close(words(page.text)));
    const facts = await factsOf(paper);
    assert.deepEqual([facts.Pages, facts.Tagged, facts.Title], ['1', 'yes', `${title} ${code}`]);
    assert.match(facts['Page size'], /^419\.5\d* x 595\.\d+ pts/);
    for (const font of await fontsOf(paper)) assert.ok(font.embedded && font.subset && font.unicode && /NotoSerif/.test(font.name), JSON.stringify(font));
    const [link] = await codesOf(paper);
    assert.ok(link.startsWith(`${office.url}/tra-cuu/`), link);
    const looked = await fetch(link, { headers: { 'accept-language': 'vi' } });
    assert.equal(looked.status, 200);
    assert.ok((await looked.text()).includes(code));
  });

test('what the paper says of itself is so: PDF/A-2a and PDF/UA-1, looked at object by object', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive']);
  const paper = await paperOf('tiepnhan', code, 'receipt');
  const objects = Object.values(await objectsOf(paper)).map(o => o.value ?? o.stream?.dict);
  const catalogue = objects.find(o => o?.['/Type'] === '/Catalog');
  assert.equal(catalogue['/Lang'], 'u:vi');
  assert.deepEqual(catalogue['/MarkInfo'], { '/Marked': true });
  assert.equal(catalogue['/ViewerPreferences']['/DisplayDocTitle'], true);
  assert.equal(objects.filter(o => o?.['/S'] === '/GTS_PDFA1').length + (catalogue['/OutputIntents']?.[0]?.['/S'] ? 1 : 0) > 0, true, 'what colours mean');
  const text = paper.toString('latin1');
  for (const said of ['<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>', '<pdfuaid:part>1</pdfuaid:part>']) assert.ok(text.includes(said), said);
  for (const font of objects.filter(o => o?.['/Type'] === '/Font')) {
    if (font['/Subtype'] === '/CIDFontType2') assert.equal(font['/CIDToGIDMap'], '/Identity');
    else assert.ok(font['/ToUnicode'], JSON.stringify(font));
  }
  for (const element of objects.filter(o => o?.['/Type'] === '/StructElem')) {
    assert.notEqual(element['/S'], '/Private', 'decoration has no element');
    if (element['/S'] === '/Figure') assert.match(element['/Alt'], /^u:Mã QR/);
    if (element['/S'] === '/TH') assert.deepEqual(element['/A'], { '/O': '/Table', '/Scope': '/Column' });
  }
  // Everything drawn stands inside a marked sequence: of an element, or an artifact.
  for (const content of await contentsOf(paper)) {
    let depth = 0;
    for (const line of content.split('\n')) {
      if (/ (BDC|BMC)$/.test(line)) depth++;
      else if (line === 'EMC') depth--;
      else if (/(^|\s)(TJ|Tj|f|S|re|l|m)$/.test(line)) assert.ok(depth > 0, `drawn outside: ${line}`);
    }
    assert.equal(depth, 0);
  }
  const tree = await treeOf(paper);
  assert.match(tree, /^Document\n[\s\S]*H1[\s\S]*Table[\s\S]*TH/);
  assert.equal(close([...tree.matchAll(/^\s*"(.*)"$/gm)].map(m => m[1]).join(' ')), close(await wordsOf(paper)), 'a screen reader hears what the eye reads');
});

test('links stand on the pages exactly when there is a slip, and applicants have those that are theirs', async () => {
  const code = await submitted();
  const citizen = await office.signIn('congdan'), officer = await office.signIn('tiepnhan');
  for (const visitor of [citizen, officer]) assert.ok(!(await visitor.get(`/ho-so/${code}`)).text.includes('/phieu/'));
  assert.equal((await citizen.get(`/ho-so/${code}/phieu/receipt`)).status, 404);
  await go(code, ['tiepnhan', 'receive'], ['chuyenvien', 'examine', { note: 'Ý kiến nội bộ không cho người dân xem.' }]);
  assert.deepEqual((await slipsOf('congdan', code)).map(s => s.kind), ['receipt']);
  assert.deepEqual((await slipsOf('tiepnhan', code)).map(s => s.kind), ['receipt', 'control']);
  for (const [visitor, shown] of [[citizen, ['receipt']], [officer, ['receipt', 'control']]]) {
    const page = await visitor.get(`/ho-so/${code}`);
    for (const id of ['receipt', 'control']) assert.equal(page.text.includes(`/ho-so/${code}/phieu/${id}"`), shown.includes(id), id);
    for (const id of shown) {
      assert.equal((await visitor.get(`/ho-so/${code}/phieu/${id}`)).status, 200);
      const paper = await visitor.get(`/ho-so/${code}/phieu/${id}.pdf`);
      assert.deepEqual([paper.status, paper.headers.get('content-type')], [200, 'application/pdf']);
    }
  }
  assert.equal((await citizen.get(`/ho-so/${code}/phieu/control`)).status, 404);
  assert.equal((await (await office.signIn('tiepnhan.xa')).get(`/ho-so/${code}/phieu/receipt`)).status, 404);
  const control = await wordsOf(await paperOf('tiepnhan', code, 'control'));
  assert.ok(control.includes('Lê Quang Huy'), control);
  assert.ok(!control.includes(owner.phone) && !control.includes(owner.email), 'nobody needs to call from the control slip');
});

test('a receipt printed again says what it said, byte for byte, whatever happened since', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive']);
  const first = await paperOf('congdan', code, 'receipt');
  await go(code, ['chuyenvien', 'examine', { note: 'x' }], ['chuyenvien', 'propose', { outcome: 'granted' }], ['lanhdao', 'approve'], ['vanthu', 'issue'], ['tiepnhan', 'return', { manner: 'post', tracking: 'VN1' }]);
  assert.ok(first.equals(await paperOf('congdan', code, 'receipt')));
});

test('what is written about a dossier changes none of its slips, and an undo takes back the act that it names', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive']);
  const controlOf = async () => words((await people.tiepnhan.get(`/api/v1/dossiers/${code}/slips/control`, { headers: { accept: 'text/html' } })).text);
  const control = await controlOf();
  assert.match(control, /Thời gian hẹn trả kết quả/);
  const asked = await people.congdan.post(`/api/v1/dossiers/${code}/messages`, { text: 'Bao giờ có kết quả?' });
  const noted = await people.tiepnhan.post(`/api/v1/dossiers/${code}/notes`, { text: 'Tiếp nhận nhầm.' });
  assert.deepEqual([asked.status, noted.status], [201, 201]);
  assert.equal(await controlOf(), control);
  await go(code, ['tiepnhan', 'undo']);
  assert.deepEqual(await slipsOf('tiepnhan', code), []);
});

test('a paper with the longest texts still ends, on as many sheets as it needs, with nothing lost', async () => {
  const long = 'Nguyễn '.repeat(28).trim();
  const code = await submitted({ ...owner, name: long, address: 'đ'.repeat(500) });
  const reason = Array.from({ length: 120 }, (_, i) => `${i + 1}. Giấy tờ thứ ${i + 1} còn thiếu.`).join('\n');
  await go(code, ['tiepnhan', 'request-supplement', { reason }]);
  const paper = await paperOf('congdan', code, 'supplement');
  assert.ok(Number((await factsOf(paper)).Pages) > 1);
  const text = close(await wordsOf(paper));
  for (const part of [long, 'đ'.repeat(500), '120. Giấy tờ thứ 120 còn thiếu.']) assert.ok(text.includes(close(part)), part.slice(0, 40));
});

test('the interface gives the form that is asked for', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive']);
  const target = `/api/v1/dossiers/${code}/slips/receipt`;
  assert.equal((await bytesOf(people.congdan, target)).type, 'application/pdf');
  assert.match((await bytesOf(people.congdan, target, 'text/html')).type, /^text\/html/);
  assert.equal((await bytesOf(people.congdan, target, 'image/png')).status, 406);
  assert.equal((await bytesOf(people.congdan, `/api/v1/dossiers/${code}/slips/khong-co`)).status, 404);
});

test('a result is a paper too: A4, with who approved it', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive'], ['chuyenvien', 'examine', { note: 'x' }], ['chuyenvien', 'propose', { outcome: 'granted' }], ['lanhdao', 'approve'], ['vanthu', 'issue']);
  const [file] = (await people.congdan.get(`/api/v1/dossiers/${code}`)).body.results;
  assert.deepEqual([file.type, file.name], ['application/pdf', `ket-qua-${code}.pdf`]);
  const { bytes } = await bytesOf(people.congdan, file.href);
  const facts = await factsOf(bytes);
  assert.deepEqual([facts.Pages, facts.Tagged], ['1', 'yes']);
  assert.match(facts['Page size'], /A4/);
  const said = await wordsOf(bytes);
  for (const part of [code, owner.name, 'Đồng ý giải quyết theo đề nghị.', 'Đỗ Minh Tuấn']) assert.ok(said.includes(part), `${part}: ${said}`);
  assert.equal((await codesOf(bytes)).length, 1);
});

test('the register of a period stands on A4 across, in parts, and whole as CSV; protected by the agency', async () => {
  const codes = [];
  for (let i = 0; i < 3; i++) {
    codes.push(await submitted({ ...owner, name: i === 0 ? '=HYPERLINK("x")' : owner.name }));
    await go(codes[i], ['tiepnhan', 'receive']);
  }
  const officer = await office.signIn('tiepnhan');
  const page = await officer.get('/so/register');
  assert.equal(page.status, 200);
  const cookie = [...officer.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const paper = Buffer.from(await (await fetch(`${office.url}/so/register.pdf`, { headers: { cookie } })).arrayBuffer());
  const facts = await factsOf(paper), said = close(await wordsOf(paper));
  assert.match(facts['Page size'], /^841\.89 x 595\.27\d* pts/);
  assert.equal(facts.Tagged, 'yes');
  const csv = await officer.get('/so/register.csv');
  assert.match(csv.headers.get('content-type'), /^text\/csv/);
  for (const code of codes) for (const text of [page.text, said, csv.text]) assert.ok(text.includes(code), code);
  assert.ok(csv.text.includes(`"'=HYPERLINK(""x"")"`), 'a spreadsheet reads no formula from a name');
  assert.equal((await officer.get('/so/register?tu=2020-01-01&den=2020-01-31')).words.includes(codes[0]), false);
  for (const wrong of ['tu=hom-qua', 'tu=2026-02-01&den=2026-01-01', 'phan=0']) assert.equal((await officer.get(`/so/register?${wrong}`)).status, 422, wrong);
  assert.equal((await officer.get('/so/khong-co')).status, 404);
  const elsewhere = await office.signIn('tiepnhan.xa');
  assert.ok(!(await elsewhere.get('/so/register')).text.includes(codes[0]));
  assert.equal((await (await office.signIn('congdan')).get('/so/register')).status, 403);
});

test('an apology keeps both days; the receipt keeps the first', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive'], ['chuyenvien', 'examine', { note: 'x' }]);
  const receipt = await paperOf('congdan', code, 'receipt');
  const seen = (await people.chuyenvien.get(`/api/v1/dossiers/${code}`)).body;
  const until = new Date(Date.parse(seen.due_at) + 14 * 86400e3).toISOString().slice(0, 10);
  await go(code, ['chuyenvien', 'extend', { reason: 'Cần xác minh thêm.', until }]);
  assert.ok(receipt.equals(await paperOf('congdan', code, 'receipt')));
  const said = await wordsOf(await paperOf('congdan', code, 'apology'));
  const day = at => new Date(Date.parse(at) + 7 * 3600e3).toISOString().slice(0, 10).split('-').reverse().join('/');
  const now = (await people.chuyenvien.get(`/api/v1/dossiers/${code}`)).body;
  for (const part of ['xin lỗi', day(seen.due_at), day(now.due_at), 'Cần xác minh thêm.']) assert.ok(said.includes(part), `${part}: ${said}`);
  await go(code, ['chuyenvien', 'undo']);
  assert.deepEqual((await slipsOf('congdan', code)).map(s => s.kind), ['receipt'], 'what was undone has no slip');
});

test('money that was paid is confirmed on paper, with its number, in figures and words; what was taken back is not', async () => {
  const code = await submitted();
  await go(code, ['tiepnhan', 'receive'], ['tiepnhan', 'record-payment', { amount: 121000, currency: 'VND', manner: 'cash', payer: 'Trần Văn Nộp' }]);
  const slip = (await slipsOf('congdan', code)).find(s => s.id === 'payment'), paper = await paperOf('congdan', code, 'payment');
  assert.deepEqual([slip.form, slip.title], [null, 'Giấy xác nhận đã nộp tiền']);
  const page = await people.congdan.get(slip.href, { headers: { accept: 'text/html' } }), said = await wordsOf(paper);
  assert.equal(close(said), close(words(page.text)));
  const { receipt_number: number } = (await people.congdan.get(`/api/v1/dossiers/${code}/payments`)).body.items[0];
  for (const part of [number, '121.000', 'Một trăm hai mươi mốt nghìn đồng', 'Trần Văn Nộp', 'tiền mặt', 'không thay thế biên lai']) assert.ok(close(said).includes(close(part)), `${part}: ${said}`);
  assert.ok((await (await office.signIn('congdan')).get(`/ho-so/${code}`)).text.includes(`/ho-so/${code}/phieu/payment"`));
  await go(code, ['tiepnhan', 'undo']);
  assert.deepEqual((await slipsOf('congdan', code)).map(s => s.kind), ['receipt']);
});

test('an agency words its books too, and a book of days gone by keeps the words of its last day', async () => {
  const address = '/quan-tri/mau-giay/book-register', admin = await office.signIn('quantri'), officer = await office.signIn('tiepnhan');
  for (const kind of ['register', 'daily', 'hand-over', 'postal', 'postal-in']) assert.equal((await admin.get(`/quan-tri/mau-giay/book-${kind}`)).status, 200, kind);
  const form = (await admin.get(address)).form(address), text = form.text.replace('<h1 class="centre caps">', '<p class="right">Quyển của riêng</p><h1 class="centre caps">');
  const wrong = await admin.post(address, { ...form, text: text.replace('{{since}}', '{{receipt_number}}'), act: 'save' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.words, /\d+:\d+: .*receipt_number/);
  assert.equal((await admin.post(address, { ...form, text, act: 'save' })).status, 303);
  assert.match((await officer.get('/so/register')).words, /Quyển của riêng/);
  assert.doesNotMatch((await officer.get('/so/register?tu=2026-01-01&den=2026-01-31')).words, /Quyển của riêng/);
  assert.doesNotMatch((await officer.get('/so/daily')).words, /Quyển của riêng/);
});

test('an agency words a slip itself: looked at first, refused with line and column when broken, kept as versions, back to the standard', async () => {
  const address = '/quan-tri/mau-giay/receipt', admin = await office.signIn('quantri');
  assert.ok((await admin.get('/quan-tri/mau-giay')).text.includes(address));
  const before = await submitted();
  await go(before, ['tiepnhan', 'receive']);
  const first = await paperOf('congdan', before, 'receipt');
  const send = async (text, act) => admin.post(address, { ...(await admin.get(address)).form(address), ...(text !== undefined && { text }), act });
  const own = (await admin.get(address)).form(address).text.replace('Số lượng hồ sơ:', 'Cảm ơn ông (bà). Số lượng hồ sơ:');
  for (const [broken, place] of [
    [own.replace('{{received_at}}', '{{gia}}'), /receipt\.html:\d+:\d+/],
    [own.replace('</article>', '<script>x</script></article>'), /\d+:\d+: .*script/],
    [own.replace('{{#if term}}', '{{#if term}}<p>'), /\d+:\d+/],
  ]) {
    const answer = await send(broken, 'save');
    assert.equal(answer.status, 422);
    assert.match(answer.words, place);
  }
  const look = await send(own, 'look');
  assert.equal(look.status, 200);
  assert.ok(look.words.includes('Cảm ơn ông (bà). Số lượng'));
  assert.ok(first.equals(await paperOf('congdan', before, 'receipt')), 'looking changes nothing');
  assert.equal((await send(own, 'save')).status, 303);
  const later = await submitted();
  await go(later, ['tiepnhan', 'receive']);
  assert.match(await wordsOf(await paperOf('congdan', later, 'receipt')), /Cảm ơn ông \(bà\)/);
  assert.ok(first.equals(await paperOf('congdan', before, 'receipt')), 'a slip given before keeps its words');
  assert.equal((await admin.post(address, { ...(await admin.get(address)).form(address), after: '0', act: 'save' })).status, 422, 'somebody was quicker');
  assert.equal((await send(undefined, 'standard')).status, 303);
  const last = await submitted();
  await go(last, ['tiepnhan', 'receive']);
  assert.ok(!(await wordsOf(await paperOf('congdan', last, 'receipt'))).includes('Cảm ơn'));
  assert.equal((await (await office.signIn('tiepnhan')).get(address)).status, 403);
});
