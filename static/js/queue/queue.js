// The queue without page loads: submits the forms of a card and puts the response into the page.
// Every form works without this. The parts share window.queue.

const list = document.querySelector(".cards");
const said = document.querySelector("#said");
const words = document.querySelector("#queue-words").dataset;

// moved(): the layout has just shifted, so an immediate press was meant for what was there before.
const settles = Number(words.settles);
let movedAt = -Infinity;
const moved = () => {
  movedAt = performance.now();
};

const cards = () => [...list.querySelectorAll(":scope > li:not([hidden]) > .card")];

// here(): the card that has, or last had, the focus.
const here = () => {
  const focused = document.activeElement.closest?.(".card");
  return focused ?? list?.querySelector(":scope > li.current:not([hidden]) > .card") ?? null;
};

// go(card): scroll to it and focus it.
const go = (card) => {
  list.querySelector(":scope > .current")?.classList.remove("current");
  card.closest("li").classList.add("current");
  card.querySelector("h2").focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
};

// tell(text): show a message in place of the last one.
const tell = (text, more = []) => {
  const line = document.createElement("div");
  line.className = "said refused";
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  line.append(paragraph, ...more);
  said.replaceChildren(line);
  moved();
};

const after = (card, all) => all[all.indexOf(card) + 1] ?? all[all.indexOf(card) - 1];

const leave = (card, following, answer) => {
  // Keeps the position: "Undo" puts the card back there.
  const place = card.closest("li");
  place.hidden = true;
  place.classList.remove("current");
  place.dataset.was = card.id;
  card.remove();
  if (following) return go(following);
  const end = answer.querySelector(".after");
  document.querySelector(".after").replaceChildren(...(end?.childNodes ?? []));
  (document.querySelector(".after .go-on") ?? document.querySelector(".after .done-here"))?.focus();
};

const put = (card) => {
  const there = document.getElementById(card.id);
  const place = list.querySelector(`li[data-was="${card.id}"]`);
  if (there) there.replaceWith(card);
  else if (place) place.replaceChildren(card);
  else {
    const row = document.createElement("li");
    row.append(card);
    list.prepend(row);
  }
  if (place) place.hidden = false;
  document.dispatchEvent(new CustomEvent("queue:card", { detail: card }));
  go(card);
};

const typed = (form) => [...form.querySelectorAll("textarea")].some((area) => area.value.trim());

const apply = (form, old, html) => {
  const answer = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  const line = answer?.querySelector(".said");
  if (!line) return tell(words.failed);
  said.replaceChildren(line);
  moved();
  const tabs = answer.querySelector("#tabs");
  if (tabs) document.querySelector("#tabs").replaceWith(tabs);
  if (answer.dataset.title !== undefined) {
    document.title = answer.dataset.title + document.title.replace(/^\(\d+\) /, "");
  }
  const refused = line.matches(".refused");
  if (answer.dataset.title === undefined || (refused && typed(form))) return;
  const card = answer.querySelector(".card");
  if (card && (!("settled" in card.dataset) || (refused && old))) return put(card);
  if (old) leave(old, after(old, cards()), answer);
};

// What a moderator reads of a card before deciding: its words, or what stands before closed ones.
const SHOWN = ":scope > .words, :scope > .note > :is(summary, .words)";
const read = (card) => [...card.querySelectorAll(SHOWN)];
// Of a line that is cut by the edge of the screen nobody has read anything.
const LINE = 24;

// wasRead(card): whether a line of its words is, or was, on the screen.
const seen = new WeakSet();
const look = new IntersectionObserver(
  (entries) => {
    for (const each of entries) if (each.isIntersecting) seen.add(each.target);
  },
  { rootMargin: `-${LINE}px 0px` },
);
const wasRead = (card) =>
  read(card).some((part) => {
    const { top, bottom, height } = part.getBoundingClientRect();
    const isHere = height && bottom > LINE && top < innerHeight - LINE;
    return isHere || seen.has(part);
  });
const watch = (card) => read(card).forEach((part) => look.observe(part));

let busy = false;

const post = (form, body) =>
  fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" } });

// sent(form, button): post it; a page whose proof (the CSRF token) is stale, after cookies were
// cleared or somebody signed in again, gets a fresh one, once. Where it would be sent as somebody
// else, or is refused once more, it is sent without us, and a page gives every word back.
const sent = async (form, button) => {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  let answer = await post(form, body);
  const key = answer.headers.get("X-Form-Key");
  if (key) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = key;
    body.set("csrfmiddlewaretoken", key);
    answer = await post(form, body);
  }
  if (!answer.headers.has("X-Form-Key")) return answer;
  form.classList.remove("in-place");
  form.requestSubmit(button);
  return null;
};

const send = async (form, button) => {
  const old = form.closest(".card");
  busy = true;
  form.closest(".card, .said")?.setAttribute("aria-busy", "true");
  try {
    const answer = await sent(form, button);
    if (!answer) return;
    if (answer.status === 403) return tell(words.stale);
    apply(form, old, await answer.text());
  } catch {
    tell(words.offline);
  } finally {
    busy = false;
    form.closest(".card, .said")?.removeAttribute("aria-busy");
  }
};

if (list) {
  list.querySelectorAll(".card").forEach(watch);
  document.addEventListener("queue:card", ({ detail }) => watch(detail));
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form.in-place")) return;
    event.preventDefault();
    const card = form.closest(".card");
    if (card && !wasRead(card)) {
      tell(words.unread);
      return read(card)[0].scrollIntoView({ block: "center" });
    }
    if (!busy) send(form, event.submitter);
  });
  // The second tap of a double tap would decide about the card that has moved up meanwhile, and so
  // would a tap right after a layout shift. Keys follow the focus.
  document.addEventListener(
    "click",
    (event) => {
      const button = event.detail && event.target.closest("form.in-place button, #bulk button");
      if (!button) return;
      const early = performance.now() - movedAt < settles && !button.closest("#said");
      if (event.detail > 1 || early) event.preventDefault();
    },
    true,
  );
}

window.queue = { list, cards, here, go, moved, tell, words };
