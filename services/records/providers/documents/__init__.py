"""Documents of a record."""

from services.records.providers.documents.store import DocumentStore, SyntheticDocuments

__all__ = ["DocumentStore", "SyntheticDocuments"]
