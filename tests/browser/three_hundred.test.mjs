// A day of an officer with 300 open dossiers, in Chromium: the inbox is quick and light, one works through a filter far down the list
// without losing the place, finds one by its owner's name, acts on 40 at once and sees how far it is; the leader sees whose load it is.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openOffice, owner, submission } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

const OPEN = 300, given = ['An', 'Bình', 'Chi', 'Dũng', 'Giang', 'Hà', 'Khánh', 'Lan', 'Minh', 'Nga'], family = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Vũ'];
let office, browser, people = {}, codes = [];
const nameOf = n => `${family[n % family.length]} Văn ${given[Math.floor(n / family.length) % given.length]} ${n}`;

before(async () => {
  [office, browser] = await Promise.all([openOffice(), openBrowser()]);
  for (const login of ['tiepnhan', 'chuyenvien', 'lanhdao']) people[login] = await office.as(login);
  const bodies = {};
  for (const procedure of ['1.013285', '1.013170', '1.013124']) bodies[procedure] = await submission(people.tiepnhan, procedure, { agency: 'G11', channel: 'counter' });
  const kinds = Object.values(bodies);
  for (let n = 0; n < OPEN; n += 20)
    codes.push(...await Promise.all(Array.from({ length: 20 }, async (_, i) => {
      const made = await people.tiepnhan.post('/api/v1/dossiers', { ...kinds[(n + i) % kinds.length], parties: [{ ...owner, name: nameOf(n + i) }] });
      assert.equal(made.status, 201, made.text);
      return made.body.code;
    })));
  for (const [login, act, fields] of [['tiepnhan', 'receive', {}], ['lanhdao', 'assign', { to: 'chuyenvien' }]]) {
    const batch = await people[login].post('/api/v1/batches', { act, dossiers: codes, fields });
    assert.equal(batch.status, 202, batch.text);
    const ended = await eventually(`the end of ${act}`, async () => {
      const { body } = await people[login].get(`/api/v1/batches/${batch.body.id}`);
      return body.finished_at !== null && body;
    }, 120);
    assert.deepEqual([ended.state, ended.refused], ['done', 0], act);
  }
});
after(async () => {
  await browser?.close();
  await office?.close();
});

const ready = page => page.waitForSelector('[data-mc-keys-open]:not([hidden])');

test('the inbox of 300 is 25 rows, light, and quick to walk; the work goes on where one was', async () => {
  const eyes = await Eyes.open(browser, office);
  const { page } = eyes;
  await eyes.signIn('chuyenvien');
  await eyes.go('/viec');
  await ready(page);
  assert.equal(await page.locator('[data-mc-row]').count(), 25);
  assert.match(await page.locator('.mc-inbox__chip', { hasText: 'Của tôi' }).innerText(), /300/);
  await eyes.look('95-three-hundred');
  assert.deepEqual(await eyes.violations(), []);
  await eyes.go('/viec?loc=cua-toi');
  await Promise.all([page.waitForURL(/cursor=/), page.locator('a[rel=next]').first().click()]);
  await ready(page);
  const second = await page.locator('[data-mc-row-link]').allInnerTexts(), place = new URL(page.url()).searchParams.get('cursor');
  await page.waitForSelector('.mc-row--current');
  await Promise.all([page.waitForURL(`**/ho-so/${second[0]}*`), page.locator('[data-mc-row-link]').first().click()]);
  await ready(page);
  for (let i = 1; i < 6; i++) {
    await Promise.all([page.waitForURL(`**/ho-so/${second[i]}*`), page.keyboard.press('J')]);
    await ready(page);
  }
  assert.equal(new URL(page.url()).searchParams.get('tu'), place, 'the neighbours are those of the page one came from');
  await page.keyboard.press('d');
  await page.waitForFunction(() => document.getElementById('propose').contains(document.activeElement));
  await page.keyboard.press('Space');
  await Promise.all([page.waitForURL('**/viec?*'), page.keyboard.press('Control+Enter')]);
  await ready(page);
  const back = new URL(page.url());
  assert.deepEqual([back.searchParams.get('loc'), back.searchParams.get('cursor')], ['cua-toi', place], 'and one goes on there');
  assert.ok(!(await page.locator('[data-mc-row-link]').allInnerTexts()).includes(second[5]), 'what was done is gone');
  // Behind the last row of a page stands the first of the next.
  const last = await page.locator('[data-mc-row-link]').last().innerText();
  await Promise.all([page.waitForURL(`**/ho-so/${last}*`), page.locator('[data-mc-row-link]').last().click()]);
  await ready(page);
  await Promise.all([page.waitForURL(url => url.pathname !== `/ho-so/${last}`), page.keyboard.press('J')]);
  assert.notEqual(new URL(page.url()).searchParams.get('tu'), place);
  await eyes.close();
});

test('one of 300 is found by the owner’s name without accents, from the inbox, with the keyboard', async () => {
  const eyes = await Eyes.open(browser, office);
  const { page } = eyes;
  await eyes.signIn('chuyenvien');
  await eyes.go('/viec');
  await ready(page);
  await page.keyboard.press('/');
  await page.keyboard.type(`${nameOf(237)}`.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd'));
  await Promise.all([page.waitForURL(`**/ho-so/${codes[237]}`), page.keyboard.press('Enter')]);
  await eyes.close();
});

test('forty are proposed at once, how far it is is seen, and the leader sees whose load it is', async () => {
  const eyes = await Eyes.open(browser, office);
  const { page } = eyes;
  await eyes.signIn('chuyenvien');
  const ordered = await people.chuyenvien.post('/api/v1/batches', { act: 'propose', dossiers: codes.slice(100, 140), fields: { outcome: 'granted' } });
  assert.equal(ordered.status, 202, ordered.text);
  await eyes.go(`/viec/hang-loat/${ordered.body.id}`);
  await eventually('forty', async () => { await page.reload(); return /40/.test(await page.locator('main').innerText()); });
  assert.equal(await page.locator('.mc-bar').count(), 1, 'the picture of how far it is');
  await eyes.look('96-forty-at-once');
  await eyes.close();
  const leader = await Eyes.open(browser, office);
  await leader.signIn('lanhdao');
  await eventually('forty at the leader', async () => {
    await leader.page.goto('/viec');
    return /4[01]/.test(await leader.page.locator('.mc-tabs__item').first().innerText());
  });
  const unit = await leader.page.goto('/tien-do');
  assert.equal(unit.status(), 200);
  await leader.look('97-load');
  await leader.close();
});
