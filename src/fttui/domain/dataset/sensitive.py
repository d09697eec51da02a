"""Keys and personal data in texts: where they stand, how to show them, what to put in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from fttui.domain.dataset.check_digits import (
    is_aadhaar,
    is_british,
    is_card,
    is_french,
    is_german,
    is_hong_kong,
    is_iban,
    is_italian,
    is_korean,
    is_resident,
    is_singaporean,
    is_social,
    is_spanish,
    is_taiwanese,
    is_taxpayer,
)


class SensitiveKind(StrEnum):
    """What was found; the value is what stands in its place once redacted, in square brackets and capitals."""

    API_KEY = "api key"
    PRIVATE_KEY = "private key"
    EMAIL = "email"
    PHONE = "phone"
    CARD = "card number"
    NATIONAL_ID = "national id"
    BANK_ACCOUNT = "bank account"

    @property
    def is_secret(self) -> bool:
        """Whether it opens something; the others say who somebody is."""
        return self in (SensitiveKind.API_KEY, SensitiveKind.PRIVATE_KEY)

    @property
    def placeholder(self) -> str:
        """What stands in its place."""
        return f"[{self.value.upper().replace(' ', '_')}]"


SECRETS = frozenset(kind for kind in SensitiveKind if kind.is_secret)
PERSONAL = frozenset(SensitiveKind) - SECRETS


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A piece of a text, from `start` up to but not including `end`."""

    kind: SensitiveKind
    start: int
    end: int


