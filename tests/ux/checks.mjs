// What every page has to be, looked at in Chromium: one visit of one page in one manner gives a list of findings, each a line of
// text. Where scripts are off, JavaScript is truly switched off; for axe, which is a script itself, ours are kept from arriving.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { HtmlValidate } from 'html-validate';
import { password, root } from '../support/office.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// The upload button of govuk-frontend names itself with the words beside it: known there.
const known = { rule: 'label-content-name-mismatch', class: 'govuk-file-upload-button' };
// The pictures of an applicant's papers are no part of the page: they are counted apart, and lie in the browser's store afterwards.
export const most = { first_bytes: 100 * 1024, later_bytes: 30 * 1024, picture_bytes: 60 * 1024, shift: 0.02 };
const isPaper = address => /\/giay-to\/.*\/(trang\/|thu-nho)/.test(address ?? '');

// ---- valid HTML ----

// Matters of taste are switched off: how void elements are written, spaces, what axe judges better.
const html = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard'],
  rules: {
    'void-style': 'off', 'no-trailing-whitespace': 'off', 'attribute-boolean-style': 'off', 'attribute-empty-style': 'off', 'no-inline-style': 'error',
    'long-title': 'off', 'tel-non-breaking': 'off', 'doctype-style': 'off', 'no-redundant-role': 'off', 'prefer-native-element': 'off', 'no-raw-characters': 'off',
    'require-sri': 'off', 'wcag/h30': 'off', 'wcag/h32': 'off', 'wcag/h63': 'off', 'wcag/h71': 'off', 'input-missing-label': 'off', 'text-content': 'off',
    'unique-landmark': 'off', 'form-dup-name': 'off', 'no-implicit-button-type': 'error', 'valid-id': ['error', { relaxed: true }],
  },
});

export async function validity(text) {
  const report = await html.validateString(text);
  return report.results.flatMap(r => r.messages.map(m => `html ${m.ruleId}: ${m.message} (line ${m.line})`));
}

// ---- the language of the words ----

// The catalogue of messages as pairs: what a page says in one language must not stand in the other.
function catalogue() {
  const text = fs.readFileSync(path.join(root, 'po/vi.po'), 'utf8'), pairs = [];
  const joined = lines => [...lines.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(m => JSON.parse(`"${m[1]}"`)).join('');
  for (const [, id, string] of text.matchAll(/^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)^msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)/gm)) pairs.push([joined(id), joined(string)]);
  return pairs.filter(([english, vietnamese]) => english && vietnamese && english !== vietnamese && english.length > 3);
}
const pairs = catalogue();
const words = {
  en: new Set(pairs.map(p => p[1]).filter(v => /[^\x00-\x7f]/.test(v))),
  vi: new Set(pairs.map(p => p[0])),
};

// Texts of the page outside of what is marked as another language.
const texts = language => [...(function* nodes() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.replace(/\s+/g, ' ').trim(), parent = node.parentElement;
    if (text && !parent.closest('script, style, textarea, option, code, pre') && parent.closest('[lang]')?.lang === language) yield text;
  }
})()];

async function wrongLanguage(page, language) {
  const all = await page.evaluate(texts, language), found = all.filter(text => words[language].has(text));
  if (language === 'vi') found.push(...all.filter(text => /\b(the|of|your|please|this|with)\b/i.test(text) && !/[^\x00-\x7f]/.test(text)));
  return found.map(text => `language: "${text.slice(0, 100)}" on a page in ${language}`);
}

// ---- the page itself ----

const widths = () => [document.documentElement.scrollWidth, document.documentElement.clientWidth];

// Which things stick out, outermost first; what scrolls in its own box is allowed to.
const culprits = () => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 3).map(e => `${e.tagName.toLowerCase()}.${e.className?.baseVal ?? e.className}`).join(' > ');

async function overflow(page, what) {
  const [inside, outside] = await page.evaluate(widths);
  return inside > outside ? [`overflow ${what}: ${inside} px in ${outside}: ${await page.evaluate(culprits)}`] : [];
}

async function violations(page, only) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(options => axe.run(options), only ? { runOnly: { type: 'rule', values: only } } : { runOnly: rules });
  return found.flatMap(v => v.nodes.map(n => ({ rule: v.id, place: n.target.join(' '), html: n.html })))
    .filter(v => v.rule !== known.rule || !v.html.includes(known.class)).map(v => `axe ${v.rule}: ${v.place}: ${v.html.slice(0, 140)}`);
}

