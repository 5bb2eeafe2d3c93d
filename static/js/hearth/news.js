// What is new: asked for while somebody looks, shown when she presses, marked since her last visit.

const SOONEST = 30e3;
const LATEST = 300e3;
const section = document.getElementById("comments");
const { say = () => {}, kept = () => null, keep = () => {} } = window.hearth || {};

if (section) begin(section.dataset);

function begin({ news, last: rendered, open, words }) {
  const texts = JSON.parse(words);
  const seenKey = `seen.${news}`;
  const sinceKey = `hearth.since.${news}`;
  let last = rendered;
  let waiting = 0;
  let pause = SOONEST;
  let timer = 0;
  let unread = [];

  const onPage = (key) => document.getElementById(`comment-${key}`);
  const plural = (forms, count) => forms[count === 1 ? 0 : 1].replace("%d", count);
  // The same bytes for everybody: no cookie goes along, and nearly always the answer is 304.
  const ask = async (after, more = "") => {
    const answer = await fetch(`${news}?after=${after}${more}`, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  };

  // -- the two buttons, over the page so that nothing moves ---------------------------------

  const bar = document.createElement("div");
  bar.className = "news";
  const button = (press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.hidden = true;
    made.addEventListener("click", press);
    bar.append(made);
    return made;
  };
  const bring = button(() => show().catch(() => location.reload()));
  const next = button(() => goOn());
  section.append(bar);

  const label = () => {
    bring.hidden = !waiting;
    bring.textContent = plural(texts.answers, waiting);
    next.hidden = !unread.length;
    next.textContent = texts.next.replace("%d", unread.length);
  };

  const mark = (key) => {
    const heading = onPage(key)?.querySelector("h3");
    if (!heading || heading.parentElement.querySelector(".new")) return;
    const word = document.createElement("span");
    word.className = "badge new";
    word.textContent = texts.mark;
    heading.after(" ", word);
  };

  // To the next new one: on this page, or by its own address on another.
  function goOn() {
    const here = unread.map(onPage).filter(Boolean);
    here.sort((one, other) => (one.compareDocumentPosition(other) & 4 ? -1 : 1));
    const found = here[0];
    if (!found) {
      location.assign(`/comments/${unread[0]}/`);
      return;
    }
    unread = unread.filter((key) => onPage(key) !== found);
    for (let fold = found.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    found.tabIndex = -1;
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "start" });
    label();
  }

  // -- bringing them in -----------------------------------------------------------------------

  async function show() {
    const answer = await ask(last, "&as=html");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = [...page.querySelectorAll("ol > li")].filter((item) => !document.getElementById(idOf(item)));
    const state = await (await ask(last)).json();
    const reading = [...section.querySelectorAll(".comment")].find((each) => each.getBoundingClientRect().bottom > 0);
    const before = reading?.getBoundingClientRect().top;
    const elsewhere = fresh.filter((item) => !place(document.adoptNode(item)));
    if (reading) scrollBy(0, reading.getBoundingClientRect().top - before);
    const placed = fresh.filter((item) => !elsewhere.includes(item));
    for (const item of placed) window.htmx?.process(item);
    finish(state, placed.map(keyOf), elsewhere.map(keyOf));
  }

  const idOf = (item) => item.querySelector(".comment").id;
  const keyOf = (item) => Number(idOf(item).slice("comment-".length));

  function finish(state, placed, elsewhere) {
    last = state.last;
    keep(seenKey, last);
    waiting = 0;
    unread = [...new Set([...unread, ...placed, ...elsewhere])];
    placed.forEach(mark);
    label();
    say(plural(texts.brought, placed.length));
    (next.hidden ? section.querySelector("h2") : next).focus();
  }

  // Below what it answers, or at the end of the threads; false where that is on another page.
  function place(item) {
    const answered = /(\d+)\/$/.exec(item.querySelector(".u-in-reply-to")?.pathname ?? "");
    if (answered) return placeBelow(onPage(answered[1])?.closest("li"), item);
    const list = section.querySelector("ol.threads");
    const order = new URLSearchParams(location.search).get("order");
    const pager = section.querySelector(`.pager [rel=${order === "newest" ? "prev" : "next"}]`);
    if (!list || pager || order === "author") return false;
    if (order === "newest") list.prepend(item);
    else list.append(item);
    return true;
  }

  function placeBelow(parent, item) {
    if (!parent || new URLSearchParams(location.search).get("order") === "author") return false;
    let depth = 0;
    for (let list = parent.closest("ol.replies"); list; list = list.parentElement.closest("ol.replies")) depth += 1;
    let list = parent.querySelector(":scope > ol.replies, :scope > details > ol.replies");
    if (!list && depth >= 3) list = parent.parentElement;
    if (!list) {
      list = document.createElement("ol");
      list.className = "replies";
      parent.append(list);
    }
    list.append(item);
    return true;
  }

  // What "Show more" brings may be here already: the later one stands in its place.
  document.body.addEventListener("htmx:load", ({ detail }) => {
    for (const each of detail.elt.querySelectorAll?.(".comment[id]") ?? []) {
      for (const twin of document.querySelectorAll(`[id="${each.id}"]`)) {
        if (twin !== each && !detail.elt.contains(twin)) twin.closest("li").remove();
      }
      if (unread.includes(Number(each.id.slice("comment-".length)))) mark(each.id.slice("comment-".length));
    }
  });

  // -- asking ---------------------------------------------------------------------------------

  async function poll() {
    try {
      const state = await (await ask(last)).json();
      const found = state.count - state.new.filter(onPage).length;
      pause = found > waiting ? SOONEST : Math.min(pause * 1.5, LATEST);
      if (found > waiting) say(plural(texts.answers, found));
      waiting = found;
      label();
      open = state.open ? "" : undefined;
    } catch (error) {
      pause = Math.min(pause * 2, LATEST);
      if (/^4/.test(error.message)) open = undefined;
    }
    later();
  }

  function later() {
    clearTimeout(timer);
    if (open !== undefined && document.visibilityState === "visible") timer = setTimeout(poll, pause);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (open !== undefined && document.visibilityState === "visible") poll();
  });

  // -- since the last visit -------------------------------------------------------------------

  async function look() {
    let since = null;
    try {
      since = sessionStorage.getItem(sinceKey);
      if (since === null) {
        since = kept(seenKey);
        if (since !== null) sessionStorage.setItem(sinceKey, since);
      }
    } catch {
      since = kept(seenKey);
    }
    keep(seenKey, Number(last));
    if (since === null || String(since) === String(last)) return;
    const state = await (await ask(since)).json();
    state.new.forEach(mark);
    unread = state.new;
    label();
  }

  look().catch(() => {});
  later();
}
