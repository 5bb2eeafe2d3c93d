// Typographic replacements while typing: quotes in the style of the post's language, … and –.
// Backspace right after one restores what was typed.

const language = () =>
  (document.getElementById("id_language")?.value || document.documentElement.lang || "en")
    .slice(0, 2)
    .toLowerCase();

// Whether `before` contains an opening quote that is not closed.
const isOpen = (before, opening, closing) =>
  before.lastIndexOf(opening) >= 0 && before.lastIndexOf(opening) >= before.lastIndexOf(closing);

// Whether a word may begin after `before`: at the start, after a space or after an opening quote.
const begins = (before, signs) =>
  /(^|[\s([{–—])$/u.test(before) || signs.includes(before.at(-1));

window.desk.quotes = (prose, config) => {
  const pick = (from) => config.quotes[language()] ?? from;
  const sign = (typed, before) => {
    const [outerOpen, outerClose, innerOpen, innerClose] = pick(config.quotes.en);
    const first = begins(before, [outerOpen, innerOpen]);
    if (typed === '"') return first ? outerOpen : outerClose;
    if (first) return innerOpen;
    return isOpen(before, innerOpen, innerClose) && innerClose !== "’" ? innerClose : "’";
  };
  const rule = (find, replaced) =>
    new prose.InputRule({
      find,
      handler: ({ state, range, match }) => {
        const typed = match[1];
        const before = match.input.slice(0, match.index + match[0].length - typed.length);
        const start = range.from + match[0].length - typed.length;
        state.tr.insertText(replaced(typed, before), start, range.to);
      },
    });
  return prose.Extension.create({
    name: "typographicSigns",
    addInputRules: () => [
      rule(/(["'])$/, sign),
      rule(/(\.\.\.)$/, () => "…"),
      rule(/[^-](--)$/, () => "–"),
      rule(/(–-)$/, () => "—"),
    ],
  });
};