const doubleIds = () => {
  const all = [...document.querySelectorAll('[id]')].map(e => e.id);
  return all.filter((id, i) => all.indexOf(id) !== i);
};

// WCAG 1.4.12: the reader's own spacing. A constructed sheet, because the policy lets nothing else in.
const widen = () => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
};
const unwiden = () => { document.adoptedStyleSheets = []; };

// Text that is cut off in a box that hides what does not fit; what is only for screen readers is always cut off.
const cut = () => [...document.querySelectorAll('main *')].filter(e => {
  const style = getComputedStyle(e), isHiding = ['hidden', 'clip'].includes(style.overflowX) || ['hidden', 'clip'].includes(style.overflowY);
  return isHiding && e.clientWidth > 2 && e.clientHeight > 2 && e.innerText?.trim() && !e.closest('svg') && !style.clip.startsWith('rect')
    && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2);
}).map(e => `${e.tagName.toLowerCase()}.${e.className}`);

// Words of a table that have no room and stand letter below letter; what is only for screen readers needs none.
const crushed = () => [...document.querySelectorAll('main td, main th')].filter(e => e.checkVisibility() && e.clientWidth > 2 && e.clientWidth < 40 && !e.querySelector('.govuk-visually-hidden') && /\S{6}/.test(e.innerText))
  .slice(0, 3).map(e => `${e.tagName.toLowerCase()} "${e.innerText.slice(0, 20)}" ${e.clientWidth} px wide`);

const watchShift = () => {
  window.motcuaShift = 0;
  new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.motcuaShift += e.value; }).observe({ type: 'layout-shift', buffered: true });
};

const aroundOnPaper = () => [...document.querySelectorAll('nav, .govuk-service-navigation, .govuk-skip-link, main button')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 1 && getComputedStyle(e).position !== 'absolute').map(e => `${e.tagName.toLowerCase()}.${e.className}`);

// ---- one person at one browser ----

export const manners = ['scripts', 'blocked', 'off'];

export class Look {
  static opened = 0;

  static async open(browser, office, { login, language = 'vi', width, manner = 'scripts' }) {
    const look = new Look();
    Object.assign(look, { office, login, language, width, manner, complaints: [], bytes: 0, pictures: 0, pending: new Map() });
    // Everybody comes from an address of their own, as through a proxy: the clock stands still, so one address would soon have looked up too much.
    const extraHTTPHeaders = { 'x-forwarded-for': `10.0.${Look.opened >> 8}.${Look.opened++ & 255}` };
    look.context = await browser.newContext({ viewport: { width, height: 900 }, locale: language, baseURL: office.url, javaScriptEnabled: manner !== 'off', extraHTTPHeaders });
    if (login) await look.signIn();
    await look.context.addCookies([{ name: 'language', value: language, url: office.url }]);
    const page = look.page = await look.context.newPage();
    page.setDefaultTimeout(120000);
    if (manner === 'blocked') await page.route('**/*.js', route => route.fulfill({ contentType: 'text/javascript', body: '' }));
    page.on('console', m => m.type() === 'error' && look.complaints.push(`console: ${m.text()}`));
    page.on('pageerror', e => look.complaints.push(`error: ${e.message}`));
    if (manner === 'scripts') {
      await page.addInitScript(watchShift);
      const wire = await look.context.newCDPSession(page);
      await wire.send('Network.enable');
      wire.on('Network.requestWillBeSent', e => look.pending.set(e.requestId, e.request.url));
      wire.on('Network.loadingFinished', e => {
        look[isPaper(look.pending.get(e.requestId)) ? 'pictures' : 'bytes'] += e.encodedDataLength;
        look.pending.delete(e.requestId);
      });
      wire.on('Network.loadingFailed', e => look.pending.delete(e.requestId));
    }
    return look;
  }

  // As a form that is sent without a page: quick, and the same in every manner.
  async signIn() {
    const { request } = this.context, page = await (await request.get('/dang-nhap')).text();
    const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? '';
    await request.post('/dang-nhap', { form: { csrf, login: this.login, password }, headers: { origin: this.office.url }, maxRedirects: 0 });
    await request.get(`/language/${this.language}`, { maxRedirects: 0 });
  }

