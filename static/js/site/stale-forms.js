// A form whose proof (the CSRF token) is refused, after cookies were cleared or somebody signed in.
// The server sends a fresh one, and the press goes through. Where it would now be sent as somebody
// else, or is refused once more, the page that gives every word back is shown instead.
const renewed = new WeakSet();

const buttonOf = ({ elt, triggeringEvent }, form) =>
  elt === form ? (triggeringEvent?.submitter ?? form.querySelector("[type=submit]")) : elt;

const showPage = (form, button) => {
  if (button.name) {
    const { name, value } = button;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  if (button.hasAttribute("formaction")) form.action = button.formAction;
  form.submit();
};

// renew(detail): return whether htmx was answered that the proof is stale, and act on it.
const renew = ({ xhr, requestConfig }) => {
  const form = requestConfig.elt.closest("form");
  const key = xhr.getResponseHeader("X-Form-Key");
  if (key === null) {
    renewed.delete(form);
    return false;
  }
  const button = buttonOf(requestConfig, form);
  if (!key || renewed.has(form)) showPage(form, button);
  else {
    renewed.add(form);
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = key;
    setTimeout(() => button.click()); // once htmx is done with this answer
  }
  return true;
};

Object.assign(window.hearth, { renew });
