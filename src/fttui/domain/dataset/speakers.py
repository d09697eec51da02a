"""What the names of speakers in common data sets mean."""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache

USUAL_ROLES: dict[str, str] = {
    **{role: role for role in ("system", "developer", "user", "assistant", "tool", "function")},
    "human": "user",
    "prompter": "user",
    "question": "user",
    "client": "user",
    "customer": "user",
    "gpt": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "model": "assistant",
    "ai": "assistant",
    "answer": "assistant",
    "agent": "assistant",
    "sys": "system",
    "instruction": "system",
    "observation": "tool",
    "function_response": "tool",
    "tool_response": "tool",
    "function_call": "tool_call",
    "tool_call": "tool_call",
    "用户": "user",
    "用戶": "user",
    "人类": "user",
    "客户": "user",
    "患者": "user",
    "病人": "user",
    "咨询者": "user",
    "提问者": "user",
    "问": "user",
    "助手": "assistant",
    "助理": "assistant",
    "机器人": "assistant",
    "客服": "assistant",
    "医生": "assistant",
    "律师": "assistant",
    "专家": "assistant",
    "回答者": "assistant",
    "答": "assistant",
    "系统": "system",
    "系統": "system",
    "工具": "tool",
}
"""Names of speakers in common data sets, in lower case, and the role each means; `tool_call` is an assistant's call
written out as JSON with `name` and `arguments`."""

_NEAR = 0.8
"""How alike two spellings are, from 0 to 1, to be taken for one word."""


def role_named(name: str) -> str | None:
    """The role that a name is known to mean, whatever its case."""
    return USUAL_ROLES.get(name.strip().casefold())


@lru_cache(1024)
def role_spelt(name: str) -> str | None:
    """The role that a name means or, misspelt, is likely to mean."""
    near = get_close_matches(name.strip().casefold(), _PROTOCOL, n=1, cutoff=_NEAR)
    return role_named(name) or next(iter(near), None)


_PROTOCOL = ("system", "developer", "user", "assistant", "tool", "function")
