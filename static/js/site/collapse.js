// Collapsed threads stay collapsed for this visit; a comment that is linked to is revealed.

const named = (id) => document.getElementById(id);

// Like kept() and keep(), but until the tab is closed.
const visit = {
  get(key) {
    try {
      return JSON.parse(sessionStorage.getItem(`hearth.${key}`));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      sessionStorage.setItem(`hearth.${key}`, JSON.stringify(value));
    } catch {
      // Storage is full or forbidden: then nothing is kept.
    }
  },
};

// Open every fold around an element; return whether one was closed.
const reveal = (element) => {
  const closed = element.closest("details:not([open])");
  if (!closed) return false;
  closed.open = true;
  reveal(closed.parentElement);
  return true;
};
Object.assign(window.hearth, { visit, reveal });

// Show the comment of the URL's fragment, or ask the server for its page if it is not on this one:
// only once, to avoid a redirect loop.
const follow = () => {
  const id = location.hash.slice(1);
  const found = named(id);
  if (found && reveal(found)) found.scrollIntoView();
  const number = /^comment-([1-9]\d{0,17})$/.exec(id);
  const home = named("comments")?.dataset.anchor;
  if (found || !number || !home || visit.get("sought") === id) return;
  visit.set("sought", id);
  const address = `${home}${number[1]}/`;
  fetch(address, { redirect: "manual", credentials: "omit" })
    .then((answer) => answer.type === "opaqueredirect" && location.replace(address))
    .catch(() => {});
};

// A thread is identified by the anchor of its first comment.
const threadOf = (fold) => fold.parentElement.querySelector("[id]").id;
const folded = new Set(visit.get("folded"));
for (const fold of document.querySelectorAll(".fold")) {
  if (folded.has(threadOf(fold))) fold.open = false;
}
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches(".fold")) return;
    folded[target.open ? "delete" : "add"](threadOf(target));
    visit.set("folded", [...folded]);
  },
  true,
);

// "In answer to Ana" scrolls to that comment if it is on the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.answered, .quoted a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const number = /\/comments\/(\d+)\/$/.exec(link.pathname);
  const found = number && named(`comment-${number[1]}`);
  if (!found) return;
  event.preventDefault();
  reveal(found);
  location.hash = found.id;
});

addEventListener("hashchange", follow);
follow();
