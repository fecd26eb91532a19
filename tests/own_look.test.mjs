// An office's own look: colours and emblem from the data folder, and the colours that a reader chooses.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openOffice } from './support/office.mjs';

let office;
before(async () => { office = await openOffice(); });
after(() => office?.close());

const get = (path, headers = {}) => fetch(office.url + path, { headers, redirect: 'manual' });
const own = html => html.match(/\/theme\/[0-9a-f]+\.(css|svg)/g) ?? [];

test('without files of its own an office has our look, and nothing more is asked for', async () => {
  assert.deepEqual(own(await (await get('/')).text()), []);
  assert.equal((await get('/theme/0123456789abcdef.css')).status, 404);
});

test('colours and emblem in the data folder are on every page after the next start', async () => {
  const sheet = ':root { --govuk-brand-colour: #5b2a6e }\n', mark = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>';
  mkdirSync(join(office.data, 'theme'));
  writeFileSync(join(office.data, 'theme/theme.css'), sheet);
  writeFileSync(join(office.data, 'theme/mark.svg'), mark);
  await office.stop();
  await office.serve();
  const [css, svg] = own(await (await get('/')).text());
  const served = await get(css), emblem = await get(svg);
  assert.equal(await served.text(), sheet);
  assert.match(served.headers.get('cache-control'), /immutable/);
  assert.equal(emblem.headers.get('content-type'), 'image/svg+xml');
  assert.match(emblem.headers.get('content-security-policy'), /default-src 'none'/, 'an emblem runs no scripts');
  assert.ok((await (await get('/')).text()).indexOf(css) > 0);
});

test('light, dark or as the device says: the choice is remembered, and leads back to the page', async () => {
  assert.match(await (await get('/thu-tuc')).text(), /data-theme="light"/);
  for (const theme of ['dark', 'device', 'light']) {
    const chosen = await get(`/giao-dien/${theme}?return=/thu-tuc`);
    assert.equal(chosen.status, 303);
    assert.equal(chosen.headers.get('location'), '/thu-tuc');
    const cookie = chosen.headers.get('set-cookie').split(';')[0];
    assert.match(await (await get('/thu-tuc', { cookie })).text(), new RegExp(`data-theme="${theme}"`));
  }
  assert.equal((await get('/giao-dien/pink?return=/')).status, 404);
  assert.equal((await get('/giao-dien/dark?return=//elsewhere.example')).headers.get('location'), '/');
  assert.match(await (await get('/', { cookie: 'theme=%22%3E%3Cscript%3E' })).text(), /data-theme="light"/);
});
