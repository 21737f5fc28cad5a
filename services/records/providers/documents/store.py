"""The door to the store of record documents, and the demo hospital's store, which writes them when they are asked for.

A hospital with an archive puts another store behind the same door: a folder, or S3.
"""

from __future__ import annotations

from typing import Protocol

from services.records.domain.record_documents import RecordDocument, StayOnPaper
from services.records.providers.documents.writing import write_document


class DocumentStore(Protocol):
    """Gives a document of a record as PDF, always the same bytes for the same document."""

    def fetch(self, stay: StayOnPaper, document: RecordDocument) -> bytes:
        """The document; its pages are counted by whoever asked, whatever the store's list said."""
        ...


class SyntheticDocuments:
    """The demo's documents: invented, deterministic, made on demand from the stay."""

    def fetch(self, stay: StayOnPaper, document: RecordDocument) -> bytes:
        """Write the document."""
        return write_document(stay, document)
