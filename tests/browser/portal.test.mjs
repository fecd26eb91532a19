// What citizens meet first, in Chromium: suggestions while one types, the picture of a dossier's way on the smallest phone and in
// colours that a person chose, every page accessible and within the window.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { openOffice, password, submission, wholeWay } from '../support/office.mjs';
import { openBrowser } from '../support/eyes.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let office, browser, code;
before(async () => {
  office = await openOffice();
  browser = await openBrowser();
  const citizen = await office.as('congdan');
  code = (await citizen.post('/api/v1/dossiers', await submission(citizen, '1.013124'), { headers: { 'idempotency-key': 'portal' } })).body.code;
  for (const [login, act, fields] of wholeWay('').slice(0, 2)) await (await office.as(login)).act(code, act, fields);
});
after(async () => {
  await browser?.close();
  await office?.close();
});

async function look(page, name) {
  await page.waitForLoadState(); // its style sheet is there
  await page.evaluate(AXE);
  const result = await page.evaluate(rules => axe.run(document, { runOnly: rules }), RULES);
  assert.deepEqual(result.violations.flatMap(v => v.nodes.map(n => `${name}: ${v.id}: ${n.html}`)), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the window`);
}

async function signedIn(options) {
  const page = await (await browser.newContext({ locale: 'vi-VN', ...options })).newPage();
  await page.goto(`${office.url}/dang-nhap`);
  await page.fill('[name=login]', 'congdan');
  await page.fill('[name=password]', password);
  await page.click('main button[type=submit]');
  return page;
}

test('suggestions come while one types without accents, and the keyboard alone opens one', async () => {
  const page = await (await browser.newContext({ viewport: { width: 375, height: 800 }, locale: 'vi-VN' })).newPage();
  await page.goto(office.url);
  await page.fill('#q', 'benh hiem ngheo');
  await page.waitForSelector('[role=option]');
  assert.match(await page.textContent('[role=option]'), /mắc bệnh hiểm nghèo/);
  assert.equal(await page.getAttribute('#q', 'aria-expanded'), 'true');
  await look(page, 'suggestions');
  await page.press('#q', 'Escape');
  assert.equal(await page.getAttribute('#q', 'aria-expanded'), 'false');
  await page.fill('#q', 'bệnh hiểm nghèo ');
  await page.fill('#q', 'bệnh hiểm');
  await page.waitForSelector('[role=option]');
  await page.press('#q', 'ArrowDown');
  await Promise.all([page.waitForURL('**/thu-tuc/2.002761'), page.press('#q', 'Enter')]);
});

for (const width of [320, 1280]) {
  test(`first page, event, start page, dossier, receipt and my dossiers at ${width} px`, async () => {
    const page = await signedIn({ viewport: { width, height: 800 } });
    for (const address of ['/', '/thu-tuc?event=om-dau', '/thu-tuc/2.002767', `/ho-so/${code}`, `/ho-so/${code}/da-nop`, '/ho-so-cua-toi', `/tra-cuu?ma=${code}`]) {
      await page.goto(office.url + address);
      await look(page, address);
    }
  });
}

test('the picture is readable on the smallest phone, and in forced colours shapes say how far it is', async () => {
  const page = await signedIn({ viewport: { width: 320, height: 800 }, forcedColors: 'active' });
  await page.goto(`${office.url}/ho-so/${code}`);
  const drawn = await page.evaluate(() => {
    const svg = document.querySelector('.mc-flow__picture'), box = svg.getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map(t => t.getBoundingClientRect());
    const style = s => getComputedStyle(svg.querySelector(s));
    return { inside: texts.every(t => t.left >= box.left - 1 && t.right <= box.right + 1), least: Math.min(...texts.map(t => t.height)),
      text: style('.mc-flow__title').fill, done: style('.mc-flow__stop--done .mc-flow__disc').fill, ground: style('g:not([class]) > svg .mc-flow__disc').fill };
  });
  assert.ok(drawn.inside, 'no word leaves the picture');
  assert.ok(drawn.least >= 12, `${drawn.least} px`);
  assert.equal(drawn.done, drawn.text);
  assert.notEqual(drawn.ground, drawn.text);
  // People who spread letters and words (WCAG 1.4.12) lose nothing.
  await page.evaluate(() => [...document.querySelectorAll('.mc-flow text')].forEach(t => { t.style.letterSpacing = '.12em'; t.style.wordSpacing = '.16em'; }));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
});
