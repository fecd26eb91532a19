// Pages work without this file; it only makes some of them quicker to use.
import { initAll } from "./govuk-frontend.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A page that waits for somebody else's answer comes again when it is there.
const waiting = document.querySelector("[data-mc-watch]");
if (waiting) {
  const ask = async () => (await fetch(waiting.dataset.mcWatch)).text();
  const before = await ask();
  const watch = setInterval(async () => {
    if ((await ask()) === before) return;
    clearInterval(watch);
    location.reload();
  }, 3000);
}

// Officers' keys, and what their lists do by themselves.
if (document.querySelector("[data-mc-keys]")) import("./keys.js");
if (document.querySelector("[data-mc-inbox]")) import("./inbox.js");

// What is typed into an application is saved while it is typed.
if (document.querySelector("[data-mc-apply]")) import("./apply.js");

// What citizens search for, suggested while they type.
if (document.querySelector("[data-mc-portal]")) import("./portal.js");
// The counter, its screens and its papers.
if (document.querySelector("[data-mc-counter-live], [data-mc-counter-all]")) import("./counter.js");

// The officer's page of a dossier.
if (document.querySelector("[data-mc-desk]")) import("./desk.js");
