// The officer's desk: a phrase goes into the words that are being written, where they are, instead of a page that begins anew.
for (const link of document.querySelectorAll("[data-mc-phrase]")) {
  link.addEventListener("click", event => {
    const field = link.closest("form")?.querySelector("textarea[name=reason]");
    if (!field) return;
    event.preventDefault();
    const [from, to] = [field.selectionStart, field.selectionEnd], gap = from > 0 && !/\s$/.test(field.value.slice(0, from)) ? "\n" : "";
    field.setRangeText(gap + link.dataset.mcPhrase, from, to, "end");
    field.focus();
  });
}

// Choosing a phrase for a message is using it.
for (const choice of document.querySelectorAll(".mc-desk-phrases select"))
  choice.addEventListener("change", () => choice.value && choice.form.requestSubmit());
