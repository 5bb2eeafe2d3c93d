// Support without words: a link to its small form stands beside "Answer" as a comment comes near
// the screen, and the form opens in the link's place.
const section = document.querySelector("[data-support]");

const near = (entries, watcher) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    const link = document.createElement("a");
    const name = target.closest(".comment").querySelector(".p-author").textContent.trim();
    link.className = "support-link";
    link.href = target.getAttribute("href").replace(/reply\/$/, "reaction/");
    link.textContent = section.dataset.support.replace("{name}", name);
    target.after(link);
  }
};
const alone = ".comment:not(:has(.support, .support-link, .receipt-link)) > .answer";

if (section && window.htmx) {
  const watcher = new IntersectionObserver(near, { rootMargin: "100% 0px" });
  const look = () => section.querySelectorAll(alone).forEach((link) => watcher.observe(link));
  document.addEventListener("htmx:load", look);
  look();
}

// Where one pressed, one goes on.
document.addEventListener("htmx:load", ({ target }) => target.querySelector("[data-focus]")?.focus());

document.addEventListener("click", (event) => {
  const link = event.target.closest(".support-link[href$='/reaction/']");
  if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  htmx.ajax("GET", link.getAttribute("href"), { source: link, target: link, swap: "outerHTML" });
});
