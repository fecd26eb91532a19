// Help: a manual inside the program, found by words with or without accents; each page of the program leads to its guide, each
// error to what it means.
import assert from 'node:assert/strict';
import { appendFile, readFile, readdir } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { openOffice } from './support/office.mjs';

let office;
before(async () => {
  office = await openOffice({ serve: false });
  await appendFile(`${office.data}/motcua.conf`, 'undo-minutes = 7\ndraft-days = 33\nofficer-idle-minutes = 44\n');
  await office.serve();
});
after(() => office?.close());

const get = path => fetch(office.url + path, { redirect: 'manual', headers: { 'accept-language': 'vi', accept: 'text/html' } });
const text = async path => (await get(path)).text();
const links = (html, pattern) => [...html.matchAll(/href="([^"]+)"/g)].map(m => m[1]).filter(href => pattern.test(href));
const main = html => html.slice(html.indexOf('<main'), html.indexOf('</main>'));

test('the contents lead to every page, for citizens, officers and administrators', async () => {
  const pages = [...new Set(links(main(await text('/tro-giup')), /^\/tro-giup\//))];
  assert.ok(pages.length >= 30, `${pages.length} pages`);
  for (const reader of ['nguoi-dan', 'can-bo', 'quan-tri']) assert.ok(pages.some(p => p.startsWith(`/tro-giup/${reader}/`)), reader);
  for (const page of pages) {
    const answer = await get(page), html = await answer.text();
    assert.equal(answer.status, 200, page);
    assert.match(html, /<article class="mc-manual__text" lang="vi">\s*<h1>[^<]+<\/h1>\s*<(p|h2)/, page);
  }
  assert.equal((await get('/tro-giup/nguoi-dan/khong-co')).status, 404);
});

test('whatever the manual points to is there', async () => {
  const pages = [...new Set(links(main(await text('/tro-giup')), /^\/tro-giup\//))];
  const pointed = new Set();
  for (const page of pages) for (const href of links(main(await text(page)), /^\//)) pointed.add(href.split('#')[0]);
  for (const href of pointed) assert.ok([200, 303].includes((await get(href)).status), href);
});

test('words are found with accents and without; what was typed with accents comes first', async () => {
  for (const q of ['hoàn tác', 'hoan tac', 'HOÀN   TÁC']) {
    const found = links(main(await text(`/tro-giup?q=${encodeURIComponent(q)}`)), /#/);
    assert.equal(found[0], '/tro-giup/can-bo/xu-ly-ho-so#hoan-tac', q);
  }
  assert.match(await text('/tro-giup?q=chuyenkhongaiviet'), /Không có mục nào chứa đủ những từ này/);
  assert.match(await text(`/tro-giup?q=${encodeURIComponent('"><script>')}`), /value="&quot;&gt;&lt;script&gt;"/);
});

test('what an office sets is told as it is set', async () => {
  assert.match(main(await text('/tro-giup/can-bo/xu-ly-ho-so')), /Trong 7 phút, người vừa làm/);
  assert.match(main(await text(`/tro-giup?q=${encodeURIComponent('hoàn tác')}`)), /Trong 7 phút, người vừa làm/);
  assert.match(main(await text('/tro-giup/nguoi-dan/nop-ho-so')), /được giữ 33 ngày/);
  const pages = [...new Set(links(main(await text('/tro-giup')), /^\/tro-giup\//))], all = await Promise.all(pages.map(text));
  assert.match(all.join(), /hết sau 44 phút/);
  assert.doesNotMatch(all.join(), /\{\{|15 phút|60 phút|60 ngày kể/);
});

test('an error page and an API answer name an id that the manual explains', async () => {
  const html = await text('/khong-co-trang-nay');
  const [href] = links(main(html), /^\/tro-giup\/loi\//);
  assert.match(href, /^\/tro-giup\/loi\/MC-[0-9A-HJKMNP-TV-Z]{6}$/);
  assert.match(await text(href), /Không có trang nào ở địa chỉ này/);
  const problem = await (await fetch(office.url + '/api/v1/procedures/9.999999', { headers: { 'accept-language': 'en' } })).json();
  const explained = await fetch(`${office.url}/tro-giup/loi/${problem.error_id.toLowerCase()}`, { headers: { 'accept-language': 'en' } });
  assert.equal(explained.status, 200);
  const searched = await get(`/tro-giup?q=${problem.error_id}`);
  assert.equal(searched.headers.get('location'), `/tro-giup/loi/${problem.error_id}`);
  assert.equal((await get(problem.type)).status, 200, 'the type of a problem is a page too');
  assert.equal((await get('/tro-giup/loi/MC-000000')).status, 404);
  const named = (await text('/thu-tuc/9.999999')).match(/\/tro-giup\/loi\/(MC-\w+)/)[1], told = await text(`/tro-giup/loi/${named}`);
  assert.match(told, /Không có thủ tục nào mang mã …/);
  assert.doesNotMatch(main(told), /\{\d\}/);
});

const root = new URL('../', import.meta.url);
const read = path => readFile(new URL(path, root), 'utf8');
const plain = html => html.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim();

test('each link of the manual into itself leads to a heading that is there', async () => {
  const pages = [...new Set(links(main(await text('/tro-giup')), /^\/tro-giup\//))];
  const texts = new Map(await Promise.all(pages.map(async page => [page, await text(page)])));
  for (const [page, html] of texts) {
    const ids = [...main(html).matchAll(/ id="([^"]+)"/g)].map(m => m[1]);
    assert.equal(new Set(ids).size, ids.length, `${page}: an id twice`);
    for (const href of links(main(html), /^\/tro-giup\/.*\//)) {
      const [to, anchor] = href.split('#');
      assert.ok(texts.has(to), `${page} leads to ${href}`);
      if (anchor) assert.ok(texts.get(to).includes(` id="${anchor}"`), `${page} leads to ${href}`);
    }
  }
});

test('what the manual tells to press stands on a page under that very name', async () => {
  const entries = [...(await read('po/vi.po')).matchAll(/^msgid "(.*)"\nmsgstr "(.*)"$/gm)].map(m => [m[1], m[2].replaceAll('\\"', '"')]);
  const sources = (await readdir(new URL('src/', root), { recursive: true })).filter(f => /\.(c|h|html)$/.test(f) && !f.startsWith('help/'));
  const program = (await Promise.all(sources.map(f => read(`src/${f}`)))).join('\n').replace(/"\s*\n\s*"/g, '');
  const shown = new Set(entries.filter(([english]) => program.includes(`"${english}"`)).map(([, words]) => words));
  const unknown = [];
  let count = 0;
  for (const file of await readdir(new URL('src/help/pages/', root)))
    for (const [, words] of (await read(`src/help/pages/${file}`)).matchAll(/<b>([\s\S]*?)<\/b>/g)) {
      count++;
      if (!shown.has(plain(words))) unknown.push(`${file}: ${plain(words)}`);
    }
  assert.deepEqual(unknown, []);
  assert.ok(count > 250, `${count} names`);
});

test('the keys in the manual are those of the table of acts', async () => {
  const page = await text('/tro-giup/can-bo/phim-tat');
  const keys = [...(await read('src/dossier/action_key.c')).matchAll(/\[ACTION_\w+\] = "(\w)"/g)].map(m => m[1]);
  assert.ok(keys.length > 20, `${keys.length} keys`);
  const rows = page.slice(page.indexOf('id="thao-tac"'), page.indexOf('id="quay"'));
  for (const key of keys) assert.ok(rows.includes(`<kbd>${key}</kbd>`), key);
});

test('every page has a guide, with parameters or without, and every guide leads to a heading', async () => {
  const { stdout } = await office.command('routes', '--json');
  const notForReading = /^\/(api|assets|theme|language|giao-dien|healthz|readyz|metrics|problems|tro-giup)|\.svg$/;
  const routes = JSON.parse(stdout).filter(r => r.method === 'GET' && !notForReading.test(r.path));
  assert.deepEqual(routes.filter(r => !r.guide || !r.officer_guide).map(r => r.path), []);
  for (const address of new Set(routes.flatMap(r => [r.guide, r.officer_guide]))) {
    const [page, anchor] = address.split('#'), answer = await get(page);
    assert.equal(answer.status, 200, address);
    if (anchor) assert.ok((await answer.text()).includes(` id="${anchor}"`), address);
  }
});

test('forty failures have a note that says more than the sentence', async () => {
  const source = (await read('src/help/error_note.c')).replace(/"\s*\n\s*"/g, '');
  const notes = [...source.matchAll(/\{N_\("([^"]+)"\),\s*N_\("([^"]+)"\)\}/g)];
  assert.ok(notes.length >= 40, `${notes.length} notes`);
  assert.equal(new Set(notes.map(n => n[1])).size, notes.length, 'a sentence twice');
  for (const [, sentence, note] of notes) assert.ok(note.length > 60 && note !== sentence, sentence);
});

test('every page that a person sees has a guide', async () => {
  const { stdout } = await office.command('routes', '--json');
  const pages = JSON.parse(stdout).filter(r => r.method === 'GET' && !/^\/(api|assets|theme|language|giao-dien|healthz|readyz|metrics|problems|tro-giup)|\.svg$/.test(r.path));
  const visitors = await Promise.all(['congdan', 'tiepnhan', 'lanhdao', 'quantri'].map(login => office.signIn(login)));
  const without = [];
  for (const { path } of pages.filter(p => !p.path.includes('{'))) {
    const seen = (await Promise.all([get(path).then(async a => ({ status: a.status, text: await a.text() })), ...visitors.map(v => v.get(path))]))
      .filter(a => a.status === 200 && a.text.includes('<html'));
    if (seen.some(a => !/mc-guide/.test(a.text))) without.push(path);
  }
  assert.deepEqual(without, []);
});
