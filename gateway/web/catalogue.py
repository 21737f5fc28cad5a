"""The second language of the pages. A sentence is its own key, in Simplified Chinese; its English is in .po files.

Every `translations/<language>/LC_MESSAGES/*.po` is read at start, straight from the text: nothing is compiled, so
nothing can be stale, and each audience may keep its own file.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

FOLDER = Path(__file__).parent.parent / "translations"


def read_sentences(language: str) -> Catalog:
    """All .po files of a language as one catalogue; each audience may keep its own file."""
    whole = Catalog(locale=language)
    for path in sorted((FOLDER / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and message.string and message.id not in whole:
                    whole.add(message.id, message.string, context=message.context)
    return whole


@lru_cache(maxsize=4)
def translations(language: str) -> Translations:
    """The translations of a language, ready for gettext."""
    compiled = BytesIO()
    write_mo(compiled, read_sentences(language))
    compiled.seek(0)
    return Translations(compiled)


def in_language(language: str, text: str, **values: object) -> str:
    """A sentence in a language outside any page, as for a message that waits for its reader."""
    sentence = text if language.startswith("zh") else str(translations(language).gettext(text))
    return sentence % values if values else sentence
