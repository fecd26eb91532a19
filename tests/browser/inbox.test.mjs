// The inbox in Chromium: a new dossier shows within a second without moving the page, badges vanish when seen, tabs and filters go
// together, views are kept under a name; on a phone and on a desk, and what axe says of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

let office, browser, citizen, body;
before(async () => {
  [office, browser] = await Promise.all([openOffice(), openBrowser()]);
  citizen = await office.as('congdan');
  body = await submission(citizen, '1.013285', { agency: 'G11' });
});
after(async () => {
  await browser?.close();
  await office?.close();
});

const submitted = async () => (await citizen.post('/api/v1/dossiers', body)).body.code;
const badge = (page, tab) => page.locator(`[data-mc-fresh="${tab}"]`);

for (const width of [375, 1280])
  test(`what came shows within a second, and its badge vanishes when it was seen, at ${width} px`, async () => {
    const eyes = await Eyes.open(browser, office, { width });
    const { page } = eyes;
    await submitted();
    await eyes.signIn('tiepnhan');
    await eyes.go('/viec');
    await eyes.go('/viec'); // what is there was seen
    assert.equal(await badge(page, 1).isVisible(), false);
    await page.waitForTimeout(1000);
    await page.locator('[data-mc-row-link]').first().focus(); // in the middle of the list: it stays as it is
    await page.evaluate(() => {
      window.shifts = 0;
      new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shifts += entry.value; }).observe({ type: 'layout-shift', buffered: false });
    });
    const code = await submitted(), at = Date.now();
    await page.waitForSelector(`[data-mc-came] a[href="/ho-so/${code}"]`, { timeout: 60000 });
    assert.ok(Date.now() - at < 6000, `${Date.now() - at} ms`); // a second, and what a busy machine adds
    assert.equal(await badge(page, 1).isVisible(), true);
    assert.equal(await page.evaluate(() => window.shifts), 0); // before anybody takes a picture, which moves things
    await eyes.look('91-inbox-came');
    assert.deepEqual(await eyes.violations(), []);
    await page.evaluate(() => document.activeElement.blur());
    await page.waitForSelector(`[data-mc-row-link][href="/ho-so/${code}"]`, { timeout: 60000 }); // nobody is in the middle of it
    await eyes.go('/viec?loc=moi');
    assert.equal(await badge(page, 1).isVisible(), true);
    assert.match(await page.locator('tr', { hasText: code }).innerText(), /Mới/);
    await eyes.go('/viec?loc=moi');
    assert.equal(await badge(page, 1).isVisible(), false);
    await eyes.close();
  });

for (const scripts of [true, false])
  test(`tabs, three quick filters and kept views ${scripts ? 'with' : 'without'} scripts`, async () => {
    const code = await submitted();
    const eyes = await Eyes.open(browser, office, { scripts });
    const { page } = eyes;
    await eyes.signIn('tiepnhan');
    await eyes.go('/viec');
    assert.equal(await page.getByRole('navigation', { name: 'Lọc nhanh' }).getByRole('link').count(), 3);
    const click = text => Promise.all([page.waitForNavigation(), page.getByRole('link', { name: text }).first().click()]);
    await click('Chờ tiếp nhận');
    assert.match(page.url(), /loc=moi$/);
    assert.equal(await page.locator(`a[href="/ho-so/${code}"]`).count() > 0, true);
    await click('Quá hạn');
    assert.match(page.url(), /loc=moi\.qua-han$/);
    assert.equal(await page.locator('[data-mc-row]').count(), 0);
    await page.locator('.mc-inbox__summary').click();
    await page.fill('#ten', 'Tiếp nhận quá hạn');
    await Promise.all([page.waitForNavigation(), page.locator('form[action="/viec/cach-xem"] button').click()]);
    await eyes.look('92-inbox-kept');
    if (scripts) assert.deepEqual(await eyes.violations(), []);
    await eyes.go('/viec');
    await click('Tiếp nhận quá hạn');
    assert.match(page.url(), /loc=moi\.qua-han$/);
    await page.locator('.mc-inbox__summary').click();
    await Promise.all([page.waitForNavigation(), page.locator('form[action="/viec/cach-xem/bo"] button').click()]);
    assert.equal(await page.locator('.mc-inbox__chip--kept').count(), 0);
    const other = await office.signIn('chuyenvien');
    assert.doesNotMatch((await other.get('/viec')).words, /Tiếp nhận quá hạn/);
    await eyes.close();
  });
