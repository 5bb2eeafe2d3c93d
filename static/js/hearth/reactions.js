// Support without words: a link to its small form stands beside "Answer" as a comment comes near
// the screen, and the form opens in the link's place.
const section = document.querySelector("[data-support]");

const beside = (answer) => {
  const link = document.createElement("a");
  const name = answer.closest(".comment").querySelector(".p-author").textContent.trim();
  link.className = "support-link";
  link.href = answer.getAttribute("href").replace(/reply\/$/, "reaction/");
  link.textContent = section.dataset.support.replace("{name}", name);
  answer.after(link);
};

if (section && window.htmx) {
  const near = (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      beside(target);
    }
  };
  const watcher = new IntersectionObserver(near, { rootMargin: "100% 0px" });
  const without = ":not(:has(> .support, > .support-link, > .receipt-link))";
  hearth.each(`.comment${without} > .answer`, (answer) => watcher.observe(answer));
}

if (window.htmx) {
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest(".support-link[href$='/reaction/']");
    if (!link) return;
    event.preventDefault();
    link.apology?.remove();
    const asked = { source: link, target: link, swap: "outerHTML" };
    htmx.ajax("GET", link.getAttribute("href"), asked).catch(() => {});
  });
  // Where one pressed, one goes on.
  hearth.each(".support [data-focus]", (button) => button.focus());
}
