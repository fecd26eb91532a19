// Papers from outside: what they look like, what is said about bad ones, and that looking at them hurts nobody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from './support/office.mjs';

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
  assert.ok((performance.now() - from) / 20 < 25, 'a cached page is quick');
  assert.equal((await citizen.get(target, { headers: { 'if-none-match': first.etag } })).status, 304);
});

test('only who may see the paper sees its pages', async () => {
  assert.equal((await picture(stranger, `/ho-so/${code}/giay-to/1/trang/1`)).status, 404);
  assert.equal((await picture(stranger, `/ho-so/${code}/giay-to/1/thu-nho`)).status, 404);
  for (const page of ['0', '2', '999999', '-1', 'x']) assert.equal((await picture(citizen, `/ho-so/${code}/giay-to/1/trang/${page}`)).status, 404, page);
});

test('the doctor says whether pages are drawn here', async () => {
  const found = JSON.parse((await office.command('doctor', '--json')).stdout).find(f => f.name === 'images');
  assert.deepEqual(found, { name: 'images', well: true, detail: 'pdftoppm, landlock, seccomp' });
});
