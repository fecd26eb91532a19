// What pages weigh over the wire when a browser asks for them, one row for each page, and who may be sent a compressed one.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { eventually, openOffice, submission } from './support/office.mjs';

const procedure = '1.013285', agency = 'G11', wire = 30_000; // bytes of a later page, with its head
const visited = { 'accept': 'text/html', 'accept-encoding': 'gzip, br', 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate' };
let office, code, codes, people;

before(async () => {
  office = await openOffice();
  const citizen = await office.as('congdan'), body = await submission(citizen, procedure, { agency });
  codes = (await Promise.all(Array.from({ length: 30 }, () => citizen.post('/api/v1/dossiers', body)))).map(a => a.body.code);
  code = codes[0];
  const receiver = await office.as('tiepnhan');
  for (const one of codes.slice(0, 2)) await receiver.act(one, 'receive');
  people = Object.fromEntries(await Promise.all(['congdan', 'tiepnhan', 'chuyenvien', 'lanhdao'].map(async login => [login, await office.signIn(login)])));
});
after(() => office.close());

// What came over the wire, as it came.
function ask(visitor, target, headers = visited, form) {
  const cookie = [...visitor?.cookies ?? []].map(([name, value]) => `${name}=${value}`).join('; ');
  return new Promise((done, failed) => {
    const request = http.request(office.url + target, { method: form ? 'POST' : 'GET', agent: false, headers: { 'accept-language': 'vi', ...headers, ...(cookie && { cookie }),
      ...(form && { origin: office.url, 'content-type': 'application/x-www-form-urlencoded' }) } }, response => {
      const chunks = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => {
        const raw = Buffer.concat(chunks), isSmall = response.headers['content-encoding'] === 'gzip';
        const head = response.rawHeaders.reduce((sum, text) => sum + text.length + 2, 20);
        done({ status: response.statusCode, headers: response.headers, bytes: head + raw.length, isSmall, text: (isSmall ? zlib.gunzipSync(raw) : raw).toString() });
      });
    });
    request.on('error', failed);
    request.end(form?.toString());
  });
}

// Whose page, where, what it may weigh as a browser gets it, and what without any compression (old browsers).
const pages = [
  [null, () => '/', wire, 80_000],
  [null, () => '/thu-tuc', wire, 60_000],
  [null, () => `/thu-tuc/${procedure}`, wire, 60_000],
  [null, () => '/tra-cuu', wire, 30_000],
  [null, () => '/tro-giup', wire, 40_000],
  ['congdan', () => '/thu-tuc', wire, 60_000],
  ['congdan', () => '/ho-so-cua-toi', wire, 40_000],
  ['congdan', () => `/ho-so/${code}`, wire, 60_000],
  ['congdan', () => `/ho-so/${code}/da-nop`, wire, 40_000],
  ['congdan', () => `/ho-so/${code}/trao-doi`, wire, 40_000],
  ['tiepnhan', () => '/viec', wire, 60_000],
  ['tiepnhan', () => `/ho-so/${codes[5]}`, wire, 60_000],
  ['tiepnhan', () => '/tiep-nhan', wire, 40_000],
  ['chuyenvien', () => `/ho-so/${code}`, wire, 80_000],
  ['lanhdao', () => '/tien-do', wire, 40_000],
  ['lanhdao', () => `/tien-do?co-quan=${agency}`, wire, 40_000],
  ['lanhdao', () => '/viec?loc=ca-co-quan', wire, 60_000],
];
for (const [login, target, most, whole] of pages)
  test(`${login ?? 'a stranger'} at ${target.toString().slice(6).replaceAll('`', '').replaceAll("'", '')}: less than ${most / 1000} KB`, async () => {
    const answer = await ask(people[login], target());
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.isSmall, 'it is compressed');
    assert.ok(answer.bytes < most, `${answer.bytes} bytes`);
    assert.ok(Buffer.byteLength(answer.text) < whole, `${Buffer.byteLength(answer.text)} bytes before compression`);
  });

test('a signed-in person is sent a compressed page only where they went themselves', async () => {
  const officer = people.tiepnhan, here = { accept: 'text/html', 'accept-encoding': 'gzip' };
  const isSmall = async headers => (await ask(officer, '/viec', headers)).isSmall;
  assert.equal(await isSmall(visited), true);
  assert.equal(await isSmall({ ...visited, 'sec-fetch-site': 'none' }), true, 'a typed address');
  assert.equal(await isSmall({ ...visited, 'sec-fetch-site': 'cross-site' }), false, 'another site opened it');
  assert.equal(await isSmall({ ...visited, 'sec-fetch-site': 'same-site' }), false);
  assert.equal(await isSmall({ ...visited, 'sec-fetch-mode': 'cors' }), false, 'a script fetched it');
  assert.equal(await isSmall({ ...visited, 'sec-fetch-site': 'cross-site', referer: `${office.url}/viec` }), false);
  assert.equal(await isSmall(here), false, 'nothing says who asked');
  assert.equal(await isSmall({ ...here, referer: `${office.url}/viec` }), true, 'an old browser, from our page');
  assert.equal(await isSmall({ ...here, referer: 'https://evil.example/' }), false);
  assert.equal(await isSmall({ ...here, accept: '*/*', referer: `${office.url}/viec` }), false, 'an old browser, a script');
  assert.equal(await isSmall({ ...visited, 'accept-encoding': 'gzip;q=0' }), false);
  assert.match((await ask(officer, '/viec')).headers.vary, /Sec-Fetch-Site/);
});

test('the token of forms is another text in each answer, and each of them works', async () => {
  const token = async () => /name="csrf" value="([^"]*)"/.exec((await ask(people.tiepnhan, '/viec')).text)[1];
  const [one, other] = [await token(), await token()];
  assert.notEqual(one, other);
  const keep = csrf => ask(people.tiepnhan, '/viec/cach-xem', visited, new URLSearchParams({ csrf, loc: 'moi', ten: `Cách xem ${csrf.slice(0, 4)}` }));
  assert.equal((await keep(one)).status, 303);
  assert.equal((await keep(other)).status, 303);
  assert.equal((await keep(one.replace(/^./, c => (c === 'A' ? 'B' : 'A')))).status, 403);
});

test('a leader sees the load of the unit by officer, and each number leads to that list', async () => {
  const leader = await office.as('lanhdao');
  for (const one of codes.slice(0, 2)) assert.equal((await leader.act(one, 'assign', { to: 'chuyenvien' })).status, 200);
  const page = await eventually('the officer in the picture', async () => {
    const seen = await people.lanhdao.get(`/tien-do?co-quan=${agency}`);
    return /<svg class="mc-chart mc-load"[^>]*>(?:(?!<\/svg>).)*Lê Quang Huy/s.test(seen.text) && seen;
  });
  const [, href] = /<a class="govuk-link" href="(\/viec\?loc=can-bo-\d+)">Lê Quang Huy<\/a>/.exec(page.text) ?? assert.fail(page.words);
  const list = await people.lanhdao.get(href);
  assert.equal(list.status, 200);
  for (const one of codes.slice(0, 2)) assert.ok(list.text.includes(`/ho-so/${one}"`), one);
  assert.ok(!list.text.includes(`/ho-so/${codes[9]}"`), 'only what this officer holds');
  assert.match(list.words, /Lê Quang Huy/);
  assert.equal((await people.lanhdao.get(`${href}.qua-han`)).status, 200);
  assert.equal((await people.chuyenvien.get(href.replace(/\d+/, '1'))).status, 403, 'for leaders only');
});
