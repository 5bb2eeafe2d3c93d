// Threads that were folded stay folded for this visit, and whatever is looked for is opened.

const KEY = "hearth.folded";
const named = (id) => id && document.getElementById(id);

const folded = () => {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(KEY)));
  } catch {
    return new Set();
  }
};

const remember = (id, isOpen) => {
  const keys = folded();
  if (isOpen) keys.delete(id);
  else keys.add(id);
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...keys]));
  } catch {
    // Storage is full or forbidden: then nothing is remembered.
  }
};

// The thread is known by the anchor of its first comment.
const threadOf = (fold) => fold.parentElement.querySelector("[id]").id;

const open = (element) => {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
};

// Show the comment of the address, or ask where it is if it is not on this page.
const follow = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  const found = named(id);
  if (found) {
    if (found.closest("details:not([open])")) {
      open(found);
      found.scrollIntoView();
    }
    return;
  }
  const number = /^comment-([1-9]\d{0,17})$/.exec(id);
  const section = named("comments");
  if (!number || !section) return;
  const address = `${section.dataset.anchor}${number[1]}/`;
  // Where it leads is not to be read here, only whether it leads anywhere.
  fetch(address, { redirect: "manual", credentials: "omit" })
    .then((answer) => answer.type === "opaqueredirect" && location.replace(address))
    .catch(() => {});
};

const keys = folded();
for (const fold of document.querySelectorAll(".fold")) {
  if (keys.has(threadOf(fold))) fold.open = false;
}
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.(".fold")) remember(threadOf(event.target), event.target.open);
  },
  true,
);

// "In answer to Ana" leads to the very comment where that is on the page.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.answered, .quoted a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const number = /\/comments\/(\d+)\/$/.exec(link.pathname);
  const found = number && named(`comment-${number[1]}`);
  if (!found) return;
  event.preventDefault();
  open(found);
  location.hash = found.id;
});

addEventListener("hashchange", follow);
follow();
