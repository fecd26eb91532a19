// Looks at every component in Chromium, on a phone and on a desk, with and without scripts: accessibility (axe), the strict
// policy, nothing wider than the window, and the weight of a first visit. MOTCUA_SHOTS=FOLDER keeps pictures.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { openBrowser } from "../support/eyes.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";
const TYPES = { css: "text/css", js: "text/javascript", svg: "image/svg+xml", woff2: "font/woff2" };
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
// The upload button of govuk-frontend names itself with the words beside it: known there.
const KNOWN = { rule: "label-content-name-mismatch", place: ".govuk-file-upload-button" };
const FIRST_VISIT_BYTES = 100 * 1024;

const pages = mkdtempSync(join(tmpdir(), "motcua-pages-"));
const hashed = Object.fromEntries(readFileSync("build/assets.txt", "utf8").trim().split("\n").map((line) => line.split(" ")));
let browser, server, site;

function page(name) {
  return readFileSync(join(pages, `${name}.html`), "utf8")
    .replace(/\/assets\/([\w.-]+)/g, (whole, asset) => `/assets/${hashed[asset] ?? asset}`);
}

function answer(request, reply) {
  const path = new URL(request.url, "http://localhost").pathname;
  const asset = path.match(/^\/assets\/([\w.-]+)$/);
  if (asset) {
    reply.setHeader("Content-Type", TYPES[asset[1].split(".").pop()]);
    return reply.end(readFileSync(join("build/assets", asset[1])));
  }
  reply.setHeader("Content-Type", "text/html; charset=utf-8");
  reply.setHeader("Content-Security-Policy", POLICY);
  reply.end(page(path.slice(1) || "components"));
}

before(async () => {
  execFileSync("build/html_component_test", { env: { ...process.env, MOTCUA_PAGES: pages }, stdio: "ignore" });
  server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  site = `http://127.0.0.1:${server.address().port}`;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(pages, { recursive: true, force: true });
});

// Without scripts: ours never arrive. (Switching JavaScript off would stop axe too.)
async function look(name, width, scripts, more = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, ...more });
  const view = await context.newPage();
  if (!scripts) await view.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  const complaints = [];
  view.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  view.on("pageerror", (error) => complaints.push(error.message));
  await view.goto(`${site}/${name}`);
  if (process.env.MOTCUA_SHOTS) {
    const shot = [name, width, scripts ? "" : "plain", ...Object.values(more)].filter(Boolean).join("-");
    await view.screenshot({ path: join(process.env.MOTCUA_SHOTS, `${shot}.png`), fullPage: true });
  }
  return { context, view, complaints };
}

for (const name of ["components", "components-wrong"]) {
  for (const width of [375, 1280]) {
    for (const scripts of [true, false]) {
      test(`${name} at ${width} px ${scripts ? "with" : "without"} scripts is accessible, in bounds and within the policy`, async () => {
        const { context, view, complaints } = await look(name, width, scripts);
        const wide = await view.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px too wide`);
        await view.evaluate(AXE);
        const result = await view.evaluate((rules) => axe.run(document, { runOnly: rules }), RULES);
        const found = result.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html}`))
          .filter((line) => !(line.startsWith(KNOWN.rule) && line.includes(KNOWN.place.slice(1))));
        assert.deepEqual(found, []);
        assert.deepEqual(complaints, []);
        await context.close();
      });
    }
  }
}

test("in forced colours nothing is lost", async () => {
  const { context, view, complaints } = await look("components", 1280, true, { forcedColors: "active" });
  const mark = await view.evaluate(() => getComputedStyle(document.querySelector(".mc-mark-fill")).fill);
  assert.notEqual(mark, "none");
  assert.deepEqual(complaints, []);
  await context.close();
});

test("the first visit weighs less than 100 KB", () => {
  const pressed = ["app.css", "app.js", "govuk-frontend.js", "icon.svg"]
    .map((name) => brotliCompressSync(readFileSync(join("build/assets", hashed[name]))).length);
  const fonts = ["public-sans-400.woff2", "public-sans-700.woff2"].map((name) => readFileSync(join("build/assets", hashed[name])).length);
  const html = brotliCompressSync(page("components")).length;
  const all = [html, ...pressed, ...fonts].reduce((a, b) => a + b);
  console.log(`# html ${html}, css ${pressed[0]}, scripts ${pressed[1] + pressed[2]}, fonts ${fonts[0] + fonts[1]}: ${all} bytes`);
  assert.ok(all < FIRST_VISIT_BYTES, `${all} bytes`);
});

test("the page is valid HTML", () => {
  for (const name of ["components", "components-wrong"]) {
    try {
      execFileSync("tidy", ["-errors", "-quiet", "-utf8", "--show-warnings", "no", join(pages, `${name}.html`)], { stdio: "pipe" });
    } catch (failure) {
      if (failure.status === 2) assert.fail(failure.stderr.toString()); // 1: warnings of a tidy older than <div> in <dl>
    }
  }
});
