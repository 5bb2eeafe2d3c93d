// Opens the reply form in place, and loads the next part of a thread in place. The links work
// without this; here htmx fetches their targets.
const unreachable = document.querySelector("meta[name=hearth]")?.content;
const boxes = new Map(); // forms that are or were open, by the link's URL


const isOptional = (field) => field.closest(".field")?.querySelector(".optional");
const firstEmpty = (box) => {
  const fields = [...box.querySelectorAll("textarea, input[type=text], input[type=email]")];
  const empty = fields.find((field) => !field.value && !isOptional(field));
  return box.querySelector("[type=radio]") || empty || box.querySelector("textarea") || box;
};

const isFilled = (box) => box.querySelector("form, .refused");

const show = (box, link) => {
  if (box.link && box.link !== link) box.link.hidden = false;
  box.link = link;
  box.hidden = false;
  if (!box.isConnected || link.matches(".write")) {
    const comment = link.closest(".comment");
    if (comment) comment.append(box);
    else link.after(box);
  }
  link.setAttribute("aria-expanded", "true");
  settle(box);
};

// The link that looks like a field is replaced by the form.
const settle = (box) => {
  if (!isFilled(box)) return;
  box.link.hidden = box.link.matches(".write");
  if (box.wanted) firstEmpty(box).focus();
  box.wanted = false;
};

const close = (box) => {
  box.hidden = true;
  box.link.hidden = false;
  box.link.removeAttribute("aria-expanded");
  box.link.focus();
};

const boxOf = (link) => {
  const address = link.getAttribute("href");
  if (!boxes.has(address)) {
    const box = document.createElement("div");
    box.className = "answering";
    box.tabIndex = -1;
    boxes.set(address, box);
  }
  return boxes.get(address);
};

const fetched = (link, target, swap) =>
  htmx.ajax("GET", link.getAttribute("href"), { source: link, target, swap }).catch(() => {});

const open = async (link) => {
  const box = boxOf(link);
  box.wanted = true;
  show(box, link);
  if (isFilled(box) || box.busy) return;
  box.busy = true;
  await fetched(link, box, "innerHTML");
  box.busy = false;
};

const more = async (link) => {
  const before = link.previousElementSibling;
  link.apology?.remove();
  await fetched(link, link, "outerHTML");
  if (!link.isConnected) hearth.focus(before.nextElementSibling.querySelector("article.comment"));
};

// No response, or no HTML fragment: typed text stays, and a message says so.
const lost = (source) => {
  const form = source.closest("form");
  const line = form ? form.querySelector("[data-lost]") : document.createElement("p");
  line.textContent = line.dataset.lost || unreachable;
  line.hidden = false;
  if (form) return;
  line.className = "form-lost";
  line.setAttribute("role", "alert");
  if (source.matches(".more, .support-link")) {
    source.after(line);
    source.apology = line;
  } else boxOf(source).replaceChildren(line);
};

if (window.htmx) {
  const on = (name, act) => document.addEventListener(name, act);

  on("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a.answer, a.write, a.more, a.report-link");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".more")) more(link);
    else open(link);
  });
  on("keydown", (event) => {
    const box = event.target.closest(".answering");
    if (event.key === "Escape" && !event.isComposing && box) close(box);
  });

  hearth.each(".answering > *", (content) => {
    const box = content.parentElement;
    const cancel = content.querySelector(".cancel");
    if (cancel) {
      cancel.hidden = false;
      cancel.addEventListener("click", () => close(box));
    }
    settle(box);
  });

  hearth.each(".previewed > *", (preview) => preview.scrollIntoView({ block: "nearest" }));

  on("htmx:beforeRequest", ({ detail }) => {
    const line = detail.elt.closest("form")?.querySelector("[data-lost]");
    if (line) line.hidden = true;
  });
  on("htmx:beforeSwap", ({ detail }) => {
    if (hearth.renew(detail)) {
      detail.shouldSwap = false;
      return;
    }
    const isPage = /^\s*<(!doctype|html)/i.test(detail.serverResponse);
    if (detail.xhr.status < 500 && !isPage) return;
    detail.shouldSwap = false;
    lost(detail.requestConfig.elt);
  });
  on("htmx:sendError", ({ detail }) => lost(detail.elt));
  on("htmx:timeout", ({ detail }) => lost(detail.elt));
}
