// Presence of moderators: opening a card tells the others, and shows who else is reading which.

const { list, fetched } = window.queue;
const AGAIN = 60_000; // a claim lasts four minutes
const EVERY = 30_000;

const known = () =>
  window.queue
    .cards()
    .map((card) => `${card.id.replace("card-", "")}-${card.dataset.seen}`)
    .join(" ");

const show = ({ reading, changed }) => {
  for (const card of window.queue.cards()) {
    const key = card.id.replace("card-", "");
    const line = card.querySelector(".reading");
    const text = changed[key] ?? reading[key] ?? "";
    if (line.textContent === text) continue;
    line.textContent = text;
    line.hidden = !text;
    window.queue.moved();
  }
};

const ask = async (address, options) => {
  try {
    const answer = await fetch(address, options);
    if (answer.ok && !answer.redirected) show(await answer.json());
  } catch {
    // Offline: the next press reports it.
  }
};

const claim = (card) => {
  if (Date.now() - (card.claimedAt ?? -AGAIN) < AGAIN) return;
  card.claimedAt = Date.now();
  const token = card.querySelector("[name=csrfmiddlewaretoken]").value;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token, cards: known() });
  ask(card.dataset.claim, { method: "POST", body, headers: { "HX-Request": "true" } });
};

const look = () => {
  if (document.hidden || !window.queue.cards().length) return;
  ask(`${list.dataset.news}?cards=${encodeURIComponent(known())}`);
};

if (list) {
  list.addEventListener("focusin", (event) => {
    const card = event.target.closest(".card");
    if (!card) return;
    list.querySelector(":scope > .current")?.classList.remove("current");
    card.closest("li").classList.add("current");
    claim(card);
    fetched(card).catch(() => {
      card.panels = undefined;
    });
  });
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
