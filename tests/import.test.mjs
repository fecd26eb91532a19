// `motcua import`: the real sheets and units twice, changed, broken and altered. Nothing of a file is dropped silently: it goes
// in, or the report names its place.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { Client, openOffice, root, submission } from './support/office.mjs';

const bqp = path.join(root, 'procedures/bqp');
const names = fs.readdirSync(bqp).filter(f => f.endsWith('.json'));
const sheetOf = name => JSON.parse(fs.readFileSync(path.join(bqp, name), 'utf8'));
const sheets = Object.fromEntries(names.map(name => [name, sheetOf(name)]));

let office, nobody;
before(async () => {
  office = await openOffice();
  nobody = new Client(office);
});
after(() => office.close());

let folders = 0;
// A folder with these files: {name: object or text or bytes}.
function folderOf(files) {
  const folder = path.join(office.folder, `files-${++folders}`);
  fs.mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    const isRaw = typeof content === 'string' || Buffer.isBuffer(content);
    fs.writeFileSync(path.join(folder, name), isRaw ? content : JSON.stringify(content, null, 1));
  }
  return folder;
}

async function importing(kind, ...paths) {
  const { code, stdout, stderr } = await office.command('import', kind, ...paths, '--json');
  return { code, stderr, report: stdout ? JSON.parse(stdout) : undefined };
}

const counts = ({ files, taken, unchanged, refused }) => ({ files, taken, unchanged, refused });
const record = async code => (await nobody.get(`/api/v1/procedures/${code}`)).body;

test('the 207 sheets again: all unchanged, every doubt names file, field and what was done', async () => {
  const { code, report } = await importing('procedures', bqp);
  assert.equal(code, 0);
  assert.deepEqual(counts(report), { files: 207, taken: 0, unchanged: 207, refused: 0 });
  assert.deepEqual(report.errors, []);
  assert.ok(report.doubts.length > 500);
  for (const d of report.doubts) assert.ok(d.file && d.field && d.action && typeof d.value === 'string', JSON.stringify(d));
});

test('without a server the same command gives the same report', async () => {
  const online = (await importing('procedures', bqp)).report;
  await office.stop();
  const offline = await importing('procedures', bqp);
  await office.serve();
  assert.equal(offline.code, 0);
  assert.deepEqual(offline.report, online);
});

