"""Requests for copies of records: filled in on a phone, reviewed by the records office."""

from __future__ import annotations

from base64 import b64encode
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request

from services.records import queries, usecases
from services.records.api.blueprint import blueprint
from services.records.api.seals import document_sealer
from services.records.schemas import copies as schemas
from services.records.schemas import copy_answers as answers
from shared.clock import HOSPITAL_ZONE
from shared.door import Door
from shared.operations import read, run
from shared.photos import MEDIA_TYPE, MOST_BYTES, read_photo, with_watermark
from shared.sealing import SealedContent

_OFFICER = ("records_officer",)
_APPLICANT = ("patient",)
_SEES = ("patient", "companion", *_OFFICER)
_ONE = "/copy-requests/<uuid:request_id>"

copies = usecases.copies


def _whose(result: dict[str, Any]) -> list[UUID]:
    return [result["patient"]["id"]]


@blueprint.query("/copy-catalogue", answers.CatalogueSchema, allow=("public", *_SEES))
def read_copy_catalogue() -> Any:
    """What can be copied, for what, what it costs, and what an applicant shows."""
    return read(queries.copy_catalogue)


@blueprint.command("/copy-terms", answers.CopyTermsSchema, allow=("admin",), body=schemas.CopyTermsBody, status=201)
def set_copy_terms(**body: Any) -> Response:
    """Set prices and times for copies from a day on."""
    return run(copies.set_copy_terms, **body)


@blueprint.query(
    "/copyable-stays",
    answers.CopyableStaysSchema,
    allow=_SEES,
    args=schemas.RequestsArguments,
    patients=lambda result: [result["patient_id"]],
    purpose="copies",
)
def list_copyable_stays(**arguments: Any) -> Any:
    """A person's inpatient stays, and from which day each can be copied."""
    return read(queries.list_copyable_stays, **arguments)


@blueprint.query(
    "/copy-requests",
    answers.CopyRequestListSchema,
    allow=_SEES,
    args=schemas.RequestsArguments,
    patients=queries.seen_in_list,
    purpose="copies",
)
def list_copy_requests(**arguments: Any) -> Any:
    """Requests for a person's record, and those the person has made for others."""
    return read(queries.list_copy_requests, **arguments)


@blueprint.query(
    "/copy-reviews",
    answers.CopyReviewListSchema,
    allow=_OFFICER,
    args=schemas.ReviewsArguments,
    patients=queries.seen_in_list,
    purpose="copies",
)
def list_copy_reviews(**arguments: Any) -> Any:
    """What the records office works on, by the day until which an answer is promised."""
    return read(queries.list_copy_reviews, **arguments)


@blueprint.query(_ONE, answers.CopyRequestDetailSchema, allow=_SEES, patients=_whose, purpose="copies")
def get_copy_request(request_id: UUID) -> Any:
    """One request with everything about it."""
    return read(partial(queries.get_copy_request, sealer=document_sealer()), request_id=request_id)


@blueprint.command("/copy-requests", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.StartBody, status=201)
def start_copy_request(**body: Any) -> Response:
    """Begin a request for a stay, or go on with the draft that is kept for it."""
    return run(copies.start_copy_request, **body)


@blueprint.command(f"{_ONE}/agent", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.NothingBody)
def name_agent(request_id: UUID) -> Response:
    """The person for whom this call is signed is the agent."""
    return run(copies.name_agent, request_id=request_id)


@blueprint.command(f"{_ONE}/contents", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.ContentsBody)
def choose_copy_contents(request_id: UUID, **body: Any) -> Response:
    """What is copied, for what, and how many times."""
    return run(copies.choose_copy_contents, request_id=request_id, **body)


@blueprint.command(f"{_ONE}/delivery", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.DeliveryBody)
def choose_copy_delivery(request_id: UUID, **body: Any) -> Response:
    """By post to an address, or picked up."""
    return run(partial(copies.choose_copy_delivery, sealer=document_sealer()), request_id=request_id, **body)


@blueprint.command(f"{_ONE}/papers/<string:kind>", answers.CopyPaperSchema, allow=_APPLICANT, status=201)
def keep_copy_paper(request_id: UUID, kind: str) -> Response:
    """Keep a photo: the body is the picture itself (JPEG, PNG or WebP, at most 10 MB)."""
    request.max_content_length = MOST_BYTES
    content = request.get_data(cache=False)
    photo = read_photo(content)
    keep = partial(
        copies.keep_copy_paper,
        sealer=document_sealer(),
        content=photo.content,
        width=photo.width,
        height=photo.height,
    )
    return run(keep, request_id=request_id, kind=kind, digest=sha256(content).hexdigest())


