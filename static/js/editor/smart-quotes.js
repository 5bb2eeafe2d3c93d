// Typographic replacements while typing: quotes in the style of the post's language, …, – and —.
// Backspace right after one restores what was typed. What is or becomes code stays as typed.

const language = () =>
  (
    document.getElementById("id_language")?.value ||
    document.querySelector("meta[name=blog-language]")?.content ||
    "en"
  )
    .slice(0, 2)
    .toLowerCase();

// Scripts that put no space between words: there, only the quotes before tell what a quote is.
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\u3000-\u30ff\uff01-\uff65]$/u;
// What is typed in words but read by machines: addresses, and values as in name="value".
const ADDRESS = /(?:\/\/|www\.|xn--)\S*$/i;
const VALUE = /=(?:"[^"]*|'[^']*)?$/;
const HEBREW = /\p{sc=Hebr}$/u;

// Whether `before` contains an opening quote that is not closed.
const isOpen = (before, opening, closing) =>
  opening === closing
    ? before.split(opening).length % 2 === 0
    : before.lastIndexOf(opening) > before.lastIndexOf(closing);

// Whether a quote after `before` is an opening one.
const opens = (before, quotes, open) => {
  const last = before.at(-1) ?? " ";
  if (/\s/.test(last)) return true;
  if (quotes[0] !== quotes[1] && [quotes[0], quotes[2]].includes(last)) return true;
  if (["’", quotes[1], quotes[3]].includes(last) || UNSPACED.test(before)) return !open;
  if (/[\p{Ps}\p{Pi}]/u.test(last)) return true;
  return !open && !/[\p{L}\p{M}\p{N}\p{Pe}\p{Pf}.,;:!?…%°'"]/u.test(last);
};

const quote = (sign, before, quotes) => {
  const [outerOpen, outerClose, innerOpen, innerClose] = quotes;
  if (VALUE.test(before)) return sign;
  const isOuter = sign === '"';
  const open = isOuter ? isOpen(before, outerOpen, outerClose) : isOpen(before, innerOpen, innerClose);
  // Feet and inches, minutes and seconds, unless there is a quote to close.
  if (isOuter && /\d′\d+$/.test(before)) return "″";
  if (/\d$/.test(before) && !open) return isOuter ? "″" : "′";
  if (HEBREW.test(before) && !open) return isOuter ? "״" : "׳";
  if (opens(before, quotes, open)) return isOuter ? outerOpen : innerOpen;
  if (isOuter) return outerClose;
  return open && innerClose !== "’" ? innerClose : "’";
};

// What the next sign shows about one that is there already: [pattern of the end, place, put].
const SECOND_THOUGHTS = [
  [/\d′[\p{L}]$/u, 1, "’"], // the 1990's
  [/\d′\d{3}$/, 1, "’"], // 10'000, as the Swiss write it
  [/\d’\d$/, 1, "′"], // 6'2" within quotes
  [/\p{sc=Hebr}”\p{sc=Hebr}$/u, 1, "״"], // an acronym within quotes
  [/\s--\s$/, 1, "–", 2],
  [/[\p{L}\p{N}]--[\p{L}\p{N}]$/u, 1, "–", 2],
  [/[\p{L}\p{N}.,!?…]--["'\s]$/u, 1, "–", 2],
  [/\s---\s$/, 1, "—", 3],
  [/[\p{L}\p{N}.,!?…]---[\p{L}\p{N}"'\s]$/u, 1, "—", 3],
];

// An apostrophe that was taken for an opening quote: '90s, '68, 'tis, rock 'n' roll.
const elision = (text, quotes, elided) => {
  const [, , opening, closing] = quotes;
  const at = text.lastIndexOf(opening);
  if (at < 0 || opening === "’" || /[\p{L}\p{N}]$/u.test(text.slice(0, at))) return null;
  const [word, sign] = [text.slice(at + 1, -1), text.at(-1)];
  const isDecade = /^\d\d$/.test(word) && (/\p{L}/u.test(sign) || (closing === "’" && !/\d/.test(sign)));
  const isElided = elided.includes(word.toLowerCase()) && !/[\p{L}\p{M}\p{N}]/u.test(sign);
  return isDecade || isElided ? [at, 1, "’"] : null;
};

// Returns what becomes of the end of a text whose last sign was just typed: { from, edits, sign },
// or null. `from` is where the changed end begins, each edit [place, how many signs, what to put].
const replaced = (text, quotes, elided) => {
  const typed = text.at(-1);
  if (!typed || typed === "\n" || text.split("`").length % 2 === 0) return null;
  const edits = [];
  const isAddress = ADDRESS.test(text);
  for (const [pattern, at, put, length = 1] of SECOND_THOUGHTS) {
    const found = pattern.exec(text);
    if (found && !isAddress) edits.push([found.index + at, length, put]);
  }
  const apostrophe = elision(text, quotes, elided);
  if (apostrophe) edits.push(apostrophe);
  let before = text.slice(0, -1);
  for (const [at, length, put] of edits) {
    before = before.slice(0, at) + put.padEnd(length, put) + before.slice(at + length);
  }
  let sign = typed;
  if (typed === '"' || typed === "'") sign = quote(typed, before, quotes);
  if (/(^|[^.])\.\.\.$/.test(text) && !isAddress) {
    edits.push([text.length - 3, 2, ""]);
    sign = "…";
  }
  if (!edits.length && sign === typed) return null;
  const from = Math.min(text.length - 1, ...edits.map(([at]) => at));
  return { from, edits, sign };
};

window.desk.quotes = (prose, config) =>
  prose.Extension.create({
    name: "typographicSigns",
    addInputRules: () => [
      new prose.InputRule({
        find: (text) => {
          const quotes = config.quotes[language()] ?? config.quotes.en;
          const found = replaced(text, quotes, config.elided[language()] ?? []);
          return found && { index: found.from, text: text.slice(found.from), data: found };
        },
        handler: ({ state, range, match }) => {
          const { from, edits, sign } = match.data;
          // The last sign is not in the text yet, or was put there by a keyboard that composes.
          const last = range.from + match[0].length - 1;
          if (last > state.selection.from) return null; // several signs at once
          state.tr.insertText(sign, last, range.to);
          for (const [at, length, put] of edits.sort((one, other) => other[0] - one[0])) {
            const start = range.from + at - from;
            if (put) state.tr.insertText(put, start, start + length);
            else state.tr.delete(start, start + length);
          }
          return undefined;
        },
      }),
    ],
  });
