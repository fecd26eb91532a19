// Papers from outside: what they look like, what is said about bad ones, and that looking at them hurts nobody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fs from 'node:fs';
import { isHidden, openOffice, pdf, slow, submission } from './support/office.mjs';
import { exif, heic, jpeg, png } from './support/photo.mjs';
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

let office, citizen, officer, stranger, code;
before(async () => {
  office = await openOffice();
  citizen = await office.as('congdan');
  officer = await office.as('tiepnhan');
  stranger = await office.as('doanhnghiep');
  const made = await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }));
  assert.equal(made.status, 201, made.text);
  code = made.body.code;
});
after(() => office.close());

// Width and height of a JPEG, from its frame header.
function sizeOf(bytes) {
  for (let at = 2; at < bytes.length;) {
    const marker = bytes[at + 1], length = bytes.readUInt16BE(at + 2);
    if (marker >= 0xc0 && marker <= 0xc2) return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    at += 2 + length;
  }
  return undefined;
}

const picture = async (client, target) => {
  const response = await fetch(office.url + target, { headers: { authorization: `Bearer ${client.token}`, accept: 'text/html' } });
  return { status: response.status, type: response.headers.get('content-type'), etag: response.headers.get('etag'), bytes: Buffer.from(await response.arrayBuffer()) };
};

test('a page of a paper is a picture as wide as asked for, turned as asked for', async () => {
  const page = await picture(citizen, `/ho-so/${code}/giay-to/1/trang/1?rong=640`);
  assert.equal(page.status, 200, page.bytes.toString());
  assert.equal(page.type, 'image/jpeg');
  assert.deepEqual(sizeOf(page.bytes), { width: 640, height: 906 });
  const turned = await picture(officer, `/ho-so/${code}/giay-to/1/trang/1?rong=640&xoay=1`);
  assert.equal(sizeOf(turned.bytes).width, 640);
  assert.ok(sizeOf(turned.bytes).height < 640);
  const small = await picture(officer, `/ho-so/${code}/giay-to/1/thu-nho`);
  assert.equal(sizeOf(small.bytes).width, 160);
});

test('a page that was drawn once is sent again without drawing, and not at all to who has it', async () => {
  const target = `/ho-so/${code}/giay-to/1/trang/1?rong=640`;
  const first = await picture(citizen, target), from = performance.now();
  for (let i = 0; i < 20; i++) assert.equal((await picture(citizen, target)).status, 200);
  assert.ok((performance.now() - from) / 20 < 250 * slow, 'a cached page is quick');
  assert.equal((await citizen.get(target, { headers: { 'if-none-match': first.etag } })).status, 304);
});

test('only who may see the paper sees its pages', async () => {
  assert.equal((await picture(stranger, `/ho-so/${code}/giay-to/1/trang/1`)).status, 404);
  assert.equal((await picture(stranger, `/ho-so/${code}/giay-to/1/thu-nho`)).status, 404);
  for (const page of ['0', '2', '999999', '-1', 'x']) assert.equal((await picture(citizen, `/ho-so/${code}/giay-to/1/trang/${page}`)).status, 404, page);
});

test('the doctor says whether pages are drawn here', async t => {
  const found = JSON.parse((await office.command('doctor', '--json')).stdout).find(f => f.name === 'images');
  if (isHidden('landlock')) {
    assert.deepEqual(found, { name: 'images', well: false, doubtful: false, detail: 'This kernel has no Landlock, so pages of PDF files are not drawn.' });
    return t.skip('the program is under valgrind, which passes no call of Landlock on');
  }
  assert.deepEqual(found, { name: 'images', well: true, doubtful: false, detail: 'pdftoppm, landlock, seccomp' });
});

// ---- on the pages of an application ----

const CODE = '1.013124';
let visitor, base, places;
const photo = (name, bytes, type = 'image/jpeg') => new File([bytes], name, { type });

async function papersPage() { return visitor.get(`${base}/giay-to`); }
async function send(fields, files) {
  const address = `${base}/giay-to`;
  return visitor.post(address, { ...(await papersPage()).form(address), ...fields }, files);
}
const shown = page => [...page.text.matchAll(/<img src="([^"]*trang\/1[^"]*)"/g)].map(m => m[1]);
const dots = async target => {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(office.url + target.replaceAll('&amp;', '&'), { headers: { cookie } });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
};