@blueprint.query(f"{_ONE}/papers/<uuid:paper_id>/picture", answers.CopyPictureSchema, allow=("patient", *_OFFICER))
def view_copy_paper(request_id: UUID, paper_id: UUID) -> Any:
    """Look at a photo, with who looks, when and for what drawn across it. Each look is written down before."""
    door: Door = current_app.extensions["anxin.door"]
    now = door.clock()
    with door.database.write() as uow:
        asked, paper = copies.look_at_copy_paper(uow, actor=g.actor, now=now, request_id=request_id, paper_id=paper_id)
        kept = SealedContent(key_sealed=paper.key_sealed or b"", sealed=paper.sealed or b"")
        number = asked.number
    picture = document_sealer().open_content(kept, str(paper_id))
    at = now.astimezone(HOSPITAL_ZONE)
    who = g.actor.subject.partition(":")[2][:8]
    lines = (f"仅用于病历复印 {number}", f"{g.actor.subject.partition(':')[0]} {who} {at:%Y-%m-%d %H:%M}")
    marked = with_watermark(picture, lines)
    return {"media_type": MEDIA_TYPE, "content": b64encode(marked).decode()}


@blueprint.command(f"{_ONE}/mandate", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.MandateBody)
def sign_mandate(request_id: UUID, **body: Any) -> Response:
    """The patient allows the agent to ask for what is chosen, until a day."""
    return run(copies.sign_mandate, request_id=request_id, **body)


@blueprint.command(f"{_ONE}/submission", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.SubmissionBody)
def submit_copy_request(request_id: UUID, **body: Any) -> Response:
    """Send the request off at the price that was shown; it waits to be paid from now on."""
    return run(copies.submit_copy_request, request_id=request_id, **body)


@blueprint.command(f"{_ONE}/supplement", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.NothingBody)
def supplement_copy_request(request_id: UUID) -> Response:
    """What was asked for is mended."""
    return run(copies.supplement_copy_request, request_id=request_id)


@blueprint.command(f"{_ONE}/withdrawal", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.NothingBody)
def withdraw_copy_request(request_id: UUID) -> Response:
    """No copies any more; what was paid comes back."""
    return run(copies.withdraw_copy_request, request_id=request_id)


@blueprint.command(f"{_ONE}/objection", answers.CopyStandsSchema, allow=_APPLICANT, body=schemas.NothingBody)
def object_to_copy_request(request_id: UUID) -> Response:
    """The patient stops an agent's request."""
    return run(copies.object_to_copy_request, request_id=request_id)


@blueprint.command(f"{_ONE}/approval", answers.CopyStandsSchema, allow=_OFFICER, body=schemas.ApprovalBody)
def approve_copy_request(request_id: UUID, **body: Any) -> Response:
    """Papers are complete, consistent and legible."""
    return run(copies.approve_copy_request, request_id=request_id, **body)


@blueprint.command(f"{_ONE}/correction", answers.CopyStandsSchema, allow=_OFFICER, body=schemas.CorrectionBody)
def ask_copy_correction(request_id: UUID, **body: Any) -> Response:
    """Something has to be mended."""
    return run(copies.ask_copy_correction, request_id=request_id, **body)


@blueprint.command(f"{_ONE}/refusal", answers.CopyStandsSchema, allow=_OFFICER, body=schemas.RefusalBody)
def refuse_copy_request(request_id: UUID, **body: Any) -> Response:
    """No copies; what was paid goes back."""
    return run(copies.refuse_copy_request, request_id=request_id, **body)


@blueprint.command(
    "/encounters/<uuid:encounter_id>/record-holds",
    answers.RecordHoldSchema,
    allow=_OFFICER,
    body=schemas.HoldBody,
    status=201,
)
def place_record_hold(encounter_id: UUID, **body: Any) -> Response:
    """Mark a stay's record as sealed, disputed or restricted."""
    return run(copies.place_record_hold, encounter_id=encounter_id, **body)


@blueprint.command(
    "/encounters/<uuid:encounter_id>/record-holds/lifting",
    answers.RecordHoldSchema,
    allow=_OFFICER,
    body=schemas.HoldBody,
)
def lift_record_hold(encounter_id: UUID, **body: Any) -> Response:
    """Take a mark away."""
    return run(copies.lift_record_hold, encounter_id=encounter_id, **body)
