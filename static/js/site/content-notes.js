// Opens the content notes that this reader chose. The server does so, too, but not on a page from
// a shared cache, or from the browser's cache of before the choice.
const choice = () => /(?:^|; )hearth_notes=([\d-]+)/.exec(document.cookie)?.[1] ?? "";
let known = choice();

const notesIn = (part) =>
  [part, ...part.querySelectorAll("details")].filter((each) => each.matches(".note[data-note]"));
const isChosen = (note) => {
  const keys = known.split("-");
  return note.dataset.note.split(" ").every((key) => keys.includes(key));
};
// Notes that were opened or closed by hand stay so as long as the choice is the same.
const open = (part) => {
  for (const note of notesIn(part)) if (isChosen(note)) note.open = true;
};
const look = () => {
  if (choice() === known) return;
  known = choice();
  for (const note of notesIn(document.body)) note.open = isChosen(note);
};

open(document.body);
addEventListener("pageshow", look);
document.body.addEventListener("htmx:load", (event) => open(event.target));
