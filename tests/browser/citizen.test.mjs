// The citizen's way in Chromium, on a phone without scripts and on a desk with them: every page accessible (axe), within the
// policy and the window, with a title of its own. MOTCUA_SHOTS=FOLDER keeps pictures.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openOffice, password, pdf, wholeWay } from '../support/office.mjs';
import { openBrowser } from '../support/eyes.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const KNOWN = 'label-content-name-mismatch'; // of govuk-frontend's upload button, which names itself with the words beside it
const CODE = '1.013124', FIRST_VISIT_BYTES = 100 * 1024;
const file = name => ({ name, mimeType: 'application/pdf', buffer: pdf(name) });

let office, browser;
before(async () => {
  office = await openOffice();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await office?.close();
});

class Walk {
  constructor(width, scripts) {
    Object.assign(this, { width, scripts, titles: new Map(), complaints: [] });
  }

  async begin() {
    const context = await browser.newContext({ viewport: { width: this.width, height: 800 }, locale: 'vi-VN' });
    this.page = await context.newPage();
    // Without scripts: ours never arrive. (Switching JavaScript off would stop axe too.)
    if (!this.scripts) await this.page.route('**/*.js', route => route.fulfill({ contentType: 'text/javascript', body: '' }));
    this.page.on('console', m => /Content Security Policy/i.test(m.text()) && this.complaints.push(m.text()));
    this.page.on('pageerror', e => this.complaints.push(e.message));
    return this;
  }

  open(address) { return this.page.goto(office.url + address); }
  press(words) { return this.page.locator('main').getByRole('button', { name: words, exact: true }).click(); }

  async look(name) {
    const { page } = this;
    if (process.env.MOTCUA_SHOTS) {
      await page.screenshot({ path: join(process.env.MOTCUA_SHOTS, `citizen-${name}-${this.width}.png`), fullPage: true });
    }
    await page.waitForLoadState(); // its style sheet is there
    await page.evaluate(AXE);
    const result = await page.evaluate(rules => axe.run(document, { runOnly: rules }), RULES);
    const found = result.violations.filter(v => v.id !== KNOWN).flatMap(v => v.nodes.map(n => `${name}: ${v.id}: ${n.html}`));
    assert.deepEqual(found, []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the window`);
    assert.deepEqual(this.complaints, []);
    const title = await page.title();
    assert.ok(!this.titles.has(title), `${name} and ${this.titles.get(title)} have the same title: ${title}`);
    this.titles.set(title, name);
  }
}

for (const [width, scripts] of [[375, false], [1280, true]]) {
  test(`from the first page to the result at ${width} px ${scripts ? 'with' : 'without'} scripts`, async () => {
    const w = await new Walk(width, scripts).begin(), { page } = w;
    await w.open('/');
    await w.look('home');
    await page.fill('#q', 'ke hoach ung pho su co tran dau');
    await w.press('Tìm kiếm');
    await w.look('list');
    await page.click(`a[href="/thu-tuc/${CODE}"]`);
    await w.look('procedure');
    await page.locator('main').getByText('Nộp hồ sơ trực tuyến').first().click();
    await w.look('sign-in');
    await page.fill('[name=login]', 'congdan');
    await page.fill('[name=password]', password);
    await page.click('main button[type=submit]');
    await w.look('before');
    assert.equal(new URL(page.url()).pathname, `/nop-ho-so/${CODE}`, 'signing in leads back to the application');
    await page.click('main form[method=post] button[type=submit]');
    const base = new URL(page.url()).pathname.replace(/\/[^/]*$/, '');
    assert.match(base, new RegExp(`^/nop-ho-so/${CODE}/\\d+$`));
    await w.open(base);
    await w.look('steps');
    await w.open(`${base}/noi-nop`);
    await w.look('where');
    await w.press('Lưu và tiếp tục');
    await w.look('behalf');
    await page.locator('[name=behalf]').first().check();
    await w.press('Lưu và tiếp tục');
    await page.fill('[name="parties/0/phone"]', 'không có');
    await w.press('Lưu và tiếp tục');
    await w.look('parties-refused');
    await page.fill('[name="parties/0/phone"]', '0912 345 678');
    await w.press('Lưu và tiếp tục');
    await w.look('declaration');
    await page.fill('textarea', 'Đề nghị thẩm định.');
    await w.press('Lưu và tiếp tục');
    await w.look('papers');
    await w.press('Lưu và tiếp tục');
    await w.look('papers-missing');
    for (const place of await page.locator('input[type=file][multiple]').all()) await place.setInputFiles([file('trang 1.pdf'), file('trang 2.pdf')]);
    await w.press('Lưu và tiếp tục');
    await w.look('return');
    await page.locator('[name="return/manner"]').first().check();
    await w.press('Lưu và tiếp tục');
    await w.look('check');
    await w.press('Nộp hồ sơ');
    await w.look('receipt');
    const code = new URL(page.url()).pathname.split('/')[2];
    await page.reload();
    assert.equal(new URL(page.url()).pathname, `/ho-so/${code}/da-nop`, 'reloading the receipt submits nothing');
    await w.open('/ho-so-cua-toi');
    await w.look('mine');
    await w.open(`/ho-so/${code}`);
    await w.look('dossier');
    await w.open(`/tra-cuu?ma=${code}`);
    await w.look('look-up');
    for (const [login, act, fields] of wholeWay('')) {
      const done = await (await office.as(login)).act(code, act, fields);
      assert.equal(done.status, 200, done.text);
    }
    await w.open(`/ho-so/${code}`);
    assert.match(await page.locator('main').innerText(), /Kết quả/);
    const result = await page.request.get(await page.locator('#ket-qua + ul a').first().evaluate(a => a.href));
    assert.equal(result.status(), 200);
    await page.context().close();
  });
}

test('the first visit weighs less than 100 KB', async () => {
  const page = await (await browser.newContext({ locale: 'vi-VN' })).newPage();
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  await session.send('Network.enable');
  session.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; });
  await page.goto(office.url, { waitUntil: 'networkidle' });
  console.log(`# first visit: ${bytes} bytes`);
  assert.ok(bytes > 10000 && bytes < FIRST_VISIT_BYTES, `${bytes} bytes`);
});
