// Follows docs/adding_a_page.md in a copy of the tree: a newcomer's page is there, allowed, translated and served.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { root } from './support/office.mjs';

const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'motcua-page-'));
after(() => fs.rmSync(copy, { recursive: true, force: true }));
const run = (command, ...args) => execFileSync(command, args, { cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const files = {
  'src/calendar/hours_page.h': `/* When the office is open, for everybody. */
#ifndef CALENDAR_HOURS_PAGE_H
#define CALENDAR_HOURS_PAGE_H

#include "html/page.h"

extern const struct route hours_routes[];
extern const size_t hours_route_count;
extern const struct page_template hours_templates[];
extern const size_t hours_template_count;

#endif
`,
  'src/calendar/hours_page.c': `#include "calendar/hours_page.h"

#include "calendar/calendars.h"

struct hours_page {
    struct frame frame;
    struct str today;
    bool is_open;
};

static const struct field hours_fields[] = {
    FRAME_FIELDS(struct hours_page),
    FIELD_STR(struct hours_page, today),
    FIELD_BOOL(struct hours_page, is_open),
    FIELD_END,
};

static enum outcome page_hours(struct request *rq, struct fail *why)
{
    (void)why; /* nothing to fail */
    const struct calendar *calendar = calendars_standard(app_calendars(rq->app));
    struct hours_page page = {.today = day_for_people(rq->arena, day_of(clock_now())),
                              .is_open = calendar_is_open(calendar, clock_now())};
    page_reply(rq, 200, "calendar/hours", &page);
    return OK;
}

const struct route hours_routes[] = {{GET, "/gio-lam-viec", 1 /* public */, page_hours, N_("Office hours")}};
const size_t hours_route_count = LENGTH(hours_routes);
const struct page_template hours_templates[] = {{"calendar/hours", hours_fields}};
const size_t hours_template_count = LENGTH(hours_templates);
`,
  'src/calendar/pages/hours.html': `{{#layout html/page}}
<h1 class="govuk-heading-l">{{t "Office hours"}}</h1>
<p class="govuk-body">{{today}}: {{#if is_open}}{{t "The office is open."}}{{else}}{{t "The office is closed."}}{{/if}}</p>
{{/layout}}
`,
};

test('ten steps make a page', async () => {
  for (const name of execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n').filter(Boolean)) {
    if (!fs.existsSync(path.join(root, name))) continue;
    fs.mkdirSync(path.dirname(path.join(copy, name)), { recursive: true });
    fs.copyFileSync(path.join(root, name), path.join(copy, name));
  }
  if (fs.existsSync(path.join(root, 'node_modules'))) fs.symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  run('git', 'init', '-q'); // tools list the tree by git
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(copy, name)), { recursive: true });
    fs.writeFileSync(path.join(copy, name), text);
  }
  const routes = path.join(copy, 'src/wiring/routes.c');
  let text = fs.readFileSync(routes, 'utf8');
  text = text.replace('#include "app/routes.h"\n', '#include "app/routes.h"\n\n#include "calendar/hours_page.h"\n');
  text = text.replace(/( +)\{system_routes,/, '$1{hours_routes, hours_route_count},\n$&');
  text = text.replace(/( +)\{html_templates,/, '$1{hours_templates, &hours_template_count},\n$&');
  fs.writeFileSync(routes, text);
  fs.appendFileSync(path.join(copy, 'po/vi.po'), `
msgid "Office hours"
msgstr "Giờ làm việc"

msgid "The office is open."
msgstr "Cơ quan đang mở cửa."

msgid "The office is closed."
msgstr "Cơ quan đang đóng cửa."
`);
  run('make', 'build');
  const program = path.join(copy, 'build/motcua');
  assert.match(run(program, 'routes'), /gio-lam-viec/);
  process.env.MOTCUA_PROGRAM = program;
  const { openOffice } = await import('./support/office.mjs?copy');
  const office = await openOffice();
  try {
    const page = await fetch(`${office.url}/gio-lam-viec`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<h1[^>]*>Giờ làm việc<\/h1>/);
  } finally {
    await office.close();
  }
});
