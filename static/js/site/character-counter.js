// The number of characters left, shown only near the limit. Like the server it counts code
// points.
const number = new Intl.NumberFormat(hearth.language);

hearth.each("textarea[data-limit]", (field) => {
  const line = field.form.querySelector(".counter");
  const limit = Number(field.dataset.limit);
  let later;
  const count = () => {
    const near = field.value.length >= limit * 0.9;
    const left = near ? limit - [...field.value].length : limit;
    const text = left < 0 ? line.dataset.over : line.dataset.left;
    line.hidden = left > limit * 0.1;
    line.textContent = line.hidden ? "" : text.replace("{number}", number.format(Math.abs(left)));
    clearTimeout(later);
    if (!line.hidden) later = setTimeout(() => hearth.say(line.textContent), 1500);
  };
  field.addEventListener("input", count);
  count();
});
