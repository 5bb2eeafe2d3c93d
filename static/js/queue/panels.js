// The panels below a card: removing, answering, the content note, and more. Without this the same
// buttons lead to the page of the comment, which has all of them.

const { list, tell, words } = window.queue;

// fetched(card): its panels, fetched once, also ahead of time.
const fetched = (card) => {
  card.panels ??= (async () => {
    const back = encodeURIComponent(list.dataset.place);
    const answer = await fetch(`${card.dataset.panels}?back=${back}`, {
      headers: { "HX-Request": "true" },
    });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    card.querySelector(".panels").innerHTML = await answer.text();
  })();
  return card.panels;
};

const close = (card) => {
  card.querySelector(".panels").hidden = true;
  for (const button of card.querySelectorAll(".open button")) {
    button.setAttribute("aria-expanded", "false");
  }
};

const open = async (card, button) => {
  const isOpen = button.getAttribute("aria-expanded") === "true";
  close(card);
  if (isOpen) return;
  try {
    await fetched(card);
  } catch {
    card.panels = undefined;
    return tell(words.offline);
  }
  const panels = card.querySelector(".panels");
  for (const panel of panels.querySelectorAll(".panel")) {
    panel.hidden = panel.dataset.panel !== button.value;
  }
  panels.hidden = false;
  window.queue.moved();
  button.setAttribute("aria-expanded", "true");
  const panel = panels.querySelector(".panel:not([hidden])");
  panel.querySelector("select, textarea, button")?.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
};

const prepare = (card) => {
  for (const button of card.querySelectorAll(".open button")) {
    button.setAttribute("aria-expanded", "false");
  }
};

if (list) {
  list.querySelectorAll(".card").forEach(prepare);
  document.addEventListener("queue:card", ({ detail }) => prepare(detail));
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".card .open")) return;
    event.preventDefault();
    open(event.target.closest(".card"), event.submitter);
  });
  document.addEventListener("keydown", (event) => {
    const panels = event.key === "Escape" && event.target.closest?.(".card .panels");
    if (!panels) return;
    const button = panels.closest(".card").querySelector(".open [aria-expanded=true]");
    close(panels.closest(".card"));
    button?.focus();
  });
}

// A choice fills the field below it, and never overwrites typed text.
document.addEventListener("change", (event) => {
  const area = document.getElementById(event.target.dataset?.fills);
  if (!area) return;
  const text = event.target.selectedOptions[0].dataset.text ?? "";
  const own = area.value.trim() && area.value !== area.dataset.filled;
  area.value = own ? `${area.value.trimEnd()}\n\n${text}`.trimEnd() : text;
  area.dataset.filled = own ? "" : text;
});

window.queue.fetched = fetched;

// On the page of one comment all panels are open; the requested one comes first.
const asked = document.querySelector(".alone")?.dataset.opened;
if (asked) {
  const panel = document.querySelector(`[data-panel="${CSS.escape(asked)}"]`);
  panel?.querySelector("select, textarea, button")?.focus();
}
