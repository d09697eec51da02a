from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fttui.domain.dataset.sensitive import (
    PERSONAL,
    SECRETS,
    SensitiveKind,
    find_sensitive,
    masked,
    may_hold_any,
    redacted,
)

KIND = SensitiveKind
BODY = "Abcdefghij0123456789"

FOUND = [
    (f"sk-{BODY}Qw", KIND.API_KEY),
    (f"sk-proj-{BODY}_-Qw", KIND.API_KEY),
    (f"sk-ant-api03-{BODY}", KIND.API_KEY),
    ("AKIAIOSFODNN7EXAMPLE", KIND.API_KEY),
    ("LTAI5tAbCdEfGhIjKlMnOpQr", KIND.API_KEY),
    (f"AIza{BODY}{BODY[:15]}", KIND.API_KEY),
    (f"ghp_{BODY}{BODY[:16]}", KIND.API_KEY),
    (f"hf_{BODY}{BODY[:14]}", KIND.API_KEY),
    (f"tgp_v1_{BODY}{BODY}", KIND.API_KEY),
    (f"gsk_{BODY}{BODY}", KIND.API_KEY),
    (f"xoxb-{BODY}", KIND.API_KEY),
    (f"sk_live_{BODY}", KIND.API_KEY),
    (f"eyJ{BODY}.eyJ{BODY}.{BODY}", KIND.API_KEY),
    (f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n-----END RSA PRIVATE KEY-----", KIND.PRIVATE_KEY),
    ("li.wei+a@mail.example.com.cn", KIND.EMAIL),
    ("13812345678", KIND.PHONE),
    ("+86 138 1234 5678", KIND.PHONE),
    ("+44 20 7946 0958", KIND.PHONE),
    ("(212) 555-0187", KIND.PHONE),
    ("4111 1111 1111 1111", KIND.CARD),
    ("11010519491231002X", KIND.NATIONAL_ID),
    ("078-05-1120", KIND.NATIONAL_ID),
    ("010-62345678", KIND.PHONE),
    ("(0755) 26001234", KIND.PHONE),
    ("１３８１２３４５６７８", KIND.PHONE),
    ("529.982.247-25", KIND.NATIONAL_ID),
    ("A123456789", KIND.NATIONAL_ID),
    ("2341 2341 2346", KIND.NATIONAL_ID),
    ("12345678Z", KIND.NATIONAL_ID),
    ("12345678-Z", KIND.NATIONAL_ID),
    ("X1234567L", KIND.NATIONAL_ID),
    ("X-1234567-L", KIND.NATIONAL_ID),
    ("AB123456C", KIND.NATIONAL_ID),
    ("AB 12 34 56 C", KIND.NATIONAL_ID),
    ("A123456(3)", KIND.NATIONAL_ID),
    ("G123456(A)", KIND.NATIONAL_ID),
    ("AB987654(3)", KIND.NATIONAL_ID),
    ("S1234567D", KIND.NATIONAL_ID),
    ("T1234567J", KIND.NATIONAL_ID),
    ("F1234567N", KIND.NATIONAL_ID),
    ("G1234567X", KIND.NATIONAL_ID),
    ("M1234567K", KIND.NATIONAL_ID),
    ("RSSMRA85T10A562S", KIND.NATIONAL_ID),
    ("2 95 10 99 126 111 93", KIND.NATIONAL_ID),
    ("295109912611193", KIND.NATIONAL_ID),
    ("2 85 05 2A 006 084 82", KIND.NATIONAL_ID),
    ("185052A00608435", KIND.NATIONAL_ID),
    ("36 574 261 809", KIND.NATIONAL_ID),
    ("900101-1234568", KIND.NATIONAL_ID),
    ("li.wei＠example．com", KIND.EMAIL),
    ("GB82 WEST 1234 5698 7654 32", KIND.BANK_ACCOUNT),
]
NOT_FOUND = [
    "sk-short",
    "task-management-and-planning-of-projects",
    "4111 1111 1111 1112",
    "11010519491231002Y",
    "110105194912310021",
    "000-12-3456",
    "529.982.247-24",
    "A123456788",
    "2341 2341 2345",
    "12345678A",
    "X1234567K",
    "Z12345678X",
    "GB123456C",
    "QQ123456C",
    "AB123456E",
    "A123456(4)",
    "A1234563",
    "S1234567A",
    "M1234567L",
    "RSSMRA85T10A562T",
    "RSSMRA85T70A562O",
    "2 95 10 99 126 111 94",
    "36 574 261 808",
    "11 111 111 111",
    "900101-1234567",
    "901301-1234569",
    "20240115T103000Z",
    "On 2024-01-15 The room B 12-34-56",
    "GB00 WEST 1234 5698 7654 32",
    "version 1.2.3.4, 2026-11-20, 12:34:56",
    "第13812条",
    "π is 3.14159265358979",
    "@mention me",
    "user@localhost",
]


@pytest.mark.parametrize(("piece", "kind"), FOUND)
@pytest.mark.parametrize("around", ["{}", "see {}, please", "请看{}。", "({})"])
def test_what_is_sensitive_is_found_whole(piece: str, kind: SensitiveKind, around: str) -> None:
    text = around.format(piece)

    assert [(found.kind, text[found.start : found.end]) for found in find_sensitive(text)] == [(kind, piece)]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert list(find_sensitive(text)) == []


@pytest.mark.parametrize(("piece", "kind"), FOUND)
def test_a_mask_tells_little_and_a_redaction_nothing(piece: str, kind: SensitiveKind) -> None:
    assert piece not in masked(piece)
    assert len(masked(piece).split("…")[0]) <= 4
    assert redacted(piece, frozenset({kind})) == kind.placeholder
    assert redacted(piece, (SECRETS if kind in PERSONAL else PERSONAL)) == piece


@given(st.text(), st.sampled_from([piece for piece, _ in FOUND]), st.text())
def test_after_redaction_nothing_is_found(before: str, piece: str, after: str) -> None:
    once = redacted(before + piece + after, SECRETS | PERSONAL)

    assert redacted(once, SECRETS | PERSONAL) == once


@given(st.text(alphabet="0123456789 -+()@.skAKGBxeyJ_abc/XSTMZ", max_size=60))
def test_the_quick_look_misses_nothing(text: str) -> None:
    if not may_hold_any(text):
        assert redacted(text, SECRETS | PERSONAL) == text
