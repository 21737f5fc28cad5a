"""Whether a page that is open in a browser can be read, reached and tapped: axe-core (WCAG 2.2 AA) and own measures.

Any browser test may use it: `assert faults(page) == []`. As a program it takes pictures of pages in every look:
`python -m tests.support.readable FOLDER ADDRESS...` (a signed-in session: `--cookie NAME=VALUE`).
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import gateway

AXE = Path(gateway.__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = {
    "light": "theme=light",
    "dark": "theme=dark",
    "english": "lang=en&theme=light",
    "elder": "mode=elder&theme=light",
    "elder-dark": "mode=elder&theme=dark",
    "elder-largest": "mode=elder&size=xl",
    "contrast": "contrast=high&theme=light",
    "contrast-dark": "contrast=high&theme=dark",
}
# A target is at least 44 px high (elder 60), a letter at least 12.5 px (elder 18), and nothing runs off the side.
MEASURE = """() => {
  const root = document.documentElement, found = [], elder = root.dataset.mode === "elder";
  const least = elder ? 60 : root.dataset.density ? 24 : 44, letter = elder ? 18 : 12.5;
  if (root.scrollWidth > innerWidth) found.push(`sideways: ${root.scrollWidth}`);
  for (const each of document.querySelectorAll("a[href],button,input,select,textarea")) {
    if (each.closest(".frame,.chips,.skip,.side") || each.type === "hidden") continue;
    if (getComputedStyle(each).display === "inline") continue;
    const target = each.closest("label") || each, box = target.getBoundingClientRect();
    const name = target.innerText.trim().slice(0, 20) || target.getAttribute("aria-label");
    if (box.width && box.height < least - 0.5) found.push(`small: ${name} ${Math.round(box.height)}`);
  }
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const around = words.currentNode.parentElement, text = words.currentNode.data.trim();
    if (!text || around.closest(".sr,svg,script,noscript,.pip,.bed,[hidden]")) continue;
    if (parseFloat(getComputedStyle(around).fontSize) < letter) found.push(`small text: ${text}`);
  }
  if (document.querySelector("[style]")) found.push("inline style");
  return found;
}"""


def faults(page: Page) -> list[str]:
    """Everything that a person with weak eyes, unsteady hands or a screen reader would stumble over, one line each."""
    found = [str(each) for each in page.evaluate(MEASURE)]
    if AXE.exists():
        page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        found += [f"{each['id']}: {node['target']}" for each in result["violations"] for node in each["nodes"]]
    return found


def _pictures(folder: Path, addresses: list[str], cookies: list[str], looks: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in looks:
            context = browser.new_context(
                viewport={"width": 390, "height": 844}, locale="zh-CN", reduced_motion="reduce"
            )
            for cookie in [f"anxin_look={LOOKS[name]}", *cookies]:
                key, _, value = cookie.partition("=")
                context.add_cookies([{"name": key, "value": value, "url": addresses[0]}])
            for address in addresses:
                page = context.new_page()
                page.goto(address)
                path = address.partition("://")[2].partition("/")[2].partition("?")[0].replace("/", "-") or "home"
                sys.stdout.write(f"{path} {name}: {faults(page)}\n")
                page.screenshot(full_page=True, path=folder / f"{path}-{name}.png")
            context.close()


if __name__ == "__main__":
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path)
    ask.add_argument("addresses", nargs="+")
    ask.add_argument("--cookie", action="append", default=[])
    ask.add_argument("--look", action="append", choices=LOOKS, default=[])
    wanted = ask.parse_args()
    _pictures(wanted.folder, wanted.addresses, wanted.cookie, wanted.look or list(LOOKS))
