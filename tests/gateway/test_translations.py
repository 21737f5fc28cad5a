"""Every sentence of the pages exists in both languages, once, with the same values in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import gateway
from gateway.web.catalogue import FOLDER, in_language, read_sentences
from gateway.web.problems import GENERAL, PROBLEMS

GATEWAY = Path(gateway.__file__).parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
VALUE = re.compile(r"%\((\w+)\)[sd]")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "in_language": (2,)}
FILES = [("templates/**.html", "jinja2"), ("**.py", "python")]


def sentences_of_the_pages() -> dict[str, str]:
    """Every sentence that templates and code translate, with a place where it stands."""
    found = {}
    skip = lambda folder: Path(folder).name not in {"node_modules", "static", "__pycache__"}  # noqa: E731
    options = {"templates/**.html": {"newstyle_gettext": "true", "silent": "false"}}
    rows = extract_from_dir(GATEWAY, FILES, options, keywords=KEYWORDS, directory_filter=skip)
    for name, line, message, _comments, _context in rows:
        for text in (message,) if isinstance(message, str) else message:
            found[text] = f"{name}:{line}"
    for problem in (GENERAL, *PROBLEMS.values()):
        found |= {text: "web/problems.py" for text in (problem.happened, problem.safe, problem.action) if text}
    return found


def english() -> dict[str, list[str]]:
    """Sentence -> its English, all plural forms."""
    forms: dict[str, list[str]] = {}
    for message in read_sentences("en"):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms[key] = [message.string] if isinstance(message.string, str) else list(message.string)
    return forms


def test_every_sentence_has_its_english() -> None:
    known = english()
    missing = [f"{place}: {text}" for text, place in sentences_of_the_pages().items() if text not in known]
    assert missing == []


def test_a_sentence_without_english_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("{{ _('没有人翻译过的句子') }}", encoding="utf-8")
    monkeypatch.setitem(globals(), "GATEWAY", tmp_path)
    assert sentences_of_the_pages()["没有人翻译过的句子"] == "templates/page.html:1"
    assert "没有人翻译过的句子" not in english()


def test_english_is_english() -> None:
    names_of_languages = {"中文"}
    chinese = [form for forms in english().values() for form in forms if CHINESE.search(form)]
    assert set(chinese) <= names_of_languages


def test_both_languages_show_the_same_values() -> None:
    differing = [
        text
        for text, forms in english().items()
        for form in forms
        if set(VALUE.findall(text)) != set(VALUE.findall(form))
    ]
    assert differing == []


def test_no_sentence_is_translated_in_two_ways() -> None:
    ways: dict[str, set[str]] = {}
    for path in sorted((FOLDER / "en" / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                ways.setdefault(str(message.id), set()).add(str(message.string))
    assert {sentence: each for sentence, each in ways.items() if len(each) > 1 and sentence} == {}


def test_a_message_that_waits_is_written_in_its_readers_language() -> None:
    assert in_language("zh-CN", "显示的是 %(time)s 的内容。", time="09:12") == "显示的是 09:12 的内容。"
    assert in_language("en", "显示的是 %(time)s 的内容。", time="09:12") == "Shown as of 09:12."
    assert in_language("en", "没有人翻译过的句子") == "没有人翻译过的句子"