test('three photos of one paper, also from an iPhone and one held sideways, become one PDF in the order chosen', async () => {
  visitor = await office.signIn('congdan');
  base = await visitor.begin(`/nop-ho-so/${CODE}`);
  places = [...new Set([...(await papersPage()).text.matchAll(/name="(files\/[^"]+)"/g)].map(m => m[1]))];
  const sideways = exif(jpeg(png(900, 600, [200, 30, 30])), 6);
  const sent = await send({ upload: '1' }, { [places[0]]: [photo('a.png', png(600, 900, [30, 30, 200]), 'image/png'), photo('b.jpg', sideways), photo('c.heic', heic(png(600, 904, [30, 200, 30])), 'image/heic')] });
  assert.equal(sent.status, 303, sent.words);
  const page = await papersPage();
  assert.match(page.words, /Trang 1 .*Trang 2 .*Trang 3 .*gửi thành một tệp PDF/);
  assert.deepEqual(sizeOf((await dots(shown(page)[1])).bytes), { width: 160, height: 240 }, 'held sideways, shown upright');
  const up = /name="move" value="(up:[^"]*)"/.exec(page.text)[1];
  assert.equal((await send({ move: up })).status, 303);
  assert.deepEqual(shown(await papersPage()).slice(0, 2), shown(page).slice(0, 2).reverse(), 'the second page is the first now');
});

test('what the camera wrote beside the photo is not kept', async () => {
  for (const target of shown(await papersPage())) {
    const { bytes } = await dots(target.replace(/\?.*/, '?rong=2400'));
    assert.ok(!bytes.includes('Exif'), 'no Exif');
  }
  const kept = fs.readdirSync(`${office.data}/files`, { recursive: true, withFileTypes: true }).filter(f => f.isFile()).map(f => fs.readFileSync(`${f.parentPath ?? f.path}/${f.name}`));
  assert.ok(!kept.some(bytes => bytes.includes('21.0278N')), 'where it was taken is in no file that is kept');
});

const locked = Buffer.from(pdf('khóa').toString('latin1').replace('/Root 1 0 R', '/Root 1 0 R/Encrypt<</Filter/Standard/V 1/R 2/O(00000000000000000000000000000000)/U(00000000000000000000000000000000)/P -4>>/ID[(1234567890123456)(1234567890123456)]'), 'latin1');

test('a program hears at the upload that a PDF is locked; one that is only protected from changes is taken', async () => {
  const refused = await citizen.upload(locked, 'khoa.pdf');
  assert.equal(refused.status, 422, refused.text);
  assert.match(refused.body.detail, /khoa\.pdf có mật khẩu/);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'khoa-'));
  fs.writeFileSync(`${folder}/a.pdf`, pdf('xem'));
  for (const [user, streams, status] of [['', 'disable', 201], ['', 'generate', 201], ['mat-khau', 'disable', 422], ['mat-khau', 'generate', 422]]) {
    execFileSync('qpdf', ['--warning-exit-0', `${folder}/a.pdf`, `--object-streams=${streams}`, '--encrypt', user, 'chu', '256', '--modify=none', '--', `${folder}/b.pdf`], { stdio: 'ignore' });
    const sent = await citizen.upload(fs.readFileSync(`${folder}/b.pdf`), 'b.pdf');
    assert.equal(sent.status, status, `${user}, ${streams}: ${sent.text}`);
  }
  fs.rmSync(folder, { recursive: true });
});

test('each mistake with a file has its own words, and what is good stays', async () => {
  const bad = [
    ['trong.pdf', Buffer.alloc(0), /trong\.pdf rỗng|trong\.pdf .*không có nội dung|trống/],
    ['hong.pdf', Buffer.from('%PDF-1.7\nkhông phải'), /hong\.pdf bị hỏng/],
    ['cut.jpg', jpeg(png(900, 600, [1, 2, 3])).subarray(0, 800), /cut\.jpg bị hỏng/],
    ['khoa.pdf', locked, /khoa\.pdf có mật khẩu/],
    ['gia.pdf', Buffer.from('MZ\x90'), /gia\.pdf .*không (được )?chấp nhận|loại/],
    ['to.png', png(60000, 2, [0, 0, 0]), /to\.png có quá nhiều trang hoặc ảnh quá lớn/],
  ];
  const before = shown(await papersPage()).length;
  for (const [name, bytes, words] of bad) {
    const answer = await send({ upload: '1' }, { [places[1]]: [photo(name, bytes), photo('tốt.pdf', pdf('tốt'), 'application/pdf')] });
    assert.equal(answer.status, 422, name);
    assert.match(answer.words, words, name);
    assert.match(answer.words, /tốt\.pdf/, 'the good one is kept');
  }
  assert.equal(shown(await papersPage()).length, before + 1);
});

