// A person's own pages in Chromium, on a phone without scripts and on a desk with them: accessible (axe), within the policy and the
// window. MOTCUA_SHOTS=FOLDER keeps pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openOffice, password, pdf, submission, wholeWay } from '../support/office.mjs';
import { openBrowser } from '../support/eyes.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const KNOWN = 'label-content-name-mismatch'; // of govuk-frontend's upload button, which names itself with the words beside it

let office, browser, code;
before(async () => {
  office = await openOffice();
  const citizen = await office.as('congdan');
  code = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013124'))).body.code;
  for (const [login, act, fields] of wholeWay('')) await (await office.as(login)).act(code, act, fields);
  const page = await office.signIn('congdan'), receiver = await office.signIn('tiepnhan');
  await receiver.get(`/ho-so/${code}`);
  const keep = { ...(await page.get('/kho-giay-to')).form('/kho-giay-to'), title: 'Giấy khai sinh của con', valid_until: '2020-01-31' };
  await page.post('/kho-giay-to', keep, { file: [new File([pdf('khai sinh')], 'khai-sinh.pdf', { type: 'application/pdf' })] });
  const counter = '/tiep-nhan/tai-khoan', form = (await receiver.get(counter)).form(counter);
  await receiver.post(counter, { ...form, card: '068190999901', name: 'Nguyễn Thị Ngọc Ánh', compared: 'yes' });
  await page.post('/uy-quyen', { ...(await page.get('/uy-quyen')).form('/uy-quyen'), taker: 'doanhnghiep' });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await office?.close();
});

async function walk(width, scripts, login) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale: 'vi-VN' }), page = await context.newPage(), complaints = [];
  if (!scripts) await page.route('**/*.js', route => route.fulfill({ contentType: 'text/javascript', body: '' }));
  page.on('console', m => /Content Security Policy/i.test(m.text()) && complaints.push(m.text()));
  page.on('pageerror', e => complaints.push(e.message));
  await page.goto(`${office.url}/dang-nhap`);
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', password);
  await page.locator('main form button').first().click();
  return async (address, name, before) => {
    if (address) await page.goto(office.url + address);
    await before?.(page);
    await page.waitForLoadState(); // its style sheet is there
    if (process.env.MOTCUA_SHOTS) await page.screenshot({ path: join(process.env.MOTCUA_SHOTS, `person-${name}-${width}.png`), fullPage: true });
    await page.evaluate(AXE);
    const result = await page.evaluate(rules => axe.run(document, { runOnly: rules }), RULES);
    assert.deepEqual(result.violations.filter(v => v.id !== KNOWN).flatMap(v => v.nodes.map(n => `${name}: ${v.id}: ${n.html}`)), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the window`);
    assert.deepEqual(complaints, []);
  };
}

for (const [width, scripts] of [[375, false], [1280, true]]) {
  test(`a person's own pages at ${width} px, scripts ${scripts ? 'on' : 'off'}`, async () => {
    const look = await walk(width, scripts, 'congdan');
    await look('/kho-giay-to', 'papers');
    await look(null, 'papers-add', page => page.locator('#them summary').click());
    await look(`/ho-so/${code}/ai-da-xem`, 'looks');
    await look('/tai-khoan/ai-da-xem', 'looks-mine');
    await look('/tai-khoan/phien', 'sessions');
    await look('/tai-khoan', 'account');
    await look('/uy-quyen', 'mandates');
    await look(`/ho-so/${code}/danh-gia`, 'rate');
    await look('/ma-tai-khoan', 'code');
  });

  test(`the counter's account and the leaders' sums at ${width} px, scripts ${scripts ? 'on' : 'off'}`, async () => {
    const look = await walk(width, scripts, 'tiepnhan');
    await look('/tiep-nhan/tai-khoan', 'counter');
    await look(null, 'counter-code', async page => {
      await page.fill('[name=card]', '068190999901');
      await page.fill('[name=name]', 'Nguyễn Thị Ngọc Ánh');
      await page.locator('[name=compared]').check();
      await page.locator('main form button').first().click();
      await page.locator('.mc-person-code').waitFor();
    });
    await (await walk(width, scripts, 'lanhdao'))('/chat-luong', 'sums');
  });
}