test('a report for people says the counts first, then each place', async () => {
  const { code, stdout } = await office.command('import', 'procedures', path.join(bqp, '1.013131.json'), '--lang', 'vi');
  assert.equal(code, 0);
  assert.match(stdout, /^1 tệp: 0 .*, 1 .*, 0 .*\n/);
  assert.match(stdout, /1\.013131\.json: #\/tables\/hinh_thuc_nop\/\d+\/thoi_han_giai_quyet "14 Giờ": /);
});

test('a changed sheet is a new version: the running dossier keeps its own, the next one gets the new', async () => {
  const citizen = await office.as('congdan'), officer = await office.as('tiepnhan');
  const body = await submission(citizen, '1.013285', { agency: 'G11' });
  const old = (await citizen.post('/api/v1/dossiers', body)).body;
  const before = await record('1.013285');
  const changed = structuredClone(sheets['1.013285.json']);
  for (const row of changed.tables.hinh_thuc_nop) {
    row.thoi_han_giai_quyet = row.thoi_han_giai_quyet.replace('10 ', '3 ');
    row.phi_le_phi = 'Phí : 250.000 Đồng';
  }
  const folder = folderOf({ '1.013285.json': changed });
  const { report } = await importing('procedures', folder);
  assert.deepEqual(counts(report), { files: 1, taken: 1, unchanged: 0, refused: 0 });
  const after = await record('1.013285');
  assert.equal(after.version, before.version + 1);
  assert.equal(after.channels.find(c => c.channel === 'online').cases[0].fees[0].amount, 250000);
  const caseIds = p => p.channels.find(c => c.channel === 'online').cases.map(c => c.id);
  assert.deepEqual(caseIds(after), ['3-working-days', ...caseIds(before).slice(1)]);

  const received = (await officer.act(old.code, 'receive')).body;
  const next = (await citizen.post('/api/v1/dossiers', { ...body, case: '3-working-days' })).body;
  assert.ok(next.code, JSON.stringify(next));
  const receivedNext = (await officer.act(next.code, 'receive')).body;
  assert.equal(received.case, '10-working-days');
  // Seven working days lie between them, whatever day it is and whatever hour.
  assert.ok(Date.parse(received.due_at) - Date.parse(receivedNext.due_at) >= 7 * 86400e3, `ten working days, as promised, and three: ${received.due_at} ${receivedNext.due_at}`);
  const stale = await citizen.post('/api/v1/dossiers', { ...body, case: '10-working-days' });
  assert.equal(stale.status, 422);

  assert.deepEqual(counts((await importing('procedures', folder)).report), { files: 1, taken: 0, unchanged: 1, refused: 0 });
  const back = await importing('procedures', path.join(bqp, '1.013285.json'));
  assert.deepEqual(counts(back.report), { files: 1, taken: 1, unchanged: 0, refused: 0 });
  assert.deepEqual((await record('1.013285')).channels, before.channels);
});

// What is refused whole: [what, content, place, sentence].
const whole = sheets['1.013619.json'];
const edited = edit => {
  const sheet = structuredClone(whole);
  edit(sheet);
  return sheet;
};
const broken = [
  ['JSON that stops in the middle', JSON.stringify(whole, null, 2).slice(0, 900), /line \d+/, /./],
  ['a comma too many', '{\n "thu_tuc_id": "1.013619",\n ,\n}', /line 3/, /./],
  ['an empty file', '', /^/, /./],
  ['only spaces', ' \n\t ', /^/, /./],
  ['bytes that are no text', Buffer.from([0, 255, 216, 0, 137, 80, 78, 71, 13, 10]), /^/, /./],
  ['Latin-1', Buffer.from('{"thu_tuc_id": "1.013619", "metadata": {"t\xean": "\xe0"}}', 'latin1'), /line 1/, /./],
  ['a list', '[1, 2]', /^/, /./],
  ['a number', '17', /^/, /./],
  ['another kind of object', '{"type": "FeatureCollection"}', /^/, /./],
  ['no metadata', edited(s => delete s.metadata), /#/, /metadata/],
  ['no content', edited(s => delete s.content), /#/, /content/],
  ['no tables', edited(s => delete s.tables), /#/, /tables/],
  ['no list of components', edited(s => delete s.tables.thanh_phan_ho_so), /#\/tables/, /thanh_phan_ho_so/],
  ['no list of channels', edited(s => delete s.tables.hinh_thuc_nop), /#\/tables/, /hinh_thuc_nop/],
  ['no list of law', edited(s => delete s.tables.can_cu_phap_ly), /#\/tables/, /can_cu_phap_ly/],
  ['a list that is an object', edited(s => { s.tables.thanh_phan_ho_so = {}; }), /#\/tables\/thanh_phan_ho_so \(line \d+\)/, /./],
  ['a row that is a text', edited(s => { s.tables.thanh_phan_ho_so[0] = 'Đơn'; }), /#\/tables\/thanh_phan_ho_so\/0/, /./],
  ['a cell that is a list', edited(s => { s.tables.hinh_thuc_nop[0].phi_le_phi = ['Phí']; }), /#\/tables\/hinh_thuc_nop\/0\/phi_le_phi/, /./],
  ['content that is a text', edited(s => { s.content = 'xem tệp'; }), /#\/content/, /./],
  ['no name', edited(s => { s.metadata.tên_thủ_tục = ' '; }), /tên_thủ_tục \(line \d+\)/, /name/],
  ['no code', edited(s => { s.thu_tuc_id = ''; s.metadata.mã_thủ_tục = ''; }), /#/, /code/],
  ['two codes', edited(s => { s.thu_tuc_id = '1.013620'; }), /mã_thủ_tục/, /1\.013620.*1\.013619/],
  ['a code of another form', edited(s => { s.thu_tuc_id = s.metadata.mã_thủ_tục = '../../etc'; }), /mã_thủ_tục/, /./],
  ['more rows than any procedure', edited(s => { s.tables.thanh_phan_ho_so = Array(450).fill(s.tables.thanh_phan_ho_so[0]); }), /thanh_phan_ho_so/, /./],
  ['brackets without end', '['.repeat(200000), /./, /./],
];

for (const [what, content, place, sentence] of broken)
  test(`refused whole, with its place: ${what}`, async () => {
    const before = await record('1.013619');
    const { code, report } = await importing('procedures', folderOf({ '1.013619.json': content }));
    assert.equal(code, 1);
    assert.deepEqual(counts(report), { files: 1, taken: 0, unchanged: 0, refused: 1 });
    assert.deepEqual(report.doubts, []);
    assert.equal(report.errors.length, 1);
    assert.match(report.errors[0].file, /1\.013619\.json$/);
    assert.match(report.errors[0].place, place);
    assert.match(report.errors[0].message, sentence);
    assert.deepEqual(await record('1.013619'), before);
  });

test('of a mixed folder the good files go in, the bad ones are named, what is no sheet is left alone', async () => {
  const good = edited(s => { s.metadata.tên_thủ_tục += ' (sửa đổi)'; });
  const folder = folderOf({ '1.013619.json': good, '1.013128.json': sheets['1.013128.json'], 'hong.json': '{"a":\n', 'README.md': '# no sheet', 'anh.png': Buffer.from([137, 80]) });
  fs.mkdirSync(path.join(folder, 'thu-muc-con'));
  fs.symlinkSync('/no/such/file.json', path.join(folder, 'dut.json'));
  const { code, report } = await importing('procedures', folder);
  assert.equal(code, 1);
  assert.equal(report.taken, 1);
  assert.equal(report.unchanged, 1);
  assert.deepEqual(report.errors.map(e => path.basename(e.file)).sort(), ['dut.json', 'hong.json']);
  assert.match((await record('1.013619')).name, /\(sửa đổi\)$/);
  assert.equal((await importing('procedures', bqp)).report.taken, 1);
});

test('one procedure in two files of one import: the same words are fine, other words are refused', async () => {
  const other = edited(s => { s.metadata.tên_thủ_tục += ' khác'; });
  const { code, report } = await importing('procedures', folderOf({ 'a.json': whole, 'b.json': whole, 'c.json': other }));
  assert.equal(code, 1);
  assert.deepEqual(counts(report), { files: 3, taken: 0, unchanged: 2, refused: 1 });
  assert.match(report.errors[0].file, /c\.json$/);
});

test('a path that is not there, a kind that is not known, no path at all', async () => {
  const absent = await importing('procedures', '/no/such/folder', bqp);
  assert.equal(absent.code, 1);
  assert.deepEqual(counts(absent.report), { files: 208, taken: 0, unchanged: 207, refused: 1 });
  assert.match(absent.report.errors[0].file, /no\/such\/folder/);
  for (const args of [['import', 'poems', bqp], ['import', 'procedures'], ['import']]) {
    const { code, stdout, stderr } = await office.command(...args);
    assert.equal(code, 2, args.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /\S/);
  }
});

/* ---- altered variants ---- */

const rows = (sheet, list, edit) => sheet.tables[list].forEach(edit);
const cells = (value, edit) => {
  if (typeof value === 'string') return edit(value);
  if (Array.isArray(value)) return value.map(v => cells(v, edit));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, cells(v, edit)]));
  return value;
};
const isTerm = text => /^\d+(\.\d+)?\s+(Ngày|Giờ)/.test(text);
const amounts = text => text.replace(/(\d{1,3}(?:\.\d{3})+)(?= *Đồng)/g, m => m.replaceAll('.', ''));

// Variants that say the same: terms, amounts, audience, levels, channels and demands must come out as before.
const same = {
  'decomposed letters': s => cells(s, v => v.normalize('NFD')),
  'tabs between words': s => cells(s, v => v.replaceAll(' ', '\t')),
  'no-break spaces and invisible characters': s => cells(s, v => v.replaceAll(' ', '\u00a0').replace(/^(.)/, '$1\u200b')),
  'spaces around every cell': s => cells(s, v => (v === '' ? v : `  ${v} \n`)),
  'a byte order mark': s => '\ufeff' + JSON.stringify(s),
  'terms in capitals': s => rows(s, 'hinh_thuc_nop', r => { if (isTerm(r.thoi_han_giai_quyet)) r.thoi_han_giai_quyet = r.thoi_han_giai_quyet.toUpperCase(); }),
  'terms in small letters with spaces': s => rows(s, 'hinh_thuc_nop', r => { if (isTerm(r.thoi_han_giai_quyet)) r.thoi_han_giai_quyet = r.thoi_han_giai_quyet.toLowerCase().replaceAll(' ', '   '); }),
  'terms with zeros before': s => rows(s, 'hinh_thuc_nop', r => { if (isTerm(r.thoi_han_giai_quyet)) r.thoi_han_giai_quyet = `0${r.thoi_han_giai_quyet}`; }),
  'terms that end with a dot': s => rows(s, 'hinh_thuc_nop', r => { if (isTerm(r.thoi_han_giai_quyet)) r.thoi_han_giai_quyet += '.'; }),
  'amounts with commas': s => rows(s, 'hinh_thuc_nop', r => { r.phi_le_phi = r.phi_le_phi.replace(/(\d{1,3}(?:\.\d{3})+)(?= *Đồng)/g, m => m.replaceAll('.', ',')); }),
  'amounts without marks': s => rows(s, 'hinh_thuc_nop', r => { r.phi_le_phi = amounts(r.phi_le_phi); }),
  'amounts in VNĐ': s => rows(s, 'hinh_thuc_nop', r => { r.phi_le_phi = r.phi_le_phi.replace(/(\d) Đồng/g, '$1 VNĐ'); }),
  'labels of fees without spaces': s => rows(s, 'hinh_thuc_nop', r => { r.phi_le_phi = r.phi_le_phi.replaceAll('hí : ', 'hí:'); }),
  'the audience the other way round': s => { s.content.đối_tượng_thực_hiện = terms(s.content.đối_tượng_thực_hiện).reverse().join('; '); },
  'every channel twice': s => { s.tables.hinh_thuc_nop = s.tables.hinh_thuc_nop.flatMap(r => [r, { ...r }]); },
  'members in another order': s => JSON.parse(JSON.stringify(s), (k, v) => (v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).reverse()) : v)),
  'windows line ends': s => cells(s, v => v.replaceAll('\n', '\r\n')),
};
const vocabulary = ['Cán bộ, công chức, viên chức', 'Tổ chức (không bao gồm doanh nghiệp, HTX)'];
function terms(text) {
  const kept = vocabulary.filter(t => text.includes(t));
  return [...kept, ...kept.reduce((left, t) => left.replace(t, ''), text).split(',').map(t => t.trim()).filter(Boolean)];
}

const essence = p => ({
  audience: [...p.audience].sort(), levels: p.levels, kind: p.kind, initiator: p.initiator,
  channels: p.channels.map(c => ({ channel: c.channel, cases: c.cases.map(k => ({ id: k.id, term: k.term && { ...k.term, text: '' }, fees: k.fees.map(f => ({ kind: f.kind, amount: f.amount, currency: f.currency })) })) })),
  components: p.components.map(c => ({ required: c.required, group: c.group, originals: c.originals, copies: c.copies, files: c.form_files.length })),
  law: p.law.map(l => l.symbol), results: p.results.length,
});

async function importAltered(alter) {
  const files = {};
  for (const name of names) {
    const sheet = structuredClone(sheets[name]);
    files[name] = alter(sheet) ?? sheet;
    if (Array.isArray(files[name])) files[name] = sheet;
  }
  return importing('procedures', folderOf(files));
}

let real; // the records of the real sheets
async function allRecords() {
  const list = {};
  for (let i = 0; i < names.length; i += 32)
    await Promise.all(names.slice(i, i + 32).map(async name => { list[name] = await record(sheets[name].thu_tuc_id); }));
  return list;
}

for (const [what, alter] of Object.entries(same))
  test(`all 207 sheets say the same with ${what}`, async () => {
    if (!real) {
      await importing('procedures', bqp);
      real = await allRecords();
    }
    const { code, report } = await importAltered(alter);
    assert.equal(code, 0, JSON.stringify(report.errors[0]));
    assert.equal(report.taken + report.unchanged, 207);
    const altered = await allRecords();
    for (const name of names) assert.deepEqual(essence(altered[name]), essence(real[name]), name);
  });

// Every word of a sheet stands in its record, or a doubt names its place. What a vocabulary replaced by a code is known.
const words = text => text.normalize('NFC').toLowerCase().replace(/&nbsp;|\u00a0|\u200b/g, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
const nothing = /^(không|không có|không có thông tin|không quy định|không yêu cầu|không có yêu cầu)?[\s.\-–:;,]*$/iu;
const coded = { 'Cấp Bộ': 1, 'Cấp Tỉnh': 1, 'Cấp Xã': 1, 'Cơ quan khác': 1, 'Trực tiếp': 1, 'Trực tuyến': 1, 'Dịch vụ bưu chính': 1 };
const countCell = /^\s*Bản chính\s*:\s*\d+\s+Bản sao\s*:\s*\d+\s*$/i;

function leaves(value, pointer = '#') {
  if (value === null) return [];
  if (typeof value !== 'object') return [[pointer, String(value)]];
  return Object.entries(value).flatMap(([k, v]) => leaves(v, `${pointer}/${k}`));
}

function lost(sheet, p, doubts) {
  const arrived = new Set(words(JSON.stringify(p, (k, v) => (typeof v === 'string' ? v.replaceAll('\n', ' ') : v))));
  const known = new Set(doubts.map(d => d.field.normalize('NFC')));
  return leaves(sheet).filter(([pointer, text]) => {
    if (text === '' || nothing.test(text.trim()) || coded[text] || countCell.test(text)) return false;
    const parents = pointer.split('/').map((_, i, all) => all.slice(0, i + 1).join('/')).slice(1);
    if (parents.some(at => known.has(at))) return false;
    const said = pointer.endsWith('/ten_giay_to') ? text.replace(/^[\s+–-]*(\d+(\.\d+)*[.)]|[a-zđ]\))/, '') : text; // its number in the list
    return words(said).some(w => !arrived.has(w));
  });
}

// Variants that say something else or nothing clear; each edits cells of every sheet.
const strange = {
  'nothing': () => {},
  'terms as ranges': s => rows(s, 'hinh_thuc_nop', r => { r.thoi_han_giai_quyet = '10 - 25 Ngày'; }),
  'terms in words': s => rows(s, 'hinh_thuc_nop', r => { r.thoi_han_giai_quyet = 'mười lăm ngày kể từ khi đoàn về'; }),
  'two terms in one cell': s => rows(s, 'hinh_thuc_nop', r => { r.thoi_han_giai_quyet = '05 ngày (thẩm định) và 20 ngày làm việc (quyết định)'; }),
  'negative and huge terms': s => rows(s, 'hinh_thuc_nop', (r, i) => { r.thoi_han_giai_quyet = i % 2 ? '-5 Ngày' : '99999999999999999999 Ngày'; }),
  'terms in an unknown unit': s => rows(s, 'hinh_thuc_nop', r => { r.thoi_han_giai_quyet = '3 con trăng'; }),
  'fees in prose': s => rows(s, 'hinh_thuc_nop', r => { r.phi_le_phi = 'Thu theo biểu Zeta ban hành kèm Thông tư 7'; }),
  'fees with odd numbers': s => rows(s, 'hinh_thuc_nop', (r, i) => { r.phi_le_phi = ['Phí : 1.5.0 Đồng', 'Lệ phí : 12.34 Đồng', 'Phí : -50.000 Đồng', 'Phí : 50 Euro'][i % 4]; }),
  'fees of many lines': s => rows(s, 'hinh_thuc_nop', r => { r.phi_le_phi = 'Phí : 30.000 Đồng (người lớn)\nLệ phí : 15.000 Đồng (trẻ em)\nGhi thêm: vùng sâu giảm nửa'; }),
  'an unknown channel': s => rows(s, 'hinh_thuc_nop', r => { r.hinh_thuc = 'Qua điện báo'; }),
  'channels joined in a cell': s => rows(s, 'hinh_thuc_nop', r => { r.hinh_thuc = 'Trực tiếp, Trực tuyến; Bồ câu'; }),
  'an unknown kind of applicant': s => { s.content.đối_tượng_thực_hiện += ', Nhà trường quân đội'; },
  'an unknown level': s => { s.metadata.cấp_thực_hiện = 'Cấp Vùng biển'; },
  'the district level': s => { s.metadata.cấp_thực_hiện = 'Cấp Huyện, Cấp Xã'; },
  'an unknown kind': s => { s.metadata.loại_thủ_tục = 'Thủ tục thí điểm'; },
  'an odd decision': s => { s.metadata.số_quyết_định = 'theo công điện hoả tốc'; },
  'no field': s => { s.metadata.lĩnh_vực = 'Không có thông tin'; },
  'counts in words': s => rows(s, 'thanh_phan_ho_so', r => { r.ghi_chu = 'Nộp hai bộ, kèm bản điện tử'; }),
  'counts in another order': s => rows(s, 'thanh_phan_ho_so', r => { r.ghi_chu = '02 bản sao; 01 bản chính; scan màu'; }),
  'numbers where file names stand': s => rows(s, 'thanh_phan_ho_so', r => { r.so_luong = '03 bộ'; }),
  'numbers instead of texts': s => rows(s, 'thanh_phan_ho_so', r => { r.so_luong = 4; }),
  'cells that are null': s => { s.content.địa_chỉ_tiếp_nhận_hs = null; rows(s, 'thanh_phan_ho_so', r => { r.so_luong = null; }); },
  'cells that are absent': s => { delete s.content.cơ_quan_phối_hợp; rows(s, 'thanh_phan_ho_so', r => { delete r.so_luong; }); },
  'parts nobody knows': s => { s.phiên_bản_mẫu = 'Zeta 2'; s.metadata.ghi_chú_nội_bộ = 'xem Omega'; s.content.câu_hỏi = 'Kappa?'; rows(s, 'hinh_thuc_nop', r => { r.mo_ta = 'nộp tại Sigma'; }); rows(s, 'can_cu_phap_ly', r => { r.ngay = '01/02/2025'; }); },
  'a list nobody knows': s => { s.tables.mau_don = [{ ten: 'Mẫu Lambda' }]; },
  'papers without a name': s => { s.tables.thanh_phan_ho_so.push({ ten_giay_to: ' ... ', so_luong: 'Tau.docx', ghi_chu: 'Bản chính: 9\nBản sao: 9' }); },
  'the same paper twice with other counts': s => { s.tables.thanh_phan_ho_so.push({ ...(s.tables.thanh_phan_ho_so[0] ?? { ten_giay_to: 'Đơn', so_luong: '' }), ghi_chu: 'Bản chính: 5\nBản sao: 7' }); },
  'law without numbers': s => rows(s, 'can_cu_phap_ly', r => { r.so_ky_hieu = 'Nghị định mới'; }),
  'agencies of nowhere': s => { s.content.cơ_quan_thực_hiện = 'Ban Alpha / Cục Beta; phòng gamma, Ban Alpha'; },
  'markup': s => { s.content.kết_quả_thực_hiện = '<b>Giấy phép</b><script>alert(1)</script> &amp; biên bản'; },
};

for (const [what, alter] of Object.entries(strange))
  test(`with ${what} no word of 207 sheets is lost in silence`, async () => {
    const { code, report } = await importAltered(alter);
    assert.equal(code, 0, JSON.stringify(report.errors[0]));
    assert.equal(report.taken + report.unchanged, 207);
    const doubts = new Map(names.map(name => [name, []]));
    for (const d of report.doubts) doubts.get(path.basename(d.file)).push(d);
    const altered = await allRecords();
    const gone = [];
    for (const name of names) {
      const sheet = structuredClone(sheets[name]);
      alter(sheet);
      for (const [pointer, text] of lost(sheet, altered[name], doubts.get(name))) gone.push(`${name} ${pointer}: ${text.slice(0, 200)}`);
    }
    assert.deepEqual(gone.slice(0, 12), [], `${gone.length} cells`);
  });

/* ---- units ---- */

const unitsFile = path.join(root, 'units/units.json');
const units = JSON.parse(fs.readFileSync(unitsFile, 'utf8'));

test('the units again: all unchanged', async () => {
  const { code, report } = await importing('units', unitsFile);
  assert.equal(code, 0);
  assert.deepEqual(counts(report), { files: 1, taken: 0, unchanged: 34 + 3321, refused: 0 });
});

test('a commune that is called otherwise keeps its earlier name findable, its identifier and its people', async () => {
  const changed = structuredClone(units);
  const lamDong = changed.find(p => p.Code === '68');
  const commune = lamDong.Wards.find(w => w.Code === '22963');
  assert.equal(commune.FullName, 'Xã Tuyên Quang');
  commune.FullName = 'Phường Bình Minh Mới';
  const { code, report } = await importing('units', path.join(folderOf({ 'units.json': changed }), 'units.json'));
  assert.equal(code, 0);
  assert.deepEqual(counts(report), { files: 1, taken: 1, unchanged: 3354, refused: 0 });
  const agency = (await nobody.get('/api/v1/agencies/H36.22963')).body;
  assert.match(agency.name, /phường Bình Minh Mới/i);
  const found = (await nobody.get(`/api/v1/agencies?q=${encodeURIComponent('xã Tuyên Quang Lâm Đồng')}`)).body.items;
  assert.ok(found.some(a => a.identifier === 'H36.22963'), 'found by its earlier name');
  assert.equal((await (await office.as('tiepnhan.xa')).get('/api/v1/tasks')).status, 200);
  const back = await importing('units', unitsFile);
  assert.equal(back.report.taken, 1);
});

test('broken units are refused whole, with every mistake at its place', async () => {
  const wrong = structuredClone(units);
  wrong[0].Wards[0].Code = '4';
  wrong[0].Wards[1].FullName = 'Ngọc Hà';
  wrong[1].Wards[0].ProvinceCode = '99';
  wrong[1].Wards[3].Code = wrong[1].Wards[2].Code;
  const folder = folderOf({ 'wrong.json': wrong, 'cut.json': JSON.stringify(units, null, 1).slice(0, 5000), 'empty.json': '', 'object.json': '{}', 'bytes.json': Buffer.from([0, 200, 1]) });
  const report = async name => {
    const { code, report } = await importing('units', path.join(folder, name));
    assert.equal(code, 1);
    assert.deepEqual(counts(report), { files: 1, taken: 0, unchanged: 0, refused: 1 });
    return report.errors;
  };
  const mistakes = (await report('wrong.json')).map(e => e.place).join(' ');
  for (const place of ['#/0/Wards/0/Code', '#/0/Wards/1/FullName', '#/1/Wards/0/ProvinceCode', '#/1/Wards/3/Code']) assert.ok(mistakes.includes(place), `${place} in ${mistakes}`);
  assert.match((await report('cut.json'))[0].place, /line \d+/);
  for (const name of ['empty.json', 'object.json', 'bytes.json']) assert.match((await report(name))[0].message, /\S/);
  assert.equal((await importing('units', unitsFile)).report.unchanged, 3355);
});

test('the merger of 2025: 10,353 lines go in once, a line out of shape refuses the file, an unknown commune only its line', async () => {
  const merger = path.join(root, 'units/merger-2025.csv');
  const first = await importing('units', merger);
  assert.deepEqual(counts(first.report), { files: 1, taken: 10353, unchanged: 0, refused: 0 });
  assert.deepEqual(counts((await importing('units', merger)).report), { files: 1, taken: 0, unchanged: 10353, refused: 0 });
  const lines = fs.readFileSync(merger, 'utf8').trim().split('\n');
  const folder = folderOf({
    'shape.csv': [...lines.slice(0, 3), 'một,hai'].join('\n'),
    'unknown.csv': [...lines.slice(0, 3), 'Tỉnh Lâm Đồng,Huyện Bắc Bình,Xã Cũ,Tỉnh Lâm Đồng,Xã Không Có Thật'].join('\n'),
  });
  const shape = await importing('units', path.join(folder, 'shape.csv'));
  assert.deepEqual(counts(shape.report), { files: 1, taken: 0, unchanged: 0, refused: 1 });
  assert.equal(shape.report.errors[0].place, 'line 4');
  const unknown = await importing('units', path.join(folder, 'unknown.csv'));
  assert.equal(unknown.code, 1);
  assert.deepEqual(counts(unknown.report), { files: 1, taken: 0, unchanged: 2, refused: 1 });
  assert.match(unknown.report.errors[0].message, /Xã Không Có Thật/);
});

test('after all of that the journal verifies', async () => {
  assert.equal((await office.command('audit', 'verify')).code, 0);
});
