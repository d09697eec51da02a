"""Answers that decline to answer, told by how they begin: only to report their share, never to judge them."""

from __future__ import annotations

import re

_BEGINNING = 160

# Forms that chat models are known to decline with, English, Chinese, German, French, Spanish, Japanese.
_REFUSAL = re.compile(
    r"(?:i(?:['’]m| am) (?:really |very |so )?sorry,? (?:but )?(?:i|as|that)\b.{0,60}"
    r"\b(?:can(?:['’]?t|not)|unable|won['’]t|not able)"
    r"|(?:sorry|i apologi[sz]e),? (?:but )?i (?:can(?:['’]?t|not)|am unable|won['’]t|am not able)"
    r"|i (?:can(?:['’]?t|not)|am unable to|am not able to|won['’]t) "
    r"(?:help|assist|provide|do that|comply|answer|fulfil|support)"
    r"|as an ai(?: language model)?,? i (?:can(?:['’]?t|not)|do not|don['’]t|am not)"
    r"|(?:很?抱歉|对不起|不好意思|非常抱歉)[,，。!！]?.{0,12}(?:无法|不能|不便|没办法)"
    r"|作为(?:一个|一名)?(?:ai|人工智能).{0,12}(?:无法|不能)"
    r"|我(?:无法|不能)(?:回答|提供|协助|帮助|满足)"
    r"|(?:es )?tut mir leid,? (?:aber )?.{0,30}(?:kann|darf).{0,30}nicht"
    r"|(?:je suis )?désolée?,? (?:mais )?je ne (?:peux|puis) pas"
    r"|lo siento,? (?:pero )?no puedo"
    r"|申し訳(?:ありません|ございません)が.{0,40}(?:できません|いたしかねます))"
)


_OPENING = re.compile(
    r"[ \t\r\n*\"“]*(?:i['’ ]|sorry|as an|[很抱对不非作我]|es tut|tut mir|je |désol|lo siento|申し)", re.IGNORECASE
)
"""How all of them open; most answers are told apart by it."""


def is_refusal(answer: str) -> bool:
    """Whether an answer begins as one that declines."""
    if _OPENING.match(answer) is None:
        return False
    return _REFUSAL.match(answer[:_BEGINNING].lstrip(' \t\r\n*"“').lower()) is not None
