"""Texts on which splitters and encoders tend to differ, and how many tokens tiktoken finds in each.

A counter that is to stand in for tiktoken has to give these counts before it is trusted on a machine. The counts are
tiktoken 0.14.0's; a test compares them with the version that is installed.
"""

from __future__ import annotations

_WORDS = (
    "hello world",
    "Hello, World!",
    "don't won't I'll we've they're he'd I'm it's",
    "DON'T I'LL WE'VE THEY'RE",
    "it\u2019s \u2018quoted\u2019 \u201ctwice\u201d",
    "camelCase PascalCase snake_case SCREAMING_CASE kebab-case",
    "HTTPServer XMLHttpRequest iOS eBay McDonald",
    "1234567890 3.14159 1,000,000 0x1F 1e-9 ½ ² Ⅷ ١٢٣",
    "a1b2c3 v2.0.1 2026-11-20T10:24:00Z",
    "foo(bar)[baz]{qux}<tag/>;:=>->!=&&||",
    "https://example.org/a/b?c=d&e=%20#frag",
    "def f(x):\n    return x ** 2\n\n\nclass A:\n\tpass\n",
    '{"a": [1, 2, {"b": null}]}',
    "a/b\\c\\\\d//e",
    "!!!!!!!! ???? ......... -------- ________ ========",
)
_SPACES = (
    " ",
    "  ",
    "   x",
    "\n",
    "\n\n\n",
    " \n \n  x",
    "\r\n\r\n",
    "\t\tx\t y",
    "x \u00a0y \u3000z\u2003w",
    "x\u200by\u200dz\ufeff",
    " " * 100 + "x",
    "\n" * 100,
    "a" * 300,
    "ab" * 200,
    "\x0b\x0c\x1c\x85\u2028\u2029x",
    "",
)
_SCRIPTS = (
    "外国人策动或帮助中国公民投敌叛变的，应以投敌叛变罪的共犯论处。",
    "日本語のテキストとカタカナとひらがな。",
    "한국어 문장은 띄어쓰기가 있습니다.",
    "Привет, как дела? ЁЛКА подъезд",
    "Γειά σου Κόσμε, τί κάνεις;",
    "مرحبا بالعالم كيف حالك؟",
    "שלום עולם, מה שלומך?",
    "नमस्ते दुनिया, आप कैसे हैं?",
    "สวัสดีชาวโลก สบายดีไหม",
    "Xin chào thế giới, bạn có khỏe không?",
    "Größe, Straße, über, Äpfel, ẞ, ﬁn, ǅ, ʰ",
    "e\u0301 a\u0308o\u0302 n\u0303 Z\u0334\u0335\u0336\u0337algo",
    "ⅷ ① Ⓐ ℵ ª º",
)
_SIGNS = (
    "👍🏽 👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪🇨🇳 ☃️ 🤷🏿‍♀️",
    "→ ⇒ ∑ ∞ ≠ ± × ÷ √ ∂ ∫",
    "€ £ ¥ ₿ § ¶ © ® ™ • … – —",
    "\U0001d54f \U00020000 \ufffd \U000e0001",
    "<|endoftext|> <|fim_prefix|> <|im_start|>system<|im_end|> <|endofprompt|>",
    "\x00\x01\x1f\x7f",
    "'s 'S 't 'RE 've 'x ''s",
    " 's\n't \u017f'\u017f",
)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


HARD_TEXTS: tuple[str, ...] = (*_WORDS, *_SPACES, *_SCRIPTS, *_SIGNS)

EXPECTED_COUNTS: dict[str, tuple[int, ...]] = {
    "o200k_base": _numbers(
        "2 4 8 10 9 13 10 36 26 17 14 16 15 8 9 1 1 2 1 1 3 1 4 9 6 3 7 38 "
        "100 9 0 29 17 11 11 13 8 8 10 11 11 25 18 12 39 17 14 12 33 4 13 8"
    ),
    "cl100k_base": _numbers(
        "2 4 16 10 9 13 6 39 26 17 14 16 15 8 10 1 1 2 1 1 3 1 4 10 7 3 4 38 "
        "200 10 0 40 20 19 17 23 18 20 27 23 17 27 21 14 57 17 16 12 31 4 13 9"
    ),
}
