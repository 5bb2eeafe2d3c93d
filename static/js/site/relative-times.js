// Relative times of comments, updated while the page is open. The HTML contains the date, the same
// for everybody; it becomes the title.
const words = new Intl.RelativeTimeFormat(hearth.language, { numeric: "always" });
const now = new Intl.RelativeTimeFormat(hearth.language, { numeric: "auto" }).format(0, "second");
const units = [
  ["year", 31556952],
  ["month", 2629746],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

const ago = (moment) => {
  const seconds = (Date.now() - moment) / 1000;
  const unit = units.find(([, length]) => seconds >= length);
  return unit ? words.format(-Math.floor(seconds / unit[1]), unit[0]) : now;
};

const show = (time) => {
  const text = ago(Date.parse(time.dateTime));
  if (text !== time.textContent) time.textContent = text;
};
const selector = ".comment time[title]";
const showAll = () => document.querySelectorAll(selector).forEach(show);

hearth.each(".comment time[datetime]", (time) => {
  time.title ||= time.textContent;
  show(time);
});
setInterval(() => document.hidden || showAll(), 30000);
document.addEventListener("visibilitychange", () => document.hidden || showAll());

// In print the absolute dates are shown.
addEventListener("beforeprint", () => {
  document.querySelectorAll(selector).forEach((time) => (time.textContent = time.title));
});
addEventListener("afterprint", showAll);
