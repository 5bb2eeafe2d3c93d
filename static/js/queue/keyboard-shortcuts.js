// Keyboard shortcuts, each also available as a button; one-by-one mode; selecting several.

const { list, cards, here, go } = window.queue;
const FIELDS = "input, textarea, select, [contenteditable]";

const kept = (name) => {
  try {
    return localStorage.getItem(`hearth.queue.${name}`) === "1";
  } catch {
    return false;
  }
};
const keep = (name, value) => {
  try {
    if (value) localStorage.setItem(`hearth.queue.${name}`, "1");
    else localStorage.removeItem(`hearth.queue.${name}`);
  } catch {
    // Storage is forbidden: it is kept for this page only.
  }
};

const step = (by) => {
  const all = cards();
  const at = all.indexOf(here());
  const next = at < 0 ? all[0] : all[at + by];
  if (next) go(next);
};

// press(key): presses the button of the current card; without one, goes to a card first.
const press = (key) => {
  const card = here();
  if (!card) return step(1);
  card.querySelector(`.acts [data-key="${key}"]`)?.click();
};

const dialog = document.querySelector("#queue-keys");
const acts = {
  j: () => step(1),
  k: () => step(-1),
  u: () => document.querySelector("#said .undo button")?.click(),
  "?": () => dialog.showModal(),
};
for (const key of "asxn") acts[key] = () => press(key);

const isTyping = (target) => target.closest(FIELDS) && target.type !== "checkbox";

if (list && dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (!Object.hasOwn(acts, event.key) || kept("no-keys") || dialog.open) return;
    if (isTyping(event.target)) return;
    event.preventDefault();
    acts[event.key]();
  });

  document.querySelector(".tools").hidden = false;
  document.querySelector(".keys-open").addEventListener("click", () => dialog.showModal());
  const off = dialog.querySelector(".keys-off");
  off.checked = kept("no-keys");
  off.addEventListener("change", () => keep("no-keys", off.checked));

  const zen = document.querySelector(".zen");
  const calm = (on) => {
    zen.setAttribute("aria-pressed", String(on));
    list.classList.toggle("zen", on);
    if (on && !here()) cards()[0]?.closest("li").classList.add("current");
  };
  zen.addEventListener("click", () => {
    keep("zen", !kept("zen"));
    calm(kept("zen"));
    const card = here() ?? cards()[0];
    if (card) go(card);
  });
  calm(kept("zen"));

  const steps = (card) => card.querySelector(".steps")?.removeAttribute("hidden");
  list.querySelectorAll(".card").forEach(steps);
  document.addEventListener("queue:card", ({ detail }) => steps(detail));
  list.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
  });
}

const bulk = document.querySelector("#bulk");
if (bulk) {
  const boxes = () => [...document.querySelectorAll("input[form=bulk]")].filter((b) => b.isConnected);
  const count = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    bulk.querySelector(".chosen").textContent = chosen ? `${bulk.dataset.chosen} ${chosen}` : "";
  };
  const all = bulk.querySelector(".choose-all");
  all.hidden = false;
  all.addEventListener("click", () => {
    const every = boxes().every((box) => box.checked);
    for (const box of boxes()) box.checked = !every;
    count();
  });
  document.addEventListener("change", ({ target }) => target.matches("[form=bulk]") && count());
  count();
}
