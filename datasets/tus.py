"""Resumable uploads as tus 1.0 has them: core, creation, expiration, termination."""

import base64
import binascii
import re
from http import HTTPStatus
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from accounts.current import person
from datasets import uploads
from datasets.models import Upload
from datasets.serializers import UploadSerializer
from web.problems import Invalid, Refused

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HEADERS = {
    name: OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=said)
    for name, said in {
        "Upload-Length": "The size of the whole file in bytes.",
        "Upload-Metadata": "filename and sha256, each followed by its value in base64, parted by commas.",
        "Upload-Offset": "Where this part begins.",
    }.items()
}


class PartParser(BaseParser):
    """The bytes of one part as they are. Raises TooLarge for more than a part may have."""

    media_type = "application/offset+octet-stream"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        part = stream.read(settings.MAX_PART + 1)
        if len(part) > settings.MAX_PART:
            raise uploads.TooLarge(f"A part may have up to {settings.MAX_PART:,} bytes. Send smaller ones.")
        return part


class AnythingParser(BaseParser):
    """For requests whose body says nothing."""

    media_type = "*/*"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        return {}


class Tus(APIView):
    """What every answer carries, and the version that every request may name."""

    parser_classes = [PartParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.headers.get("Tus-Resumable", VERSION) != VERSION:
            raise Refused(f"This server speaks tus {VERSION}.", code="tus_version", status=412)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        done = super().finalize_response(request, response, *args, **kwargs)
        done["Tus-Resumable"] = VERSION
        if done.status_code == HTTPStatus.PRECONDITION_FAILED:
            done["Tus-Version"] = VERSION
        return done


class Uploads(Tus):
    parser_classes = [AnythingParser]

    @extend_schema(responses={204: None})
    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.MAX_UPLOAD),
        }
        return Response(status=HTTPStatus.NO_CONTENT, headers=headers)

    @extend_schema(
        request=None,
        responses={201: UploadSerializer},
        parameters=[_HEADERS["Upload-Length"], _HEADERS["Upload-Metadata"]],
    )
    def post(self, request: Request) -> Response:
        """Makes room for a file. Its parts then go to the address in `Location`."""
        size = number(request, "Upload-Length")
        told = metadata(request.headers.get("Upload-Metadata", ""))
        upload = uploads.start(
            name=told.get("filename", ""),
            size=size,
            by=person(request),
            sha256=sha256(told.get("sha256", "")),
        )
        place = reverse("api-upload", args=[upload.pk], request=request)
        headers = {"Location": place, **_progress(upload)}
        return Response(UploadSerializer(upload).data, HTTPStatus.CREATED, headers=headers)


class OneUpload(Tus):
    @extend_schema(responses={200: UploadSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        """How far an upload is."""
        upload = self._find(request, pk)
        return Response(UploadSerializer(upload).data, headers=_progress(upload))

    @extend_schema(responses={200: None})
    def head(self, request: Request, pk: UUID) -> Response:
        """How far an upload is, in `Upload-Offset` and `Upload-Length`."""
        return Response(headers=_progress(self._find(request, pk)))

    @extend_schema(
        request={"application/offset+octet-stream": OpenApiTypes.BINARY},
        responses={204: None},
        parameters=[_HEADERS["Upload-Offset"]],
    )
    def patch(self, request: Request, pk: UUID) -> Response:
        """Takes one part, up to 8 MB."""
        self._find(request, pk)
        offset = number(request, "Upload-Offset")
        sent: Any = request.data  # nothing at all where the body is empty
        upload = uploads.append(
            upload_id=pk, offset=offset, part=sent if isinstance(sent, bytes) else b"", by=person(request)
        )
        return Response(status=HTTPStatus.NO_CONTENT, headers=_progress(upload))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        """Gives an upload up."""
        uploads.discard(upload=self._find(request, pk), by=person(request))
        return Response(status=HTTPStatus.NO_CONTENT)

    def _find(self, request: Request, pk: UUID) -> Upload:
        return get_object_or_404(Upload.objects.visible_to(request.user), pk=pk)


def _progress(upload: Upload) -> dict[str, str]:
    return {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.size),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
        "Cache-Control": "no-store",
    }


def number(request: Request, name: str) -> int:
    """A header that holds a count of bytes."""
    sent = request.headers.get(name, "")
    if not (sent.isascii() and sent.isdigit() and len(sent) <= 18):
        raise Refused(
            f"The header {name} is a number of bytes.", code="invalid_header", field=name, status=400
        )
    return int(sent)


def metadata(header: str) -> dict[str, str]:
    """The pairs of Upload-Metadata: a name and a text in base64. Raises Refused where it is not that."""
    try:
        return dict(_pair(pair) for pair in header.split(",") if pair.strip())
    except (ValueError, binascii.Error) as error:
        reason = "Upload-Metadata is pairs of a name and a text in base64, parted by commas."
        raise Refused(reason, code="invalid_header", field="Upload-Metadata", status=400) from error


def _pair(pair: str) -> tuple[str, str]:
    name, _, value = pair.strip().partition(" ")
    return name, base64.b64decode(value, validate=True).decode("utf-8")


def sha256(text: str) -> str:
    if text and not _SHA256.fullmatch(text.lower()):
        raise Invalid("A sha256 has 64 digits from 0 to f.", field="sha256")
    return text.lower()
