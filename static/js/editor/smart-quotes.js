// Typographic signs while one types: quotes as the language of the post has them, … and –.
// Backspace right after one brings back what was typed.

const language = () =>
  (document.getElementById("id_language")?.value || document.documentElement.lang || "en")
    .slice(0, 2)
    .toLowerCase();

// Whether the sign that opens stands in `before` without the one that closes it.
const isOpen = (before, opening, closing) =>
  before.lastIndexOf(opening) >= 0 && before.lastIndexOf(opening) >= before.lastIndexOf(closing);

// Whether a word may begin after `before`: at first, after a space, or inside of an open quote.
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