  async go(address) {
    this.complaints.length = 0;
    this.bytes = this.pictures = 0;
    const answer = await this.page.goto(address, { waitUntil: 'load' });
    if (this.manner === 'scripts') for (let i = 0; i < 40 && (i < 4 || this.pending.size > 0); i++) await this.page.waitForTimeout(25);
    return answer;
  }

  // A form of this page is sent as a person would, and its answer is the page to look at.
  async send({ form, fill = {}, press = 'button[type=submit], button:not([type])' }) {
    const { page } = this;
    this.bytes = this.pictures = 0;
    await page.evaluate(([where, values]) => {
      for (const [name, value] of Object.entries(values)) {
        const field = document.querySelector(where).querySelector(name);
        if (typeof value === 'boolean') field.checked = value;
        else field.value = value;
      }
    }, [form, fill]);
    // The page may be gone before it answers that it sent its form.
    const sent = page.evaluate(([where, button]) => {
      const it = document.querySelector(where);
      it.requestSubmit(it.querySelector(button));
    }, [form, press]).catch(() => {});
    const [answer] = await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), sent]);
    if (this.manner === 'scripts') await page.waitForTimeout(100);
    return answer;
  }

  // Everything that is wrong with this address here: { found, title, bytes, pictures, shift }.
  async visit(address, shot, act) {
    const found = [], { page, width, manner } = this;
    let answer = await this.go(address);
    if (answer.status() === 200 && act) answer = await this.send(act);
    if (answer.status() !== (act?.status ?? 200)) return { found: [`status ${answer.status()}`] };
    const measured = { bytes: this.bytes, pictures: this.pictures, title: await page.title() };
    found.push(...await overflow(page, `at ${width}`), ...(await page.evaluate(crushed)).map(e => `crushed at ${width}: ${e}`));
    if (await page.locator('html').getAttribute('lang') !== this.language) found.push(`language of the page is not ${this.language}`);
    found.push(...(await page.evaluate(doubleIds)).map(id => `id twice: ${id}`));
    if (manner !== 'off') found.push(...await violations(page));
    if (manner === 'scripts') {
      measured.shift = await page.evaluate(() => window.motcuaShift);
      if (measured.bytes > most.later_bytes) found.push(`weighs ${measured.bytes} bytes`);
      if (measured.pictures > most.picture_bytes) found.push(`pictures of papers weigh ${measured.pictures} bytes`);
      if (measured.shift > most.shift) found.push(`layout shift ${measured.shift.toFixed(3)} at ${width}`);
      if (shot) await page.screenshot({ path: `${shot}-${width}.png`, fullPage: true });
      if (width >= 1000) found.push(...await validity(await answer.text()), ...await wrongLanguage(page, this.language));
      // Colours and paper are the same in every language.
      if (width >= 1000 && this.language === 'vi') found.push(...await this.otherLooks());
      if (width < 1000) found.push(...await this.narrower(shot));
    }
    found.push(...this.complaints.filter(c => !act?.status || !c.includes(`status of ${act.status}`)));
    return { found: [...new Set(found)], ...measured };
  }

  // Dark, in forced colours, on paper.
  async otherLooks() {
    const { page } = this, found = [];
    await page.evaluate(() => { document.documentElement.dataset.theme = 'dark'; });
    found.push(...(await violations(page, ['color-contrast'])).map(v => `dark: ${v}`));
    await page.emulateMedia({ forcedColors: 'active' });
    found.push(...await overflow(page, 'in forced colours'));
    await page.emulateMedia({ forcedColors: 'none', media: 'print' });
    await page.setViewportSize({ width: 720, height: 1000 }); // A4 without its margins
    found.push(...await overflow(page, 'on paper'), ...(await page.evaluate(aroundOnPaper)).map(e => `on paper: ${e}`));
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: this.width, height: 900 });
    return found;
  }

  // 400 % zoom of 1280 px, and the reader's own spacing of text.
  async narrower(shot) {
    const { page } = this, found = [];
    await page.setViewportSize({ width: 320, height: 900 });
    found.push(...await overflow(page, 'at 320'));
    await page.evaluate(widen);
    found.push(...await overflow(page, 'at 320 with text spacing'), ...(await page.evaluate(cut)).map(e => `cut off with text spacing: ${e}`));
    if (shot) await page.screenshot({ path: `${shot}-320-spacing.png`, fullPage: true });
    await page.evaluate(unwiden);
    await page.setViewportSize({ width: this.width, height: 900 });
    return found;
  }

  close() { return this.context.close(); }
}
