// A day's work without a mouse, in Chromium: from the inbox each act is at most three keys away, rows are walked and chosen by keys,
// nothing is caught while somebody types, and keys can be turned off.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openOffice, submission, wholeWay } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

let office, browser, citizen;
before(async () => {
  [office, browser] = await Promise.all([openOffice(), openBrowser()]);
  citizen = await office.as('congdan');
});
after(async () => {
  await browser?.close();
  await office?.close();
});

const submitted = async () => (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body.code;
const status = async code => (await citizen.get(`/api/v1/dossiers/${code}`)).body.status;

// Keys work from here on.
const ready = page => page.waitForSelector('[data-mc-keys-open]:not([hidden])');

// The letters as docs/keyboard.md says them.
const letters = { receive: 't', examine: 'e', propose: 'd', approve: 'y', issue: 'h', return: 'r' };

test('from receipt to return every act is at most three keys from the inbox', async () => {
  const code = await submitted();
  for (const [login, act] of wholeWay('')) {
    const eyes = await Eyes.open(browser, office);
    const { page } = eyes;
    await eyes.signIn(login);
    await eyes.go('/viec');
    let pressed = 0;
    const press = async key => { pressed++; await page.keyboard.press(key); };
    assert.equal(await page.locator('[data-mc-row]').count(), 1);
    await page.waitForSelector('.mc-row--current'); // keys work from here on
    await Promise.all([page.waitForURL(`**/ho-so/${code}#${act}`), press(letters[act])]);
    await page.waitForFunction(id => document.getElementById(id)?.contains(document.activeElement), act);
    if (act === 'propose') await press('Space'); // the first outcome: granted
    await Promise.all([page.waitForURL(url => !url.hash), press('Control+Enter')]);
    assert.equal(await page.locator('.govuk-notification-banner--success').count(), 1, `${act}: ${await page.locator('main').innerText()}`);
    assert.ok(pressed <= 3, `${act}: ${pressed} keys`);
    await eyes.close();
  }
  assert.equal(await status(code), 10);
});

test('rows are walked, opened, chosen; an act is for all that are chosen', async () => {
  const codes = [await submitted(), await submitted(), await submitted()];
  const eyes = await Eyes.open(browser, office);
  const { page } = eyes;
  const press = key => page.keyboard.press(key);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  await eyes.signIn('tiepnhan');
  await eyes.go('/viec');
  await page.waitForSelector('.mc-row--current');
  const shown = await page.locator('[data-mc-row-link]').allInnerTexts();
  await press('j');
  assert.equal(await focused(), shown[0]);
  await press('j');
  assert.equal(await focused(), shown[1]);
  await press('k');
  assert.equal(await focused(), shown[0]);
  await Promise.all([page.waitForURL(`**/ho-so/${shown[0]}`), press('Enter')]);
  await ready(page);
  await Promise.all([page.waitForURL('**/viec'), (async () => { await press('g'); await press('v'); })()]);
  await page.waitForSelector('.mc-row--current');
  await press('x');
  await press('x');
  assert.equal(await page.locator('input[name=hs]:checked').count(), 2);
  await Promise.all([page.waitForURL('**/viec/chon'), press('t')]);
  await ready(page);
  await Promise.all([page.waitForURL('**/viec/hang-loat/*'), press('Control+Enter')]);
  await eventually('both of them', async () => (await Promise.all(codes.map(status))).filter(s => s === 2 || s === 4).length === 2);
  assert.equal((await Promise.all(codes.map(status))).filter(s => s === 1).length, 1);
  await eyes.close();
});

test('on a dossier tabs, papers, their pages, marks and the neighbours in the list have keys; what was done is opened again by z', async () => {
  const codes = [await submitted(), await submitted(), await submitted()];
  const eyes = await Eyes.open(browser, office);
  const { page } = eyes;
  await eyes.signIn('tiepnhan');
  const press = async (key, url) => {
    await Promise.all([page.waitForURL(url), page.keyboard.press(key)]);
    await ready(page);
  };
  await eyes.go('/viec');
  await page.waitForSelector('.mc-row--current');
  const rows = await page.locator('[data-mc-row-link]').allInnerTexts();
  const at = rows.indexOf(rows.find(c => codes.includes(c)));
  await eyes.go(`/ho-so/${rows[at]}`);
  await ready(page);
  await press('J', `**/ho-so/${rows[at + 1]}*`);
  await press('K', `**/ho-so/${rows[at]}*`);
  for (const [key, tab] of [['2', 'trao-doi'], ['3', 'ghi-chu'], ['4', 'lich-su']]) await press(key, url => url.searchParams.get('xem') === tab);
  await press('1', url => !url.searchParams.has('xem'));
  const papers = await page.locator('.mc-desk-check__file a').count();
  if (papers > 1) {
    await press('.', url => url.searchParams.get('paper') !== null);
    await press(',', url => url.searchParams.get('paper') !== null);
  }
  await press('+', url => url.searchParams.get('rong') === '1');
  await press('-', url => !url.searchParams.has('rong'));
  await press('>', url => url.searchParams.get('xoay') === '1');
  await press('<', url => !url.searchParams.has('xoay'));
  await page.keyboard.press('0');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.mc-desk-view__sheet')), 'the arrows scroll the paper');
  await page.keyboard.press('T');
  await page.keyboard.type('thiếu trang 2');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  await ready(page);
  assert.equal(await page.locator('.mc-desk-check__word', { hasText: 'thiếu trang 2' }).count(), 1);
  assert.equal(await page.locator('.mc-desk-check .govuk-tag', { hasText: 'Chưa đạt' }).count(), 1, 'Enter in the word says incomplete');
  await Promise.all([page.waitForNavigation(), page.keyboard.press('D')]);
  await ready(page);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('X')]);
  await ready(page);
  await page.keyboard.press('c'); // refuse: it is over for this officer, so one is back in the inbox
  await page.waitForFunction(() => document.activeElement.matches('#refuse textarea'));
  await page.keyboard.type('Không thuộc thẩm quyền.');
  await press('Control+Enter', '**/viec');
  await press('z', `**/ho-so/${rows[at]}`);
  await page.keyboard.press('z');
  await page.waitForFunction(() => document.getElementById('undo').contains(document.activeElement));
  await press('Control+Enter', url => !url.hash);
  assert.equal(await status(rows[at]), 1);
  await eyes.close();
});

