// Many dossiers on pages, in Chromium: tick a page of the inbox, choose an act, see what will be done, follow it to its end with what
// was refused; on a phone and on a desk, with and without scripts, and what axe says of each page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually, openOffice, submission } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

let office, browser, citizen, receiver, specialist;
before(async () => {
  [office, browser] = await Promise.all([openOffice(), openBrowser()]);
  [citizen, receiver, specialist] = await Promise.all(['congdan', 'tiepnhan', 'chuyenvien'].map(login => office.as(login)));
});
after(async () => {
  await browser?.close();
  await office?.close();
});

async function received(count) {
  const body = await submission(citizen, '1.013285', { agency: 'G11' });
  const codes = (await Promise.all(Array.from({ length: count }, () => citizen.post('/api/v1/dossiers', body)))).map(a => a.body.code);
  for (const code of codes) assert.equal((await receiver.act(code, 'receive')).status, 200);
  return codes;
}

for (const width of [375, 1280])
  for (const scripts of [true, false])
    test(`a page of the inbox is assigned at once at ${width} px ${scripts ? 'with' : 'without'} scripts`, async () => {
      await received(6);
      const eyes = await Eyes.open(browser, office, { width, scripts });
      const { page } = eyes;
      const sound = async () => scripts && assert.deepEqual(await eyes.violations(), []);
      const click = async place => Promise.all([page.waitForNavigation(), page.locator(place).first().click()]);
      await eyes.signIn('chuyenvien');
      await eyes.go('/viec');
      await click('a[href="/viec?chon=het"]');
      await eyes.look('40-inbox-all-ticked');
      await sound();
      const count = await page.locator('input[name=hs]:checked').count();
      assert.ok(count >= 6);
      await page.selectOption('select[name=viec]', 'assign');
      await click('form[action="/viec/chon"] button:not([name])');
      await eyes.look('41-chosen');
      await sound();
      await page.selectOption('select[name=to]', 'chuyenvien');
      const [, changed] = /^(.*)@/.exec(await page.locator('input[name=hs]').first().getAttribute('value'));
      await click('form[action="/viec/hang-loat"] button[type=submit]');
      assert.match(page.url(), /\/viec\/hang-loat\/\d+$/);
      await eventually('the end of the batch', async () => { await page.goto(page.url()); return await page.locator('form[action$="/dung"]').count() === 0; });
      await eyes.look('42-batch');
      await sound();
      assert.match(await page.locator('[role=status]').innerText(), new RegExp(`${count}/${count}`));
      assert.equal((await specialist.get(`/api/v1/dossiers/${changed}`)).body.holder.login, 'chuyenvien');
      await eyes.go('/viec/hang-loat');
      await eyes.look('43-my-batches');
      await sound();
      await eyes.close();
    });

for (const width of [375, 1280])
  test(`an absence is recorded and ended on its page at ${width} px`, async () => {
    const eyes = await Eyes.open(browser, office, { width });
    const { page } = eyes;
    await eyes.signIn('lanhdao');
    await eyes.go('/viec/vang-mat');
    await eyes.look('44-absence');
    assert.deepEqual(await eyes.violations(), []);
    await page.selectOption('select[name=account]', 'chuyenvien');
    await page.selectOption('select[name=substitute]', 'chuyenvien2');
    await page.check('input[name=hand_over]');
    await Promise.all([page.waitForNavigation(), page.click('form[action="/viec/vang-mat"] button[type=submit]')]);
    assert.equal(await page.locator('.govuk-notification-banner--success').count(), 1);
    await eyes.look('45-absent');
    assert.deepEqual(await eyes.violations(), []);
    await Promise.all([page.waitForNavigation(), page.locator('form[action$="/ket-thuc"] button').first().click()]);
    assert.equal(await page.locator('form[action$="/ket-thuc"]').count(), 0);
    await eyes.look('46-back');
    await eyes.close();
  });
