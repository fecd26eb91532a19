// A person who does a whole task at Chromium, in one of three manners, and is counted: presses (clicks or taps, and keys that are
// not content), characters that the person must type, pages, bytes over the wire, and the server's own time.
//   pointer   a mouse or a finger, scripts on
//   keyboard  Tab, arrows, Space, Enter and the officers' letters only; where the focus is must be seen at every step
//   plain     a pointer, with JavaScript truly off
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { password, root } from './office.mjs';

export const manners = ['pointer', 'keyboard', 'plain'];
const reachable = 'a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex="0"]';
const isVisibleFocus = () => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  if (at === document.body || !at.matches(':focus')) return true; // the window's own frame; the calendar in a field of a date, which the browser marks
  const marked = style => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  const label = at.nextElementSibling ? [getComputedStyle(at.nextElementSibling, '::before'), getComputedStyle(at.nextElementSibling)] : [];
  const isMarked = [getComputedStyle(at), getComputedStyle(at, '::before'), ...label].some(marked);
  return isMarked && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
};

export class Walk {
  static async open(browser, office, task, manner, { width = 1280, pictures = false } = {}) {
    const walk = Object.assign(new Walk(), { office, task, manner, pictures, steps: 0 });
    walk.count = { presses: 0, typed: 0, pages: 0, bytes: 0, picture: 0, server_ms: 0 };
    walk.context = await browser.newContext({ viewport: { width, height: width < 600 ? 740 : 900 }, javaScriptEnabled: manner !== 'plain', locale: 'vi',
      hasTouch: width < 600 && manner !== 'keyboard', baseURL: office.url });
    walk.page = await walk.context.newPage();
    walk.page.setDefaultTimeout(120000);
    const wire = await walk.context.newCDPSession(walk.page);
    await wire.send('Network.enable');
    const papers = new Set(); // their pictures come when they are ready, before or after the next page: each has a budget of its own
    wire.on('Network.requestWillBeSent', e => { if (/\/giay-to\/.*\/(trang\/|thu-nho)/.test(e.request.url)) papers.add(e.requestId); });
    wire.on('Network.loadingFinished', ({ requestId, encodedDataLength: bytes }) => {
      if (papers.has(requestId)) walk.count.picture = Math.max(walk.count.picture, bytes);
      else walk.count.bytes += bytes;
    });
    wire.on('Network.responseReceived', ({ response: { timing } }) => {
      if (timing) walk.count.server_ms += timing.receiveHeadersEnd - timing.sendEnd;
    });
    let last = ''; // a place within the page is no page
    walk.page.on('framenavigated', frame => {
      if (frame !== walk.page.mainFrame() || !frame.url().startsWith('http')) return;
      const [address, place] = frame.url().split('#');
      if (place === undefined || address !== last) walk.count.pages++;
      last = address;
    });
    walk.folder = path.join(root, 'build/walks', `${task}-${manner}`);
    if (pictures) {
      fs.rmSync(walk.folder, { recursive: true, force: true });
      fs.mkdirSync(walk.folder, { recursive: true });
    }
    return walk;
  }

  // Another person takes over on the same device: what they do counts on, what brings them there does not.
  async signIn(login, secret = password) {
    const kept = { ...this.count };
    await this.context.clearCookies();
    await this.page.goto('/dang-nhap');
    await this.page.fill('[name=login]', login);
    await this.page.fill('[name=password]', secret);
    await Promise.all([this.page.waitForNavigation(), this.page.click('main form button[type=submit]')]);
    this.count = kept;
  }

  async go(target) {
    await this.page.goto(target);
    await this.look();
  }

  async look() {
    if (this.pictures) await this.page.screenshot({ path: path.join(this.folder, `${String(++this.steps).padStart(2, '0')}.png`), fullPage: true });
  }

  // One key, and where it led is seen.
  async key(name) {
    this.count.presses++;
    await this.page.keyboard.press(name);
  }

