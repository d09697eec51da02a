"""Reading parameters out of a JSON body, with the protocol's words for what is wrong with them."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection

from starlette.requests import Request

from fttui.engine.json_values import JsonObject, JsonValue
from fttui.engine.server.failures import ApiError

MAX_BODY_BYTES = 32 << 20
_LARGEST = sys.float_info.max


async def read_object(request: Request, *, or_empty: bool = False) -> JsonObject:
    """Read the body as a JSON object.

    Args:
        or_empty: whether no body at all stands for the empty object.

    Raises:
        ApiError: the body is too long, is no JSON or is no object.
    """
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > MAX_BODY_BYTES:
            raise ApiError("The request body is too large.", status=413)
    if or_empty and not content.strip():
        return {}
    try:
        value = json.loads(bytes(content))
        # Half a character, as in "\ud800", is no text: neither the database nor an answer can hold it.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ApiError("We could not parse the JSON body of your request.") from error
    if not isinstance(value, dict):
        raise ApiError("The JSON body of your request must be an object.")
    return value


class Body:
    """A JSON object whose members are read one by one, each checked.

    Args:
        name: where the object stands in the request, such as `method.supervised`; empty for the whole body.
    """

    def __init__(self, value: JsonObject, name: str = "") -> None:
        self._value = value
        self._name = name

    def path(self, key: str) -> str:
        """Return a member's full name."""
        return f"{self._name}.{key}" if self._name else key

    def only(self, known: Collection[str]) -> None:
        """Refuse members that are not known."""
        for key in self._value:
            if key not in known:
                raise ApiError(
                    f"Unknown parameter: '{self.path(key)}'.", code="unknown_parameter", param=self.path(key)
                )

    def get(self, key: str) -> JsonValue:
        """Return a member as it came; None when it is absent."""
        return self._value.get(key)

    def required(self, key: str) -> None:
        """Refuse the object when a member is absent."""
        if self.get(key) is None:
            raise ApiError(
                f"Missing required parameter: '{self.path(key)}'.",
                code="missing_required_parameter",
                param=self.path(key),
            )

    def wrong_type(self, key: str, expected: str) -> ApiError:
        """Return the refusal for a member of the wrong type."""
        got = _TYPE_NAMES.get(type(self.get(key)), "object")
        return ApiError(
            f"Invalid type for '{self.path(key)}': expected {expected}, but got {got} instead.",
            code="invalid_type",
            param=self.path(key),
        )

    def invalid(self, key: str, reason: str, code: str = "invalid_value") -> ApiError:
        """Return the refusal for a member with a value that will not do."""
        return ApiError(f"Invalid '{self.path(key)}': {reason}", code=code, param=self.path(key))

    def text(self, key: str, *, shortest: int = 0, longest: int | None = None) -> str | None:
        """Return a string within these lengths, or None when it is absent."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            raise self.wrong_type(key, "a string")
        if len(value) < shortest:
            reason = (
                f"string too short. Expected a string with minimum length {shortest}, but got an empty string instead."
            )
            raise self.invalid(key, reason, "string_below_min_length")
        if longest is not None and len(value) > longest:
            reason = (
                f"string too long. Expected a string with maximum length {longest},"
                f" but got a string with length {len(value)} instead."
            )
            raise self.invalid(key, reason, "string_above_max_length")
        return value

    def needed_text(self, key: str) -> str:
        """Return a string that must be there."""
        self.required(key)
        return self.text(key, shortest=1) or ""

    def integer(self, key: str, least: int, most: int | None = None) -> int | None:
        """Return an integer within these bounds, or None when it is absent."""
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong_type(key, "an integer")
        if value < least:
            reason = f"integer below minimum value. Expected a value >= {least}, but got {value} instead."
            raise self.invalid(key, reason, "integer_below_min_value")
        if most is not None and value > most:
            reason = f"integer above maximum value. Expected a value <= {most}, but got {value} instead."
            raise self.invalid(key, reason, "integer_above_max_value")
        return value

    def number(self, key: str, least: float, most: float | None = None, *, above: bool = False) -> float | None:
        """Return a finite number within these bounds, or None when it is absent.

        Args:
            above: whether the number must be above `least`, not only reach it.
        """
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _LARGEST:
            raise self.wrong_type(key, "a finite number")
        if value < least or (above and value == least):
            sign = ">" if above else ">="
            reason = f"decimal below minimum value. Expected a value {sign} {least:g}, but got {value} instead."
            raise self.invalid(key, reason, "decimal_below_min_value")
        if most is not None and value > most:
            reason = f"decimal above maximum value. Expected a value <= {most:g}, but got {value} instead."
            raise self.invalid(key, reason, "decimal_above_max_value")
        return float(value)

    def flag(self, key: str) -> bool:
        """Return a boolean; absent is False."""
        value = self.get(key)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.wrong_type(key, "a boolean")
        return value

    def child(self, key: str) -> Body | None:
        """Return an object within this one, or None when it is absent."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong_type(key, "an object")
        return Body(value, self.path(key))

    def keys(self) -> list[str]:
        """Return the names of the members."""
        return list(self._value)


_TYPE_NAMES: dict[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
    list: "an array",
    dict: "an object",
}
