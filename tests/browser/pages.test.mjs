// The key pages in both languages under axe, the weight of a first visit, and what stays when the network or a page fails.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice, submission } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

const firstVisitBytes = 100 * 1024;
let office, browser, code;
before(async () => {
  [office, browser] = await Promise.all([openOffice(), openBrowser()]);
  const citizen = await office.as('congdan');
  ({ code } = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013285', { agency: 'G11' }))).body);
});
after(async () => {
  await browser?.close();
  await office?.close();
});

const pages = [
  ['home', undefined, () => '/'],
  ['search', undefined, () => '/thu-tuc?q=bien+gioi'],
  ['procedure', undefined, () => '/thu-tuc/1.013285'],
  ['long-procedure', undefined, () => '/thu-tuc/1.013622'],
  ['sign-in', undefined, () => '/dang-nhap'],
  ['sign-up', undefined, () => '/dang-ky'],
  ['lookup', undefined, () => `/tra-cuu?code=${code}`],
  ['account', 'congdan', () => '/tai-khoan'],
  ['mine', 'congdan', () => '/ho-so-cua-toi'],
  ['applicant', 'congdan', () => `/ho-so/${code}`],
  ['receipt', 'congdan', () => `/ho-so/${code}/da-nop`],
  ['apply', 'congdan', () => '/nop-ho-so/1.013285'],
  ['notices', 'congdan', () => '/thong-bao'],
  ['inbox', 'tiepnhan', () => '/viec'],
  ['officer', 'tiepnhan', () => `/ho-so/${code}`],
];

for (const language of ['vi', 'en'])
  for (const width of [375, 1280])
    test(`no page has an accessibility violation at ${width} px in ${language}`, async () => {
      const found = [];
      let eyes, who;
      for (const [name, login, target] of pages) {
        if (!eyes || who !== login) {
          await eyes?.close();
          eyes = await Eyes.open(browser, office, { width, language });
          if (login) await eyes.signIn(login);
          who = login;
        }
        await eyes.go(target());
        assert.equal(await eyes.page.locator('html').getAttribute('lang'), language, name);
        await eyes.look(`40-${name}`);
        for (const v of await eyes.violations()) found.push(`${name}: ${v}`);
      }
      await eyes.close();
      assert.deepEqual(found, []);
    });

test('a first visit of the home page takes less than 100 KB over the wire, and a second almost nothing', async () => {
  const eyes = await Eyes.open(browser, office, { width: 375 });
  const cdp = await eyes.context.newCDPSession(eyes.page);
  await cdp.send('Network.enable');
  let bytes = 0;
  const taken = [];
  const urls = new Map();
  cdp.on('Network.requestWillBeSent', e => urls.set(e.requestId, e.request.url));
  cdp.on('Network.loadingFinished', e => {
    bytes += e.encodedDataLength;
    taken.push(`${e.encodedDataLength} ${urls.get(e.requestId)}`);
  });
  await eyes.page.goto('/', { waitUntil: 'networkidle' });
  assert.ok(bytes > 5000 && bytes < firstVisitBytes, `${bytes} bytes:\n${taken.join('\n')}`);
  console.log(`# first visit: ${bytes} bytes`);
  bytes = 0;
  await eyes.page.goto('/thu-tuc', { waitUntil: 'networkidle' });
  assert.ok(bytes < 30 * 1024, `${bytes} bytes:\n${taken.join('\n')}`);
  await eyes.close();
});

for (const language of ['vi', 'en'])
  test(`pages that are refused are pages too (${language})`, async () => {
    const eyes = await Eyes.open(browser, office, { width: 375, language });
    for (const [target, status] of [['/khong-co', 404], ['/thu-tuc/9.999999', 404], ['/tra-cuu?code=G11-000000-0000', [200, 404]]]) {
      const answer = await eyes.page.goto(target);
      assert.ok([status].flat().includes(answer.status()), `${target} ${answer.status()}`);
      eyes.complaints.length = 0; // the browser reports the status itself
      await eyes.look(`50-refused-${answer.status()}-${target.split(/[/?]/)[1]}`);
      assert.deepEqual(await eyes.violations(), [], target);
    }
    const away = await eyes.page.goto('/viec');
    assert.equal(away.status(), 200);
    assert.match(eyes.page.url(), /\/dang-nhap\?return=/, 'who is not signed in is led to sign in and back');
    await eyes.close();
  });

test('mistakes in a form are told at the top and beside the field, and nothing typed is lost', async () => {
  const eyes = await Eyes.open(browser, office, { width: 375 });
  const { page } = eyes;
  await eyes.go('/dang-ky');
  await page.fill('[name=name]', 'Trần Văn "Thử" <b>');
  await Promise.all([page.waitForNavigation(), page.click('main form button[type=submit]')]);
  eyes.complaints.length = 0;
  await eyes.look('51-sign-up-wrong');
  assert.ok(await page.locator('.govuk-error-summary').count() === 1);
  assert.equal(await page.inputValue('[name=name]'), 'Trần Văn "Thử" <b>');
  assert.deepEqual(await eyes.violations(), []);
  assert.match(await page.title(), /^Lỗi/);
  await eyes.close();
});
