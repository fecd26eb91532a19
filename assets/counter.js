// The counter: screens that renew themselves, and ticking every required paper at once. Pages work without it.
const live = document.querySelector("[data-mc-counter-live]");
if (live) {
  const renew = async () => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-mc-counter-live]");
    if (fresh && fresh.innerHTML !== live.innerHTML) live.replaceChildren(...fresh.childNodes);
  };
  setInterval(renew, 3000);
}

const group = document.querySelector("[data-mc-counter-all]");
if (group) {
  const all = group.querySelector("#all");
  const required = [...group.querySelectorAll("input[data-required]")];
  all.addEventListener("change", () => required.forEach((box) => { box.checked = all.checked; }));
  group.addEventListener("change", (event) => {
    if (event.target !== all && required.length) all.checked = required.every((box) => box.checked);
  });
}
