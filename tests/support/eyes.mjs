// A person at Chromium: pages of the real program are looked at in passing. Every page visited is kept as a picture under
// build/screenshots, has no word in the console, and is not wider than the window.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root } from './office.mjs';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// The upload button of govuk-frontend names itself with the words beside it: known there.
const known = { rule: 'label-content-name-mismatch', place: 'govuk-file-upload-button' };
export const shots = path.join(root, 'build/screenshots', process.env.MOTCUA_TEST_POSTGRES ? 'postgresql' : '');

// Debian has Chromium without its windows as a program of its own, which takes half the processor.
const executablePath = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find(file => fs.existsSync(file));
export const openBrowser = () => chromium.launch({ executablePath, headless: true, args: flags });

export class Eyes {
  static async open(browser, office, { width = 1280, scripts = true, language = 'vi' } = {}) {
    const eyes = new Eyes();
    eyes.office = office;
    eyes.name = `${width}${scripts ? '' : '-plain'}${language === 'vi' ? '' : `-${language}`}`;
    eyes.scripts = scripts;
    eyes.language = language;
    eyes.complaints = [];
    eyes.context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: scripts, locale: language, baseURL: office.url });
    eyes.page = await eyes.context.newPage();
    eyes.page.setDefaultTimeout(120000);
    eyes.page.on('console', m => m.type() === 'error' && eyes.complaints.push(`${eyes.page.url()}: ${m.text()}`));
    eyes.page.on('pageerror', e => eyes.complaints.push(`${eyes.page.url()}: ${e.message}`));
    fs.mkdirSync(shots, { recursive: true });
    return eyes;
  }

  // Keeps a picture and looks at what every page must be.
  async look(what) {
    await this.page.screenshot({ path: path.join(shots, `${what}-${this.name}.jpg`), type: 'jpeg', quality: 80, fullPage: true });
    if (this.scripts) {
      const [inside, window] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(inside <= window, `${what}: ${inside} px in a window of ${window}`);
    }
    assert.deepEqual(this.complaints, [], what);
  }

  async go(target) {
    const answer = await this.page.goto(target);
    assert.equal(answer.status(), 200, target);
  }

  // As who has done it a while ago; apply.test.mjs and walk.mjs do it on the page.
  async signIn(login) {
    const { cookies } = await this.office.signIn(login), url = this.office.url;
    cookies.set('language', this.language); // the account's own stands until another is chosen
    await this.context.addCookies([...cookies].map(([name, value]) => ({ name, value, url })));
  }

  // What axe finds on the page: rule and place.
  async violations() {
    await this.page.waitForLoadState(); // its style sheet is there
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(tags => axe.run({ runOnly: tags }), rules);
    return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')} ${n.html.slice(0, 120)}`)).filter(v => !(v.startsWith(known.rule) && v.includes(known.place)));
  }

  close() { return this.context.close(); }
}