  // Tab or Shift+Tab, whichever is shorter, until the focus is there; from the top of a page the link past the header when that is shorter.
  async reach(place) {
    const target = await place.elementHandle();
    const ways = await this.page.evaluate(([to, what]) => {
      const all = [...document.querySelectorAll(what)].filter(e => e.getClientRects().length > 0 && (e.type !== 'radio' || e === to || e.checked ||
        (!document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]:checked`) && document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]`) === e)));
      // Where one is: a thing that Tab goes to, or a place (the page's top, its main part) after the last of those before it.
      const here = document.activeElement, isAfter = e => here !== document.body && here.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING;
      const from = all.includes(here) ? all.indexOf(here) : all.filter(isAfter).length - 1, at = all.indexOf(to);
      const inMain = all.findIndex(e => e.closest('main')), skip = here === document.body && at >= inMain ? 2 + at - inMain + 1 : Infinity;
      return [at - from, from < 0 ? all.length - at : from - at, skip];
    }, [target, reachable]);
    const isSkipped = ways[2] < ways[0] && ways[2] < ways[1];
    if (isSkipped) {
      await this.key('Tab');
      await this.key('Enter');
    }
    const step = isSkipped || ways[0] >= 0 && ways[0] <= Math.max(ways[1], 0) || ways[0] >= 0 && ways[1] < 0 ? 'Tab' : 'Shift+Tab';
    for (let n = 0; n < 400; n++) {
      if (await target.evaluate(e => e === document.activeElement || (e.type === 'radio' && document.activeElement.type === 'radio' && document.activeElement.name === e.name))) return;
      await this.key(step);
      assert.ok(await this.page.evaluate(isVisibleFocus), `${this.task}: the focus cannot be seen: ${await this.page.evaluate(() => document.activeElement.outerHTML.slice(0, 160))}`);
    }
    assert.fail(`${this.task}: Tab does not reach ${await target.evaluate(e => e.outerHTML.slice(0, 160))}`);
  }

  at(place) { return (typeof place === 'string' ? this.page.locator(place) : place).first(); }

  async press(place) {
    const there = this.at(place);
    if (this.manner === 'keyboard') {
      await this.reach(there);
      await this.key(await there.evaluate(e => e.matches('input[type=checkbox], input[type=radio]')) ? 'Space' : 'Enter');
    } else {
      this.count.presses++;
      await there.click();
    }
  }

  // A press that leads to another page.
  async follow(place) {
    await Promise.all([this.page.waitForNavigation(), this.press(place)]);
    await this.look();
  }

  // The page's own way on: officers have Ctrl+Enter for it, wherever on the page they are.
  async goOn(place) {
    if (this.manner !== 'keyboard') return this.follow(place);
    await Promise.all([this.page.waitForNavigation(), this.key('Control+Enter')]);
    await this.look();
  }

  // What a person must type themselves; who is in the field already need not go there.
  async type(place, text) {
    const there = this.at(place);
    if (!await there.evaluate(e => e === document.activeElement)) {
      if (this.manner === 'keyboard') await this.reach(there);
      else await this.press(there);
    }
    this.count.typed += text.length;
    await there.fill(text);
  }

  // Enter in a field sends its form.
  async enter() {
    await Promise.all([this.page.waitForNavigation(), this.key('Enter')]);
    await this.look();
  }

  async choose(place) {
    const there = this.at(place);
    if (this.manner !== 'keyboard') return this.press(there);
    await this.reach(there);
    if (!await there.evaluate(e => e === document.activeElement)) for (let n = 0; n < 20 && !await there.isChecked(); n++) await this.key('ArrowDown');
    else if (!await there.isChecked()) await this.key('Space');
    assert.ok(await there.isChecked());
  }

  async select(place, value) {
    const there = this.at(place);
    if (this.manner === 'keyboard') {
      await this.reach(there);
      this.count.presses += Math.max(1, await there.evaluate((e, v) => Math.abs([...e.options].findIndex(o => o.value === v) - e.selectedIndex), value));
    } else this.count.presses += 2;
    await there.selectOption(value);
  }

  // The camera or the system's own picker comes next; what is pressed in it is not ours to count.
  async attach(place, files) {
    const there = this.at(place);
    this.count.presses++;
    await there.setInputFiles(files);
  }

  sums() { return Object.fromEntries(Object.entries(this.count).map(([name, value]) => [name, Math.round(value)])); }
}