# Shapes as the providers' own pages and secret scanners give them, 2026-11-20: how they begin, and how they go on.
_KEY_SHAPES: tuple[tuple[tuple[str, ...], str], ...] = (
    # OpenAI, Anthropic, OpenRouter, DeepSeek, Moonshot and others that took the shape over
    (("sk-",), r"sk-(?:proj-|svcacct-|admin-|None-|ant-(?:api|admin|oat)\d\d-|or-v1-|lf-)?[A-Za-z0-9_-]{20,}"),
    (("sk_live_", "sk_test_", "rk_live_", "rk_test_"), r"[sr]k_(?:live|test)_[0-9A-Za-z]{20,}"),  # Stripe
    (("AKIA", "ASIA"), r"(?:AKIA|ASIA)[0-9A-Z]{16}"),  # AWS
    (("aws_secret", "AWS_SECRET"), r"(?:aws_secret_access_key|AWS_SECRET_ACCESS_KEY)[\"' :=]{1,5}[A-Za-z0-9/+]{40}"),
    (("LTAI",), r"LTAI[0-9A-Za-z]{12,24}"),  # Alibaba Cloud
    (("AKID",), r"AKID[0-9A-Za-z]{32}"),  # Tencent Cloud
    (("AIza",), r"AIza[0-9A-Za-z_-]{35}"),  # Google
    (("ya29.",), r"ya29\.[0-9A-Za-z_-]{30,}"),  # Google, OAuth
    (("GOCSPX-",), r"GOCSPX-[0-9A-Za-z_-]{28}"),
    (("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"gh[pousr]_[0-9A-Za-z]{36,}"),  # GitHub
    (("github_pat_",), r"github_pat_[0-9A-Za-z_]{50,}"),
    (("glpat-",), r"glpat-[0-9A-Za-z_-]{20,}"),  # GitLab
    (("hf_",), r"hf_[0-9A-Za-z]{30,}"),  # Hugging Face
    (("tgp_",), r"tgp_v1_[0-9A-Za-z_-]{30,}"),  # Together
    (("fw_",), r"fw_[0-9A-Za-z]{20,}"),  # Fireworks
    (("gsk_",), r"gsk_[0-9A-Za-z]{40,}"),  # Groq
    (("r8_",), r"r8_[0-9A-Za-z]{37}"),  # Replicate
    (("xai-",), r"xai-[0-9A-Za-z]{60,}"),  # xAI
    (("pplx-",), r"pplx-[0-9A-Za-z]{40,}"),  # Perplexity
    (("csk-",), r"csk-[0-9a-z]{40,}"),  # Cerebras
    (("nvapi-",), r"nvapi-[0-9A-Za-z_-]{50,}"),  # NVIDIA
    (("dapi",), r"dapi[0-9a-f]{32}"),  # Databricks
    (("xoxa-", "xoxb-", "xoxp-", "xoxo-", "xoxs-", "xoxr-"), r"xox[abposr]-[0-9A-Za-z-]{20,}"),  # Slack
    (("xapp-",), r"xapp-\d-[0-9A-Za-z-]{20,}"),
    (("hooks.slack.com",), r"hooks\.slack\.com/services/T[0-9A-Z]+/B[0-9A-Z]+/[0-9A-Za-z]{20,}"),
    (("SG.",), r"SG\.[0-9A-Za-z_-]{22}\.[0-9A-Za-z_-]{43}"),  # SendGrid
    (("npm_",), r"npm_[0-9A-Za-z]{36}"),  # npm
    (("pypi-",), r"pypi-AgE[0-9A-Za-z_-]{50,}"),  # Python Package Index
    (("dop_v1_",), r"dop_v1_[0-9a-f]{64}"),  # DigitalOcean
    (("shpat_", "shpss_"), r"shp(?:at|ss)_[0-9a-f]{32}"),  # Shopify
    (("lin_api_",), r"lin_api_[0-9A-Za-z]{40}"),  # Linear
    (("PMAK-",), r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),  # Postman
    (("eyJ",), r"eyJ[0-9A-Za-z_-]{12,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}"),  # a signed web token
)
KEY_BEGINNINGS = tuple(beginning for beginnings, _ in _KEY_SHAPES for beginning in beginnings)
"""How API keys begin; one of these is the beginning of every one that is found."""
_API_KEYS = "|".join(shape for _, shape in _KEY_SHAPES)
_PRIVATE_KEY = r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
_KEYS = re.compile(rf"(?P<private>{_PRIVATE_KEY})|(?<![0-9A-Za-z_-])(?P<key>{_API_KEYS})", re.ASCII)
_ADDRESSES = re.compile(
    r"(?<![0-9A-Za-z._%+-])(?P<email>[0-9A-Za-z._%+-]{1,64}@(?:[0-9A-Za-z-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![0-9A-Za-z])",
    re.ASCII,
)
# The first sign is looked for by itself, which makes for a quick search; what follows looks back on it.
_NUMBERS = re.compile(
    r"[0-9A-Z(+](?:(?<=[A-Z])(?<![0-9A-Za-z].)(?:"
    r"(?P<iban>[A-Z]\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?)"
    r"|(?P<islander>[1289]\d{8})"
    r"|(?P<british>[A-Z](?:\d{6}| \d\d \d\d \d\d )[A-D])"
    r"|(?P<foreigner>(?<=[XYZ])-?\d{7}-?[A-Z])"
    r"|(?P<singaporean>(?<=[FGMST])\d{7}[A-Z])"
    r"|(?P<harbour>[A-Z]?\d{6}\([0-9A]\))"
    r"|(?P<italian>[A-Z]{5}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z])"
    r")|(?<=\d)(?<![0-9A-Za-z.].)(?:"
    r"(?P<resident>\d{16}[0-9Xx])"
    r"|(?P<spanish>\d{7}-?[A-Z])"
    r"|(?P<korean>\d{5}-[1-8]\d{6})"
    r"|(?P<french>(?<=[12]) ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d)"
    r"|(?P<german>\d \d{3} \d{3} \d{3}(?! \d))"
    r"|(?P<social>\d\d-\d{2}-\d{4}(?!-))"
    r"|(?P<taxpayer>\d\d\.\d{3}\.\d{3}-\d{2}(?!-))"
    r"|(?P<unique>(?<=[2-9])\d{3} \d{4} \d{4}(?! \d))"
    r"|(?P<card>(?:[ -]?\d){12,18})"
    r"|(?P<mobile>(?<!\+.)(?:(?<=8)6[ -]?1|(?<=1))[3-9]\d(?:[ -]?\d{4}){2})"
    r"|(?P<phone>\d\d-\d{3}-\d{4}|(?<=0)\d{2,3}[- ]\d{7,8})"
    r")|(?<=\+)(?<![0-9A-Za-z.].)(?:"
    r"(?P<abroad>86[ -]?1[3-9]\d(?:[ -]?\d{4}){2}|\d{1,3}(?:[ .-]?(?:\(\d{1,4}\)|\d{1,4})){2,5})"
    r")|(?<=\()(?<![0-9A-Za-z.].)(?P<local>\d{3}\) ?\d{3}-\d{4}|0\d{2,3}\)[- ]?\d{7,8})"
    r")(?![0-9A-Za-z])",
    re.ASCII,
)
# One of these stands in every key; looking for them is many times as fast as the pattern.
_KEY_SIGNS = ("PRIVATE KEY", *KEY_BEGINNINGS)
_DIGITS = re.compile("[0-9][0-9 ().-]{6}")
_ACCOUNT = re.compile("[A-Z][A-Z][0-9][0-9][ 0-9A-Z]")
_WIDE = re.compile("[０-９＠]")
"""Digits, and the sign of an address, as wide as Chinese characters: the numbers of people who type so."""
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def _signs(text: str) -> tuple[bool, bool, bool]:
    """Whether there are signs of keys, of addresses and of numbers."""
    numbers = _DIGITS.search(text) is not None or _ACCOUNT.search(text) is not None
    return any(sign in text for sign in _KEY_SIGNS), "@" in text, numbers


def find_sensitive(text: str) -> Iterator[Sensitive]:
    """Everything in a text that looks like a key or personal data and, where there is a check digit, passes it."""
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    found: list[Sensitive] = []
    for pattern, wanted in zip((_KEYS, _ADDRESSES, _NUMBERS), _signs(text), strict=True):
        if wanted:
            found += _matches(pattern, text)
    end = 0
    for piece in sorted(found, key=lambda piece: piece.start):
        if piece.end > end:
            yield Sensitive(piece.kind, max(piece.start, end), piece.end)
            end = piece.end


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[Sensitive]:
    position = 0
    while (found := pattern.search(text, position)) is not None:
        kind, holds = _MEANINGS[found.lastgroup or ""]
        if holds(found[0]):
            yield Sensitive(kind, found.start(), found.end())
            position = found.end()
        else:
            position = found.start() + 1


def may_hold_any(text: str) -> bool:
    """Whether it is worth looking into a text; False only where `find_sensitive` finds nothing."""
    return any(_signs(text.translate(_NARROW) if _WIDE.search(text) else text))


def redacted(text: str, kinds: frozenset[SensitiveKind]) -> str:
    """A text in which what was found of some kinds is named and no longer told."""
    return _replaced(text, kinds, lambda kind, _: kind.placeholder)


def masked(text: str) -> str:
    """A text fit to be shown: of everything sensitive only the beginning and the length remain."""
    return _replaced(text, frozenset(SensitiveKind), lambda _, piece: mask(piece))


def mask(piece: str) -> str:
    """One secret, fit to be shown."""
    kept = min(4, len(piece) // 4)
    return f"{piece[:kept]}…({len(piece)})"


def _replaced(text: str, kinds: frozenset[SensitiveKind], words: Callable[[SensitiveKind, str], str]) -> str:
    pieces, position = [], 0
    for found in find_sensitive(text):
        if found.kind in kinds:
            pieces += [text[position : found.start], words(found.kind, text[found.start : found.end])]
            position = found.end
    return "".join([*pieces, text[position:]]) if pieces else text


def _always(_: str) -> bool:
    return True


def _secretive(piece: str) -> bool:
    """Keys are drawn at random: names made of words, such as package names, have no digits or no letters."""
    return any(map(str.isdigit, piece)) and any(map(str.isalpha, piece[4:])) and len(set(piece)) >= _DIFFERENT


_DIFFERENT = 8
"""Different signs in a key; stand-ins such as ``sk-xxxxxxxx`` have fewer."""


def _phone(number: str) -> bool:
    return 8 <= sum(map(str.isdigit, number)) <= 15


_MEANINGS: dict[str, tuple[SensitiveKind, Callable[[str], bool]]] = {
    "private": (SensitiveKind.PRIVATE_KEY, _always),
    "key": (SensitiveKind.API_KEY, _secretive),
    "email": (SensitiveKind.EMAIL, _always),
    "iban": (SensitiveKind.BANK_ACCOUNT, is_iban),
    "resident": (SensitiveKind.NATIONAL_ID, is_resident),
    "social": (SensitiveKind.NATIONAL_ID, is_social),
    "taxpayer": (SensitiveKind.NATIONAL_ID, is_taxpayer),
    "islander": (SensitiveKind.NATIONAL_ID, is_taiwanese),
    "unique": (SensitiveKind.NATIONAL_ID, is_aadhaar),
    "british": (SensitiveKind.NATIONAL_ID, is_british),
    "foreigner": (SensitiveKind.NATIONAL_ID, is_spanish),
    "singaporean": (SensitiveKind.NATIONAL_ID, is_singaporean),
    "harbour": (SensitiveKind.NATIONAL_ID, is_hong_kong),
    "italian": (SensitiveKind.NATIONAL_ID, is_italian),
    "spanish": (SensitiveKind.NATIONAL_ID, is_spanish),
    "korean": (SensitiveKind.NATIONAL_ID, is_korean),
    "french": (SensitiveKind.NATIONAL_ID, is_french),
    "german": (SensitiveKind.NATIONAL_ID, is_german),
    "card": (SensitiveKind.CARD, is_card),
    "mobile": (SensitiveKind.PHONE, _always),
    "phone": (SensitiveKind.PHONE, _phone),
    "abroad": (SensitiveKind.PHONE, _phone),
    "local": (SensitiveKind.PHONE, _phone),
}
