"""axe-core in tests: rules of WCAG 2.2 A and AA, and its best practices."""

from functools import cache
from importlib.resources import files

from tests.browser.looks import IS_DARK, in_dark

OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": [
        "wcag2a",
        "wcag2aa",
        "wcag21a",
        "wcag21aa",
        "wcag22aa",
        "best-practice",
    ],
}
# The dark theme changes colours only; these are the rules about colours.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
# Links of Django's admin fade to another colour; the final one counts.
AT_ONCE = """async () => {
  await new Promise(requestAnimationFrame);
  for (const each of document.getAnimations()) {
    if (each instanceof CSSTransition) each.finish();
  }
}"""


@cache
def _script():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


# What is off the screen has an estimated height (content-visibility), so that its
# links seem to lie upon what follows. A reader who gets there has seen it laid out; so do we.
LAY_OUT = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const painted = async () => { await frame(); await frame(); };
  const guessed = [...document.querySelectorAll("body *")].filter(
    (each) => getComputedStyle(each).contentVisibility === "auto");
  for (const each of guessed) {
    each.scrollIntoView();
    await painted();
  }
  if (guessed.length) {
    scrollTo(0, 0);
    await painted();
  }
}"""

# The content of <noscript> is text where scripts run, and elements where they do not.
WITHOUT_SCRIPTS = """() => {
  const tried = document.createElement("div");
  tried.innerHTML = "<noscript><br></noscript>";
  return tried.querySelector("br") !== null;
}"""


def violations(tab, inside=None, preload=True, themes=("light", "dark")):
    """Return ``["theme rule: element"]`` for each fault that axe finds on the page of a tab.

    Every rule looks at the first theme, and those about colours at the other one, too.

    ``inside`` is a selector that limits the search to a part of the page. ``preload`` False is for
    pages whose style sheets import others, as the admin's do: axe puts those into the page as
    inline styles, which the policy forbids. It needs them to judge no more than turned screens.
    Raises ValueError for a tab without scripts: axe would wait in it for ever.
    """
    if tab.evaluate(WITHOUT_SCRIPTS):
        raise ValueError("axe looks at nothing where scripts are off")
    was_dark = tab.evaluate(IS_DARK)
    tab.evaluate(LAY_OUT)
    tab.evaluate(_script())
    found, options = [], OPTIONS | {"preload": preload}
    for theme in themes:
        in_dark(tab, theme == "dark")
        tab.evaluate(AT_ONCE)
        found += [f"{theme} {fault}" for fault in _found(tab, inside, options)]
        options = OPTIONS | {"runOnly": OF_COLOURS, "preload": False}
    in_dark(tab, was_dark)
    return found


def _found(tab, inside, options):
    found = tab.evaluate(
        "([inside, options]) => axe.run(inside || document, options)", [inside, options]
    )
    return [
        f"{rule['id']}: {node['target'][-1]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
