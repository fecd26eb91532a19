// The citizen's way in Chromium: home, search, procedure, sign in, apply with papers, check, receipt, timeline; on a phone and on a
// desk, with and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, password, pdf, submission } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

let office, browser;
before(async () => { [office, browser] = await Promise.all([openOffice(), openBrowser()]); });
after(async () => {
  await browser?.close();
  await office?.close();
});

// Fills whatever the form of a step asks, as a person would: what is known already stays.
async function fill(page, label) {
  for (const group of await page.locator('main form fieldset, main form .govuk-radios').all()) {
    const radios = group.locator('input[type=radio]');
    if (await radios.count() > 0 && await group.locator('input[type=radio]:checked').count() === 0) await radios.first().check();
  }
  const texts = { phone: '0912 345 678', email: 'anh@example.vn', address: 'Xã Tuyên Quang, tỉnh Lâm Đồng', request: 'Đề nghị chấp thuận độ cao công trình.' };
  for (const field of await page.locator('main form input[type=text], main form input[type=tel], main form input[type=email], main form input:not([type]), main form textarea').all()) {
    const name = await field.getAttribute('name') ?? '';
    if (await field.inputValue() !== '') continue;
    const key = Object.keys(texts).find(k => name.includes(k));
    if (key) await field.fill(texts[key]);
  }
  const files = await page.locator('main form input[type=file]').all();
  for (const [i, field] of files.entries()) await field.setInputFiles({ name: `giấy tờ ${i + 1}.pdf`, mimeType: 'application/pdf', buffer: pdf(`${label} ${i}`) });
}

for (const width of [375, 1280])
  for (const scripts of [true, false])
    test(`from the home page to the timeline at ${width} px ${scripts ? 'with' : 'without'} scripts`, async () => {
      const eyes = await Eyes.open(browser, office, { width, scripts });
      const { page } = eyes;
      await eyes.go('/');
      await eyes.look('01-home');
      await page.fill('main input[type=search]', 'do cao cong trinh');
      await Promise.all([page.waitForNavigation(), page.locator('main input[type=search]').press('Enter')]);
      await eyes.look('02-search');
      await Promise.all([page.waitForNavigation(), page.click('main a[href^="/thu-tuc/1.013285"]')]);
      await eyes.look('03-procedure');
      await Promise.all([page.waitForNavigation(), page.click('main a[href^="/nop-ho-so/1.013285"]')]);
      await eyes.look('04-sign-in');
      await page.fill('[name=login]', 'congdan');
      await page.fill('[name=password]', password);
      await Promise.all([page.waitForNavigation(), page.click('main form button[type=submit]')]);
      await eyes.look('05-before');
      await Promise.all([page.waitForNavigation(), page.click('main form[method=post] button[type=submit]')]);
      await eyes.go(new URL(page.url()).pathname.replace(/\/[^/]*$/, ''));
      assert.match(page.url(), /\/nop-ho-so\/1\.013285\/[^/]+$/);
      await eyes.look('05-tasks');
      for (const step of ['noi-nop', 'thay-mat', 'nguoi-nop', 'khai', 'giay-to', 'nhan-ket-qua']) {
        await Promise.all([page.waitForNavigation(), page.click(`main a[href$="/${step}"]`)]);
        await fill(page, `${width} ${scripts}`);
        await eyes.look(`06-${step}`);
        await Promise.all([page.waitForNavigation(), page.locator('main form[method=post] button[type=submit]:not([name])').first().click()]);
        assert.doesNotMatch(page.url(), new RegExp(`/${step}$`), await page.locator('main').innerText());
        if (!/\/[0-9a-z]+$/.test(page.url()) || /thay-mat|khai|giay-to|nguoi-nop|nhan-ket-qua|kiem-tra/.test(page.url())) await page.goto(page.url().replace(/\/(thay-mat|khai|giay-to|nguoi-nop|nhan-ket-qua|kiem-tra)$/, ''));
      }
      await eyes.look('07-tasks-done');
      await Promise.all([page.waitForNavigation(), page.click('main a[href$="/kiem-tra"]')]);
      await eyes.look('08-check');
      await Promise.all([page.waitForNavigation(), page.locator('main form[action$="/kiem-tra"] button[type=submit]').click()]);
      assert.match(page.url(), /\/ho-so\/G11-[\d-]+\/da-nop$/, await page.locator('main').innerText());
      const code = page.url().split('/').at(-2);
      await eyes.look('09-receipt');
      await eyes.go(`/ho-so/${code}`);
      await eyes.look('10-dossier');
      assert.match(await page.locator('main').innerText(), new RegExp(code));
      await eyes.go('/ho-so-cua-toi');
      await eyes.look('11-mine');
      assert.match(await page.locator('main').innerText(), new RegExp(code));
      await eyes.go(`/tra-cuu?code=${code}`);
      await eyes.look('12-lookup');
      await eyes.close();
    });

for (const [width, scripts] of [[375, true], [375, false], [1280, true]])
  test(`what is asked for is answered at ${width} px ${scripts ? 'with' : 'without'} scripts`, async () => {
    const client = await office.as('congdan'), officer = await office.as('tiepnhan');
    const body = await submission(client, '1.013170', { agency: 'G11', label: `${width} ${scripts} bổ sung` });
    const { code } = (await client.post('/api/v1/dossiers', body)).body;
    await officer.act(code, 'request-supplement', { until: '2030-01-08', items: [{ component: body.files[0].component, reason: 'Bản chụp mờ.' }, { field: '/form/request', reason: 'Ghi rõ mục đích.' }] });
    const eyes = await Eyes.open(browser, office, { width, scripts });
    const { page } = eyes;
    await eyes.go('/dang-nhap');
    await page.fill('[name=login]', 'congdan');
    await page.fill('[name=password]', password);
    await Promise.all([page.waitForNavigation(), page.click('main form button[type=submit]')]);
    await eyes.go(`/ho-so/${code}`);
    await Promise.all([page.waitForNavigation(), page.click(`main a[href="/ho-so/${code}/bo-sung"]`)]);
    await eyes.look('13-asked');
    if (scripts) assert.deepEqual(await eyes.violations(), []);
    await page.fill('[name="answers/2"]', 'Xin phép làm nhà ở.');
    if (scripts) {
      await page.locator('[data-mc-apply-status]').getByText('Đã lưu lúc').waitFor({ timeout: 60000 });
      await page.reload();
      assert.equal(await page.inputValue('[name="answers/2"]'), 'Xin phép làm nhà ở.', 'saved while typing');
    }
    const send = page.locator('main form[action$="/bo-sung"] button[type=submit]:not([name])');
    await Promise.all([page.waitForNavigation(), send.click()]);
    eyes.complaints = eyes.complaints.filter(c => !c.includes('422')); // Chromium's own word on a form that comes back
    if (scripts) assert.deepEqual(await eyes.violations(), []);
    await eyes.look('14-not-complete');
    await page.setInputFiles('[name="answers/1"]', { name: 'trang 2.pdf', mimeType: 'application/pdf', buffer: pdf(`${width} ${scripts} trang 2`) });
    await Promise.all([page.waitForNavigation(), send.click()]);
    assert.ok(page.url().endsWith(`/ho-so/${code}`), await page.locator('main').innerText());
    await eyes.close();
  });
