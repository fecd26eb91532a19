// Saves what is typed into an application by itself: after a pause, and when the page is left. Without this file each step is saved
// when it is sent.
const PAUSE = 1500, AGAIN = 10000;
const form = document.querySelector("form[data-mc-apply]");
const status = form?.querySelector("[data-mc-apply-status]");
let last = "", timer = 0, running = false, sent = false;

const fields = () => {
  const all = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "seen") all.append(name, value);
  return all;
};
const say = text => { if (status && status.textContent !== text) status.textContent = text; };

async function save(leaving = false) {
  const body = fields(), now = body.toString();
  if (sent || running || now === last) return;
  body.append("seen", form.elements.seen.value);
  body.append("autosave", "1");
  running = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body, keepalive: leaving, headers: { accept: "application/json" } });
    if (answer.status === 401 || answer.status === 403) return say(status.dataset.signedOut);
    if (answer.status === 404) return sent = true, say(status.dataset.sent);
    if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
    if (answer.status === 409) return say(status.dataset.elsewhere);
    const { at, seen } = await answer.json();
    form.elements.seen.value = seen;
    last = now;
    say(`${status.dataset.saved} ${at}`);
  } catch {
    say(status.dataset.offline);
    wait(AGAIN);
  } finally {
    running = false;
  }
  if (fields().toString() !== now) wait(PAUSE);
}
function wait(pause) {
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

if (form && status && form.elements.seen) {
  last = fields().toString();
  form.addEventListener("input", () => wait(PAUSE));
  form.addEventListener("change", () => wait(PAUSE));
  form.addEventListener("submit", () => { sent = true; clearTimeout(timer); });
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
}
