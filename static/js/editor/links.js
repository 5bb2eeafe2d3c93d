// Links in the text: the dialog, and what a typed address means.
const { make, dialog } = window.desk;

const SCHEME = /^(https?:\/\/[^\s/?#]|mailto:\S|tel:\S)/i;
const OF_THIS_BLOG = /^(\/(?!\/)|[#?]|\.\.?\/)/;
const MAIL = /^[^\s@/:?#]+@[^\s@/:?#]+\.[^\s@/:?#]+(\?\S*)?$/;
const PHONE = /^\+[\d\s()/.-]{5,}$/;
// A name with dots, in letters of any script, or the number of a machine; perhaps a port.
const HOST = /^(\/\/)?([\p{L}\p{M}\p{N}_-]+\.)+(\p{L}[\p{L}\p{M}\p{N}-]+)\.?(:\d+)?([/?#]|$)/u;
const MACHINE = /^(\/\/)?(localhost|\d+\.\d+\.\d+\.\d+|\[[\da-f:.]+\])(:\d+)?([/?#]|$)/i;

// Returns the whole address for what somebody typed as one, or null if it leads nowhere.
const whole = (typed) => {
  const address = typed.trim().replace(/\s+/g, "%20");
  if (SCHEME.test(address) || OF_THIS_BLOG.test(address)) return address;
  if (MAIL.test(address)) return `mailto:${address}`;
  if (PHONE.test(typed.trim())) return `tel:${typed.replace(/[^\d+]/g, "")}`;
  const bare = address.replace(/^\/\//, "");
  if (HOST.test(address)) return `https://${bare}`;
  return MACHINE.test(address) ? `http://${bare}` : null;
};

// Asks for the address of the selected words, or of new ones. What led somewhere before stays.
window.desk.askForLink = async (editor, words) => {
  editor.commands.extendMarkRange("link");
  const { href: before = "" } = editor.getAttributes("link");
  const { from, to, empty } = editor.state.selection;
  const warning = make("p", { class: "desk-warning", role: "alert" });
  const field = { name: "href", label: words.address, help: words.addressHelp, inputmode: "url" };
  const parts = [dialog.field({ ...field, value: before }), warning];
  if (empty) parts.unshift(dialog.field({ name: "text", label: words.linkText, dir: "auto" }));
  const read = ({ elements }) => {
    const typed = elements.href.value.trim();
    return typed === before ? before : typed && whole(typed);
  };
  const refuse = (form) => {
    if (read(form) !== null) return false;
    warning.textContent = words.addressNowhere;
    form.elements.href.focus();
    return true;
  };
  const form = await dialog.open(words, { title: words.link, parts, done: words.done, refuse });
  if (!form) return editor.commands.focus();
  const href = read(form);
  if (!href) return editor.chain().focus().unsetLink().run();
  const chain = editor.chain().focus().setTextSelection({ from, to });
  if (!empty) return chain.setLink({ href }).run();
  const text = form.elements.text.value.trim() || form.elements.href.value.trim();
  const marks = [{ type: "link", attrs: { href } }];
  return chain.insertContent({ type: "text", text, marks }).unsetMark("link").run();
};
