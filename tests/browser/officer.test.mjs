// The officers' way in Chromium: the inbox, the dossier with its papers beside it, each act from receipt to return, and the citizen
// with the result; on a phone and on a desk, with and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission, wholeWay } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

let office, browser;
before(async () => { [office, browser] = await Promise.all([openOffice(), openBrowser()]); });
after(async () => {
  await browser?.close();
  await office?.close();
});

for (const width of [375, 1280])
  for (const scripts of [true, false])
    test(`from the inbox to the returned result at ${width} px ${scripts ? 'with' : 'without'} scripts`, async () => {
      const citizen = await office.as('congdan');
      const { code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body;
      for (const [n, [login, act, fields]] of wholeWay('').entries()) {
        const eyes = await Eyes.open(browser, office, { width, scripts });
        const { page } = eyes;
        await eyes.signIn(login);
        await eyes.go('/viec');
        await eyes.look(`2${n}-inbox-${login}`);
        await Promise.all([page.waitForNavigation(), page.click(`main a[href="/ho-so/${code}"]`)]);
        await eyes.look(`2${n}-dossier-${login}`);
        const form = page.locator(`form[action="/ho-so/${code}/${act}"]`);
        const folds = page.locator('details', { has: form });
        for (let n = 0; n < await folds.count(); n++)
          if (await folds.nth(n).getAttribute('open') === null) await folds.nth(n).locator('> summary').click();
        for (const [name, value] of Object.entries(fields)) {
          const radio = form.locator(`input[type=radio][name="${name}"][value="${value}"]`);
          if (await radio.count()) await radio.check();
          else await form.locator(`[name="${name}"]`).fill(value);
        }
        await eyes.look(`2${n}-${act}`);
        await Promise.all([page.waitForNavigation(), form.locator('button[type=submit]').first().click()]);
        await eyes.look(`2${n}-${act}-done`);
        assert.equal(await page.locator('.govuk-notification-banner--success').count(), 1, `${act}: ${await page.locator('main').innerText()}`);
        await eyes.close();
      }
      const end = (await citizen.get(`/api/v1/dossiers/${code}`)).body;
      assert.equal(end.status, 10);
      const eyes = await Eyes.open(browser, office, { width, scripts });
      await eyes.signIn('congdan');
      await eyes.go(`/ho-so/${code}`);
      await eyes.look('30-citizen-result');
      await eyes.go('/thong-bao');
      await eyes.look('31-notices');
      await eyes.close();
    });
