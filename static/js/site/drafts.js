// Drafts of comments, kept on this device until sent: after a crash, an error, a closed tab.
// A guest's name and email stay for the next comment.
const { kept, keep, each, forget, say } = hearth;
const longest = 30 * 86400000;
const forms = "form[data-hx-post]:has(.draft-switch)";
const key = (form) => `draft:${form.getAttribute("action")}`;
const fields = (form) => [...form.querySelectorAll("textarea, input[type=text], input[type=email]")];

const save = (form) => {
  if (kept("no-drafts")) return;
  const typed = fields(form).map(({ name, value }) => [name, value]);
  const draft = { at: Date.now(), typed: Object.fromEntries(typed) };
  keep(key(form), form.querySelector("textarea").value.trim() ? draft : null);
};

const who = (form) => [...form.querySelectorAll("[name=name], [name=email]")];

const remember = (form) => {
  const typed = who(form).map(({ name, value }) => [name, value]);
  if (typed.length && !kept("no-drafts")) keep("guest", Object.fromEntries(typed));
};

// Only into a form without a name: an email that was left out there stays out.
const recall = (form) => {
  const known = kept("guest");
  if (!known || who(form).some(({ value }) => value)) return;
  for (const field of who(form)) field.value = known[field.name] || "";
};

const when = (moment) => {
  const today = new Date(moment).toDateString() === new Date().toDateString();
  const style = { timeStyle: "short", hourCycle: "h23", dateStyle: today ? undefined : "medium" };
  return new Intl.DateTimeFormat(hearth.language, style).format(moment);
};

// Only into an empty form: text that comes back from the server is newer.
const restore = (form) => {
  const draft = kept(key(form));
  if (!draft || form.querySelector("textarea").value) return;
  if (Date.now() - draft.at > longest) return keep(key(form), null);
  const empty = fields(form).filter((field) => !field.value && draft.typed[field.name]);
  const line = form.querySelector(".draft-back");
  const text = line.querySelector("[data-text]");
  for (const field of empty) field.value = draft.typed[field.name];
  text.textContent = text.dataset.text.replace("{time}", when(draft.at));
  line.hidden = false;
  say(text.textContent);
  line.querySelector("button").addEventListener("click", () => {
    for (const field of empty) field.value = "";
    keep(key(form), null);
    line.hidden = true;
    form.querySelector("textarea").focus();
  });
};

if (window.htmx) {
  each(forms, (form) => {
    restore(form);
    recall(form);
    const label = form.querySelector(".draft-switch");
    const box = label.querySelector("input");
    label.hidden = false;
    box.checked = kept("no-drafts");
    box.addEventListener("change", () => {
      keep("no-drafts", box.checked || null);
      if (!box.checked) return save(form);
      forget("draft:");
      forget("guest");
    });
  });
  // On the document, so that typing in a new form is not lost before it is initialized.
  document.addEventListener("input", ({ target }) => {
    const form = target.closest(forms);
    if (form && target.type !== "checkbox") save(form);
  });
  // It counts as sent once the response says so, not when "Send" is pressed.
  document.addEventListener("htmx:beforeOnLoad", ({ target, detail }) => {
    if (target.matches(forms) && detail.xhr.getResponseHeader("HX-Redirect")) {
      keep(key(target), null);
      remember(target);
    }
  });
}
