"""What can go wrong with the papers of a case. Errors carry facts; the words for them are chosen elsewhere."""

from __future__ import annotations

from uuid import UUID

from tipline.errors import NotFound, Overtaken


class DocumentNotFound(NotFound):
    """There is no such paper, or it is another case's."""

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"no document {document_id}")
        self.document_id = document_id


class DocumentNotReady(NotFound):
    """The paper is not drawn and sealed yet: there is nothing to save."""

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"document {document_id} is not kept")
        self.document_id = document_id


class DocumentNotFailed(Overtaken):
    """The paper waits, or is drawn: there is nothing to ask for again."""

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"document {document_id} did not fail")
        self.document_id = document_id
