// The counter in Chromium: every page at 375 and 1280 px, with and without scripts; and twenty receptions by the keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openOffice } from '../support/office.mjs';
import { Eyes, openBrowser } from '../support/eyes.mjs';

const CODE = '1.013124', CLOCK = '2026-11-23T02:00:00Z';
const card = n => `0791900${String(10000 + n).slice(1)}1|024123456|Trần Thị Thứ ${n}|12031990|Nữ|${n} Lê Lợi, phường Bến Nghé|15062022`;
let office, browser;
before(async () => { [office, browser] = await Promise.all([openOffice({ made: CLOCK, env: { MOTCUA_CLOCK: CLOCK } }), openBrowser()]); });
after(async () => {
  await browser?.close();
  await office?.close();
});

for (const width of [375, 1280])
  for (const scripts of [true, false])
    test(`the counter, its hall and appointments at ${width} px ${scripts ? 'with' : 'without'} scripts`, async () => {
      const eyes = await Eyes.open(browser, office, { width, scripts }), { page } = eyes;
      const look = async (who, what) => {
        await who.look(what);
        if (scripts) assert.deepEqual(await who.violations(), [], what); // axe is itself a script
      };
      await eyes.signIn('tiepnhan');
      await eyes.go('/tiep-nhan');
      await look(eyes, '40-counter');
      await page.fill('#scan', card(7));
      await Promise.all([page.waitForNavigation(), page.press('#scan', 'Enter')]);
      await look(eyes, '40-person');
      await eyes.go(`/tiep-nhan/ho-so/${CODE}`);
      await look(eyes, '40-reception');
      await eyes.go('/tiep-nhan/lich-hen');
      await look(eyes, '40-appointments');
      await eyes.go('/tiep-nhan/thoi-gian-cho');
      await look(eyes, '40-waiting');
      for (const path of ['/lay-so/G11', '/lay-so/G11?dong=A', '/bang-so/G11']) {
        await eyes.go(path);
        await look(eyes, `41-${path.replaceAll(/\W/g, '-')}`);
      }
      await eyes.close();
      const citizen = await Eyes.open(browser, office, { width, scripts });
      await citizen.signIn('congdan');
      for (const path of [`/dat-hen?thu-tuc=${CODE}&co-quan=G11`, '/lich-hen']) {
        await citizen.go(path);
        await look(citizen, `42-${path.replaceAll(/\W/g, '-')}`);
      }
      await citizen.close();
    });

test('twenty receptions in a row with the keyboard alone', async () => {
  const eyes = await Eyes.open(browser, office, { width: 1280, scripts: false }), { page } = eyes;
  await eyes.signIn('tiepnhan');
  await eyes.go('/tiep-nhan');
  let keys = 0;
  const press = async key => { keys++; await page.keyboard.press(key); };
  const leave = async key => { await Promise.all([page.waitForNavigation(), press(key)]); };
  for (let i = 0; i < 20; i++) {
    await page.locator('#scan:focus').waitFor();
    await page.keyboard.insertText(card(100 + i)); // the scanner's letters are nobody's keystrokes, nor is its Enter
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await page.locator('#scan:focus').waitFor();
    await page.keyboard.type(CODE);
    keys += CODE.length;
    await leave('Enter');
    await page.locator('#all:focus').waitFor();
    await press('Space');
    await leave('Enter');
    assert.match(page.url(), /vua=/, await page.locator('main').innerText());
  }
  assert.ok(keys <= 20 * 12, `${keys} keys`);
  await eyes.close();
});
