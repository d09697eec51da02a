"""Rules for content in parts: text and images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.row import IN_PARTS, Problem, RawTurn, Row, as_list, kind_of
from fttui.domain.dataset.strict_json import quoted
from fttui.domain.profiles.limits import LIMITS
from fttui.domain.profiles.profile import Dialect

ABOUT_PARTS = frozenset({IN_PARTS})
"""What rules about parts and images are about, as `Rule.about` has it."""
IMAGES_PER_EXAMPLE = LIMITS[Dialect.OPENAI].images_per_example or 0
IMAGES_ANYWHERE = LIMITS[Dialect.AZURE].images_per_example or 0
"""The most images of an example at OpenAI, and at the provider that takes most."""
IMAGE_COUNTS = ("too-many-images", "far-too-many-images")
"""Rules that a person's own limit stands in for."""
IMAGE_BYTES = 10 * 1024 * 1024
IMAGE_DETAILS = ("low", "high", "auto")

_DATA_IMAGE = re.compile(r"data:image/(jpeg|jpg|png|webp);base64,", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_BASE64_TAIL = re.compile(r"[A-Za-z0-9+/]*={0,2}")


def _parts(row: Row) -> Iterator[tuple[RawTurn, str, object]]:
    for turn in row.turns:
        for place, part in enumerate(as_list(turn.value.get("content"))):
            yield turn, f"{turn.path}.content[{place}]", part


def _images(row: Row) -> Iterator[tuple[RawTurn, str, Mapping[str, object]]]:
    for turn, path, part in _parts(row):
        if isinstance(part, dict) and part.get("type") == "image_url":
            yield turn, path, part


def invalid_content_part(row: Row) -> Iterable[Problem]:
    """A part is an object of type text or image_url, a text part with its text; an assistant may also refuse."""
    for turn, path, part in _parts(row):
        if not isinstance(part, dict):
            yield Problem(path, f"A part is an object with a type, not {kind_of(part)}")
            continue
        match part.get("type"):
            case "text" | "refusal" as kind if kind == "text" or turn.role == "assistant":
                if not isinstance(part.get(kind), str):
                    yield Problem(f"{path}.{kind}", f"A {kind} part needs its {kind} as a string")
            case "image_url":
                pass
            case str(kind):
                yield Problem(f"{path}.type", f"Unknown part type {quoted(kind)}; use text or image_url")
            case _:
                yield Problem(f"{path}.type", "The part has no type; use text or image_url")


def misplaced_image(row: Row) -> Iterable[Problem]:
    """Images stand in user messages."""
    for turn, path, _ in _images(row):
        if turn.role != "user":
            yield Problem(path, "Only user messages may hold images; move or remove it")


def preference_image(row: Row) -> Iterable[Problem]:
    """Preference data is text only."""
    for _, path, _ in _images(row):
        yield Problem(path, "Preference data is text only; remove the image")


def invalid_image(row: Row) -> Iterable[Problem]:
    """An image is a web address or a base64 data URL of a JPEG, PNG or WEBP picture."""
    for _, path, part in _images(row):
        image = part.get("image_url")
        url = image.get("url") if isinstance(image, dict) else None
        if not isinstance(url, str):
            yield Problem(f"{path}.image_url", 'An image part needs {"url": …} with an address as a string')
            continue
        if isinstance(image, dict) and image.get("detail", "auto") not in IMAGE_DETAILS:
            yield Problem(f"{path}.image_url.detail", f"The detail must be one of {', '.join(IMAGE_DETAILS)}")
        if url.startswith("data:"):
            head = _DATA_IMAGE.match(url)
            if head is None:
                yield Problem(f"{path}.image_url.url", f"{quoted(url)} is not a base64 JPEG, PNG or WEBP picture")
            elif not _BASE64_TAIL.fullmatch(url, head.end()) or (len(url) - head.end()) % 4:
                yield Problem(f"{path}.image_url.url", "The picture's data is not valid base64")
        elif not _WEB_ADDRESS.fullmatch(url):
            yield Problem(f"{path}.image_url.url", f"{quoted(url)} is not an http or https address")


def image_too_large(row: Row) -> Iterable[Problem]:
    """A picture has at most 10 MB."""
    for _, path, part in _images(row):
        image = part.get("image_url")
        url = image.get("url") if isinstance(image, dict) else None
        if isinstance(url, str) and url.startswith("data:"):
            size = len(url.partition(",")[2]) * 3 // 4
            if size > IMAGE_BYTES:
                yield Problem(f"{path}.image_url.url", f"The picture has {size / 1024**2:.1f} MB, the limit is 10 MB")


def image(row: Row) -> Iterable[Problem]:
    """An example holds no images, or it is worth knowing that it does."""
    first = next(_images(row), None)
    if first is not None:
        yield Problem(first[1], "The example holds images; only a base that sees can be trained on it")


def too_many_images(row: Row) -> Iterable[Problem]:
    """An example has no more images than OpenAI takes."""
    number = _image_number(row)
    if IMAGES_PER_EXAMPLE < number <= IMAGES_ANYWHERE:
        yield Problem("", f"{number} images in one example; OpenAI takes {IMAGES_PER_EXAMPLE}, Azure {IMAGES_ANYWHERE}")


def far_too_many_images(row: Row) -> Iterable[Problem]:
    """An example has no more images than any provider takes."""
    number = _image_number(row)
    if number > IMAGES_ANYWHERE:
        yield Problem("", f"{number} images in one example; no provider takes more than {IMAGES_ANYWHERE}")


def beyond_own_limit(row: Row, most: int) -> Iterable[Problem]:
    """An example has no more images than a person's own limit lets pass; preference rows have none at all."""
    number = _image_number(row)
    if number > most and row.format is not DataFormat.PREFERENCE:
        yield Problem("", f"{number} images in one example; your settings let {most} pass")


def _image_number(row: Row) -> int:
    return sum(1 for _ in _images(row))
