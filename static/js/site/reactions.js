// Reactions: a link to their form is added beside "Reply" when a comment comes near the viewport,
// and the form opens in its place. "Report" works likewise; its form opens below.
const section = document.querySelector("[data-support]");
const reporting = document.querySelector("[data-report]")?.dataset;

const beside = (answer) => {
  const link = document.createElement("a");
  const name = answer.closest(".comment").querySelector(".p-author").textContent.trim();
  link.className = "support-link";
  link.href = answer.getAttribute("href").replace(/reply\/$/, "reaction/");
  link.textContent = section.dataset.supportWord;
  link.setAttribute("aria-label", section.dataset.support.replace("{name}", name));
  answer.after(link);
};

const report = (comment) => {
  const link = document.createElement("a");
  const name = comment.querySelector(".p-author").textContent.trim();
  link.className = "report-link";
  link.href = `${comment.querySelector(":scope > .u-url").getAttribute("href")}report/`;
  link.textContent = reporting.report;
  link.setAttribute("aria-label", reporting.reportOf.replace("{name}", name));
  const last = comment.querySelectorAll(":scope > :is(.e-content, details, .answer, .support-link)");
  [...last].at(-1).after(link);
};

if (window.htmx) {
  const near = (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      const answer = section && target.matches(without) && target.querySelector(":scope > .answer");
      if (answer) beside(answer);
      if (reporting) report(target);
    }
  };
  const watcher = new IntersectionObserver(near, { rootMargin: "100% 0px" });
  const without = ":not(:has(> .support, > .support-link))";
  const others = ":not(.waiting, :has(> .receipt-link, > .report-link))";
  if (reporting) hearth.each(`article.comment${others}`, (comment) => watcher.observe(comment));
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
  // The focus stays on the pressed button.
  hearth.each(".support [data-focus]", (button) => button.focus());
}