test('the list of keys is sound, nothing is caught while typing, and keys can be turned off', async () => {
  await submitted();
  const eyes = await Eyes.open(browser, office);
  const { page } = eyes;
  await eyes.signIn('tiepnhan');
  await eyes.go('/viec');
  await page.waitForSelector('.mc-row--current');
  await page.keyboard.press('?');
  const dialog = page.locator('dialog[open]');
  await dialog.waitFor();
  await eyes.look('90-keys');
  assert.deepEqual(await eyes.violations(), []);
  assert.match(await dialog.innerText(), /t\s+Tiếp nhận/);
  await dialog.locator('[data-mc-keys-switch]').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.matches('[data-mc-row-link]')), false);
  await page.locator('[data-mc-keys-open]').click();
  await dialog.locator('[data-mc-keys-switch]').check();
  await dialog.getByRole('button').click();
  await Promise.all([page.waitForURL('**/ho-so/*'), page.locator('[data-mc-row-link]').first().click()]);
  await ready(page);
  await page.keyboard.press('c'); // refuse: its reason
  await page.waitForFunction(() => document.activeElement.matches('textarea'));
  await page.keyboard.type('jkxg?tz');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'jkxg?tz');
  assert.equal(await page.locator('dialog[open]').count(), 0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await dialog.waitFor();
  await eyes.close();
});
