// New comments: polled while the page is visible, shown on request, marked since the last visit.

const { say, kept, keep, visit, reveal } = window.hearth;
const [SOONEST, LATEST] = [30e3, 300e3];
const section = document.getElementById("comments");
const plurals = new Intl.PluralRules(window.hearth.language);

const begin = ({ news, last, depth, new: forms, next, brought, fresh }) => {
  const order = new URLSearchParams(location.search).get("order");
  const onPage = (key) => document.getElementById(`comment-${key}`);
  const keyOf = (comment) => Number(comment.id.slice(8));
  // Each form follows a number that takes it: the language has as many as it needs.
  const samples = forms.split("|").map((form) => /^(\d+) (.*)$/.exec(form));
  const counted = (count) => {
    const plural = plurals.select(count);
    const found = samples.find(([, number]) => plurals.select(Number(number)) === plural);
    return (found ?? samples.at(-1))[2].replace("#", count);
  };
  let pause = SOONEST;
  let goesOn = "open" in section.dataset;
  let waiting = 0;
  let unread = visit.get(`unread.${news}`) ?? [];
  let timer;

  // Without cookies: the response is the same for everybody, and nearly always a 304.
  const ask = async (after, more = "") => {
    const answer = await fetch(`${news}?after=${after}${more}`, {
      credentials: "omit",
      cache: "no-cache",
    });
    if (!answer.ok) throw answer;
    return answer;
  };

  // -- two buttons over the page, so that the layout does not shift

  const bar = document.createElement("div");
  bar.className = "news";
  const button = (press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.addEventListener("click", press);
    bar.append(made);
    return made;
  };
  const label = () => {
    bring.hidden = !waiting;
    bring.textContent = counted(waiting);
    go.hidden = !unread.length;
    go.textContent = next.replace("#", unread.length);
    visit.set(`unread.${news}`, unread);
  };
  const mark = (key) => {
    const heading = onPage(key)?.querySelector("h3");
    if (!heading || heading.parentElement.querySelector(".new")) return;
    const word = document.createElement("span");
    word.className = "badge new";
    word.textContent = fresh;
    heading.after(" ", word);
  };

  // To the next new comment on this page, else by its own URL to another page.
  const goToNext = () => {
    const here = [...section.querySelectorAll(".comment")].find((each) =>
      unread.includes(keyOf(each)),
    );
    const key = here ? keyOf(here) : unread[0];
    unread = unread.filter((each) => each !== key);
    label();
    if (!here) {
      location.assign(`/comments/${key}/`);
      return;
    }
    reveal(here);
    here.tabIndex = -1;
    here.focus({ preventScroll: true });
    here.scrollIntoView();
  };

  // -- inserting them

  // Inserts a comment below its parent, or a new thread at its end of the list. Returns false if
  // that is on another page.
  const place = (item) => {
    const answered = item.querySelector(".u-in-reply-to");
    const list = section.querySelector("ol.threads");
    if (order === "author" || !list) return false;
    if (!answered) {
      const isNewest = order === "newest";
      if (section.querySelector(`.pager [rel=${isNewest ? "prev" : "next"}]`)) return false;
      list[isNewest ? "prepend" : "append"](item);
      return true;
    }
    const parent = onPage(/(\d+)\/$/.exec(answered.pathname)[1])?.closest("li");
    if (!parent) return false;
    let levels = 1;
    for (let each = parent; (each = each.parentElement.closest("li")); ) levels += 1;
    let replies = parent.querySelector(":scope > .replies, :scope > details > .replies");
    if (levels >= depth) replies = parent.parentElement;
    if (!replies) {
      replies = document.createElement("ol");
      replies.className = "replies";
      parent.append(replies);
    }
    replies.append(item);
    return true;
  };

  const show = async () => {
    const text = await (await ask(last, "&as=html")).text();
    const list = new DOMParser().parseFromString(text, "text/html").querySelector("ol");
    const reading = [...section.querySelectorAll(".comment")].find(
      (each) => each.getBoundingClientRect().bottom > 0,
    );
    const before = reading?.getBoundingClientRect().top;
    let placed = 0;
    for (const item of [...list.children]) {
      const key = keyOf(item.querySelector(".comment"));
      if (onPage(key)) continue;
      unread.push(key);
      if (!place(item)) continue;
      placed += 1;
      // Tells the other parts, as if htmx had loaded it.
      item.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true, detail: { elt: item } }));
      mark(key);
    }
    if (reading) scrollBy(0, reading.getBoundingClientRect().top - before);
    last = list.dataset.last;
    keep(`seen.${news}`, last);
    waiting = 0;
    label();
    go.focus();
    say(brought.replace("#", placed));
    poll();
  };

  const bring = button(() => show().catch(() => location.reload()));
  const go = button(goToNext);
  section.append(bar);

  // "Show more" may load a comment again: the later copy is in the right place.
  document.body.addEventListener("htmx:load", ({ target }) => {
    if (target === document.body) return;
    for (const each of target.querySelectorAll(".comment[id]")) {
      const twins = document.querySelectorAll(`[id="${each.id}"]`);
      if (twins.length > 1) [...twins].find((twin) => twin !== each).closest("li").remove();
      if (unread.includes(keyOf(each))) mark(keyOf(each));
    }
  });

  // -- polling, less and less often while nothing happens

  const later = () => {
    clearTimeout(timer);
    if (goesOn && !document.hidden) timer = setTimeout(poll, pause);
  };
  const poll = async () => {
    clearTimeout(timer);
    try {
      const state = await (await ask(last)).json();
      const count = state.count - state.new.filter(onPage).length;
      pause = count > waiting ? SOONEST : Math.min(pause * 1.5, LATEST);
      if (count > waiting) say(counted(count));
      waiting = count;
      goesOn = state.open;
      label();
    } catch (answer) {
      goesOn &&= !(answer.status < 500);
      pause = LATEST;
    }
    later();
  };
  document.addEventListener("visibilitychange", () => {
    if (goesOn && !document.hidden) poll();
    else clearTimeout(timer);
  });

  // -- since the last visit

  const look = async () => {
    const since = kept(`seen.${news}`);
    keep(`seen.${news}`, last);
    if (since !== null && since !== last) {
      const state = await (await ask(since)).json();
      unread = [...new Set([...unread, ...state.new])];
    }
    unread = unread.filter((key) => `#comment-${key}` !== location.hash);
    unread.forEach(mark);
    label();
  };
  label();
  look().catch(() => {});
  later();
};

if (section) begin(section.dataset);
