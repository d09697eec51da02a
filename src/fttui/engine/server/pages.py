"""Lists in pages, on the wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request

from fttui.engine.json_values import JsonObject
from fttui.engine.server.failures import ApiError
from fttui.engine.store.paging import Page, PageRequest

Item = TypeVar("Item")


def page_request(request: Request, *, default: int, most: int) -> PageRequest:
    """Read which page is wanted from `after`, `limit` and `order`.

    Raises:
        ApiError: one of them will not do.
    """
    limit = _limit(request.query_params.get("limit"), default, most)
    order = request.query_params.get("order", "desc")
    if order not in {"asc", "desc"}:
        raise ApiError(
            f"Invalid value: '{order}'. Supported values are: 'asc' and 'desc'.", code="invalid_value", param="order"
        )
    return PageRequest(limit, request.query_params.get("after"), newest_first=order == "desc")


def page_object(page: Page[Item], write: Callable[[Item], JsonObject]) -> JsonObject:
    """Return a page as the protocol writes it."""
    data = [write(item) for item in page.items]
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": page.has_more,
    }


def _limit(given: str | None, default: int, most: int) -> int:
    if given is None:
        return default
    try:
        limit = int(given)
    except ValueError as error:
        message = f"Invalid type for 'limit': expected an integer, but got '{given}' instead."
        raise ApiError(message, code="invalid_type", param="limit") from error
    if not 1 <= limit <= most:
        side, sign, bound = ("below minimum", ">=", 1) if limit < 1 else ("above maximum", "<=", most)
        code = "integer_below_min_value" if limit < 1 else "integer_above_max_value"
        message = f"Invalid 'limit': integer {side} value. Expected a value {sign} {bound}, but got {limit} instead."
        raise ApiError(message, code=code, param="limit")
    return limit
