// j and k move through the comments, r answers, ? lists the keys and offers to switch them off.
const { kept, keep } = hearth;
const fields = "input, textarea, select, [contenteditable], dialog[open] *";

const comments = () =>
  [...document.querySelectorAll("article.comment")].filter((each) => each.checkVisibility());
const here = () => document.activeElement.closest("article.comment");

// From the focused comment, else from the scroll position.
const step = (by) => {
  const all = comments();
  const at = all.indexOf(here());
  const below = all.findIndex((each) => each.getBoundingClientRect().top > 0);
  const next = at < 0 ? (below < 0 ? all.length : below) - (by < 0) : at + by;
  hearth.focus(all[next]);
};

const list = async () => {
  const link = document.querySelector("a.keys");
  if (!link) return;
  let dialog = document.querySelector("#keys");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "keys";
    dialog.setAttribute("aria-labelledby", "keys-title");
    document.body.append(dialog);
    await htmx
      .ajax("GET", link.getAttribute("href"), { source: link, target: dialog, swap: "innerHTML" })
      .catch(() => {});
    if (!dialog.children.length) return dialog.remove();
  }
  if (!dialog.open) dialog.showModal();
};

const acts = {
  j: () => step(1),
  k: () => step(-1),
  r: () => here()?.querySelector("a.answer")?.click(),
  "?": list,
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!Object.hasOwn(acts, event.key) || kept("no-keys") || event.target.closest(fields)) return;
  event.preventDefault();
  acts[event.key]();
});

if (window.htmx) {
  document.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!event.target.closest("a.keys")) return;
    event.preventDefault();
    list();
  });
}

hearth.each(".keys-switch", (label) => {
  const box = label.querySelector("input");
  label.hidden = false;
  box.checked = !kept("no-keys");
  box.addEventListener("change", () => keep("no-keys", box.checked ? null : true));
});
