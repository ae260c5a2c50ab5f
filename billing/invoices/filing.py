"""Filing: a document's PDF is found where it is kept, and kept once it is made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import asyncpg
from tortoise.exceptions import BaseORMException

from billing.invoices.printing import printed
from billing.invoices.reading import Document, find_invoice, lines_of, original_of
from billing.invoices.typesetting import typeset
from components.data import clock
from components.data.database import execute, row
from components.data.operator import Operator
from components.web.language import Language
from components.web.log import log
from users.permissions.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Kept:
    content: bytes


async def pdf_of(viewer: Viewer, number: str, operator: Operator, say: Language) -> tuple[Document, bytes] | None:
    """The document with this number and its PDF; None where it is unknown or out of reach.

    The billing system's own PDF comes before ours. Ours is made once for a revision and a language, outside of any
    transaction; who can't keep it (a full disk) hands it out all the same.
    """
    for last in (False, False, True):
        document = await find_invoice(viewer, number, clock.today(operator.zone))
        if document is None:
            return None
        kept = await kept_pdf(document, say.code)
        if kept:
            return document, kept
        lines, original = await lines_of(document), await original_of(document)
        made = await typeset(printed(document, lines, original, operator, say))
        if not await _keep(document, say.code, made) or last:
            return document, made
        # Once more: what counts is what is kept now, by us or by another process, or a newer revision altogether.
    raise AssertionError("the last time round returns")


async def kept_pdf(document: Document, language: str) -> bytes | None:
    """The PDF kept of a document (found for a viewer) at its present revision."""
    found = await row(
        Kept,
        "SELECT content FROM invoice_file WHERE invoice_id = :id AND revision = :revision "
        "AND language IN ('', :language) ORDER BY language, id DESC LIMIT 1",
        id=document.id,
        revision=document.revision,
        language=language,
    )
    return found.content if found else None


async def _keep(document: Document, language: str, content: bytes) -> bool:
    """Keeps a PDF unless there is one already or the document has changed; False where nothing can be kept now."""
    try:
        await execute(
            "INSERT INTO invoice_file (invoice_id, revision, language, sha256, size, content, created_at) "
            "SELECT i.id, i.revision, :language, :sha256, :size, :content, :now FROM invoice i "
            "WHERE i.id = :id AND i.revision = :revision ON CONFLICT DO NOTHING",
            id=document.id,
            revision=document.revision,
            language=language,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content=content,
            now=clock.now(),
        )
    except (BaseORMException, asyncpg.PostgresError, OSError) as error:
        log.error("pdf not kept", document=document.number, error=str(error))
        return False
    return True
