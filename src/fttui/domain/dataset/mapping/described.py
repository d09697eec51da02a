"""Mappings from what lies beside data: entries of a ``dataset_info.json`` that name columns and tags."""

from __future__ import annotations

from collections.abc import Mapping

from fttui.domain.dataset.mapping.list_shapes import BY_PLACE
from fttui.domain.dataset.mapping.proposal import Proposal
from fttui.domain.dataset.mapping.row_mapping import RowMapping, Target, Turn, TurnList
from fttui.domain.dataset.mapping.template import field


def described(name: str, entry: Mapping[str, object]) -> Proposal:
    """The mapping that an entry describes.

    Args:
        name: the data set's name.
        entry: `formatting` (alpaca or sharegpt), `columns`, `tags` and `ranking`, all optional, with the defaults of
            the alpaca format: columns instruction, input and output; and of sharegpt: conversations, from and value.
    """
    columns, tags = _texts(entry.get("columns")), _texts(entry.get("tags"))
    is_list = entry.get("formatting") == "sharegpt"
    turns: list[Turn] = [Turn("system", field(columns["system"]))] if "system" in columns else []
    mapping = RowMapping(tools=columns.get("tools", ""))
    turn_list: TurnList | None = None
    roles: tuple[tuple[str, str], ...] = ()
    if is_list:
        turn_list = TurnList(
            columns.get("messages", "conversations"), tags.get("role_tag", "from"), tags.get("content_tag", "value")
        )
        roles = tuple((tags[tag], role) for tag, role in _TAGS.items() if tag in tags)
    else:
        query = columns.get("query", "input" if not columns else "")
        asked = field(columns.get("prompt", "instruction")) + (f"[[\\n\\n{field(query)}]]" if query else "")
        turns.append(Turn("user", asked))
        if "history" in columns:
            turn_list = TurnList(columns["history"], speakers=BY_PLACE)
        if not entry.get("ranking"):
            turns.append(Turn("assistant", field(columns.get("response", "output"))))
    mapping = RowMapping(turns=tuple(turns), turn_list=turn_list, roles=roles, tools=columns.get("tools", ""))
    if entry.get("ranking"):
        mapping = RowMapping(
            Target.PREFERENCE,
            mapping.turns,
            turn_list,
            roles,
            preferred=field(columns.get("chosen", "chosen")),
            non_preferred=field(columns.get("rejected", "rejected")),
            tools=mapping.tools,
        )
    return Proposal("described", f"As described: {name}", mapping, f"dataset_info.json describes {name}", 1.0)


_TAGS = {
    "user_tag": "user",
    "assistant_tag": "assistant",
    "observation_tag": "tool",
    "function_tag": "tool_call",
    "system_tag": "system",
}


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: text for key, text in value.items() if isinstance(key, str) and isinstance(text, str)}