test('another visitor sees no page of an application that is not theirs', async () => {
  const other = await office.signIn('doanhnghiep');
  assert.equal((await other.get(shown(await papersPage())[0])).status, 404);
  assert.equal((await visitor.get(`${base}/giay-to/${'0'.repeat(64)}/trang/1`)).status, 404);
});

test('a page that is removed is gone from the PDF, and with the last one the PDF goes', async () => {
  for (let left = 3; left > 0; left--) {
    const page = await papersPage();
    assert.equal((page.text.match(/class="mc-apply-pages__item"/g) ?? []).length, left);
    const place = places[0].slice(6);
    assert.equal((await send({ remove: new RegExp(`name="remove" value="(${place}:[^"]*)"`).exec(page.text)[1] })).status, 303);
  }
  assert.doesNotMatch((await papersPage()).words, /gửi thành một tệp PDF/);
});

// ---- files made to hurt ----

function madePdf(objects) {
  const at = [];
  let out = Buffer.from('%PDF-1.5\n');
  const parts = [out];
  let length = out.length;
  for (const [i, object] of objects.entries()) {
    at.push(length);
    out = Buffer.concat([Buffer.from(`${i + 1} 0 obj`), Buffer.from(object), Buffer.from('endobj\n')]);
    parts.push(out);
    length += out.length;
  }
  const places = at.map(place => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF\n`));
  return Buffer.concat(parts);
}

// A page that takes minutes to draw, out of a few hundred kilobytes.
function slowPdf() {
  const content = zlib.deflateSync(Buffer.from('0 0 595 842 re f\n'.repeat(12_000_000)));
  return madePdf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>',
    Buffer.concat([Buffer.from(`<</Length ${content.length}/Filter/FlateDecode>>stream\n`), content, Buffer.from('\nendstream')])]);
}

test('while bad files are chewed the office answers as ever, and the worker is ended when its time is over', { timeout: 600_000 * slow }, async () => {
  const body = await submission(citizen, '1.013285', { agency: 'G11', label: 'chậm' });
  const upload = await citizen.upload(slowPdf(), 'chậm.pdf');
  assert.equal(upload.status, 201, upload.text);
  body.files[0].file = upload.body.id;
  const made = await citizen.post('/api/v1/dossiers', body);
  assert.equal(made.status, 201, made.text);
  const from = performance.now();
  const chewing = [1, 2, 3].map(n => picture(citizen, `/ho-so/${made.body.code}/giay-to/1/trang/1?rong=${n * 320}`));
  let slowest = 0, isOver = false;
  Promise.all(chewing).then(() => { isOver = true; });
  while (!isOver) {
    const begun = performance.now();
    assert.equal((await citizen.get('/healthz')).status, 200);
    slowest = Math.max(slowest, performance.now() - begun);
    await new Promise(done => setTimeout(done, 50));
  }
  const answers = await Promise.all(chewing), took = performance.now() - from;
  for (const answer of answers) {
    assert.equal(answer.status, 422, answer.bytes.toString().slice(0, 300));
    assert.match(answer.bytes.toString(), /cannot be shown as pictures|không hiển thị thành ảnh được/);
  }
  assert.ok(took < 300_000 * slow, `${took} ms`);
  assert.ok(slowest < 5000 * slow, `another page took ${slowest} ms`);
  const again = performance.now();
  assert.equal((await picture(citizen, `/ho-so/${made.body.code}/giay-to/1/trang/1`)).status, 422);
  assert.ok(performance.now() - again < 5000 * slow, 'it is remembered, and not tried again for everybody who looks');
});

test('a file of very many pages, one that bites its tail and one that broke off are told at once', async () => {
  const kids = Array.from({ length: 20_000 }, (_, i) => `${i + 3} 0 R`).join(' ');
  const bad = [
    ['dày.pdf', madePdf(['<</Type/Catalog/Pages 2 0 R>>', `<</Type/Pages/Count 20000/Kids[${kids}]>>`, ...Array(20_000).fill('<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>')]), /dày\.pdf có quá nhiều trang/],
    ['vòng.pdf', madePdf(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[2 0 R 3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 5 5]>>']), /vòng\.pdf bị hỏng/],
    ['đứt.pdf', Buffer.concat([pdf('đứt').subarray(0, 200), Buffer.alloc(6000, 32)]), /đứt\.pdf bị hỏng/],
    ['bom.png', png(30_000, 40, [0, 0, 0]).fill(0x7f, 16, 24), /bom\.png (bị hỏng|có quá nhiều)/],
  ];
  for (const [name, bytes, words] of bad) {
    const answer = await send({ upload: '1' }, { [places[1]]: [photo(name, bytes)] });
    assert.equal(answer.status, 422, name);
    assert.match(answer.words, words, name);
  }
  const program = await citizen.upload(Buffer.concat([pdf('đứt').subarray(0, 200), Buffer.alloc(6000, 32)]), 'đứt.pdf');
  assert.equal(program.status, 422, 'programs hear of a PDF that broke off too');
});

test('photos that answer a request for papers are pages in an order, with the words of each mistake, and come as one PDF', async () => {
  const asked = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11', label: 'bổ sung' }))).body.code;
  const component = (await citizen.get(`/api/v1/dossiers/${asked}`)).body.files[0].component;
  const ask = await officer.act(asked, 'request-supplement', { reason: 'Ảnh mờ.', until: '2030-01-15', items: [{ component, reason: 'Ảnh mờ, đề nghị chụp lại.' }] });
  assert.equal(ask.status, 200, ask.text);
  const address = `/ho-so/${asked}/bo-sung`, page = await visitor.get(address);
  const name = /name="(answers\/\d+)" type="file"/.exec(page.text)[1];
  assert.match(page.text, new RegExp(`name="${name}" type="file" accept="image/\\*" capture`), 'the camera of a phone');
  const post = async (fields, files) => visitor.post(address, { ...(await visitor.get(address)).form(address), ...fields }, files);
  const pages = [photo('1.png', png(300, 400, [9, 9, 9]), 'image/png'), photo('2.png', png(300, 401, [99, 9, 9]), 'image/png')];
  const wrong = await post({ upload: '1' }, { [name]: [...pages, photo('khoa.pdf', locked), photo('gia.pdf', Buffer.from('MZ\x90'))] });
  assert.equal(wrong.status, 422);
  assert.match(wrong.words, /khoa\.pdf có mật khẩu/);
  assert.match(wrong.words, /gia\.pdf .*loại/);
  const before = shown(wrong);
  assert.equal(before.length, 2, 'the good ones are pages, shown small');
  assert.equal((await dots(before[0])).status, 200);
  assert.match(wrong.words, /Trang 1.*Trang 2.*một tệp PDF/);
  assert.equal((await (await office.signIn('doanhnghiep')).get(before[0])).status, 404, 'nobody else sees them');
  assert.equal((await post({ move: /name="move" value="(up:[^"]*)"/.exec(wrong.text)[1] })).status, 303);
  assert.deepEqual(shown(await visitor.get(address)), [...before].reverse(), 'the second page is the first now');
  const sent = await post({});
  assert.equal(sent.status, 303, sent.words.slice(0, 500));
  const files = (await citizen.get(`/api/v1/dossiers/${asked}`)).body.files.filter(f => f.kind === 'supplement');
  assert.deepEqual(files.map(f => [f.component, f.type]), [[component, 'application/pdf']]);
  assert.equal((await dots(before[0])).status, 404, 'the draft is gone');
});

test('photos of a message are one PDF with a small picture; a locked file is told', async () => {
  const address = `/ho-so/${code}/trao-doi`, form = (await visitor.get(address)).form(address);
  const files = [photo('1.png', png(300, 400, [9, 9, 9]), 'image/png'), photo('2.png', png(300, 401, [99, 9, 9]), 'image/png'), photo('khoa.pdf', locked)];
  const refused = await visitor.post(address, { ...form, text: 'Tôi gửi ảnh.' }, { files });
  assert.equal(refused.status, 422);
  assert.match(refused.words, /khoa\.pdf có mật khẩu/);
  assert.match(refused.text, /name="files" type="file" accept="image\/\*" capture/);
  assert.equal((await visitor.post(address, { ...refused.form(address), text: 'Tôi gửi ảnh.' }, {})).status, 303);
  const page = await visitor.get(address), thumb = /<img src="([^"]*thu-nho)"/.exec(page.text)[1];
  assert.equal(page.text.match(/thu-nho"/g).length, 1, 'one file');
  assert.deepEqual([(await picture(officer, thumb)).type, (await picture(stranger, thumb)).status], ['image/jpeg', 404]);
});
