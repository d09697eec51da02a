"""The Import screen fills in a guess for speakers nobody knows, to be looked at before anything is written."""

from __future__ import annotations

import json

from textual.widgets import Input

from fttui.ui.screens.import_ import ImportScreen
from fttui.ui.widgets.mapping_form import SettingField
from pictures import FakeServices, make_app, settle, until
from reading import shown


async def test_the_role_of_an_unknown_name_is_guessed_and_said_to_be_a_guess(services: FakeServices) -> None:
    path = services.home / "a.jsonl"
    talks = [("human", "robot"), ("human", "gpt")] * 6
    rows = [
        {"conversations": [{"from": who, "value": f"{who} {place}"} for place, who in enumerate(talk)]}
        for talk in talks
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    async with make_app(services).run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        screen = ImportScreen(path)
        await pilot.app.push_screen(screen)
        await until(pilot, lambda: bool(screen.bench.preview.rows))
        names = next(row for row in screen.query(SettingField) if row.key == "roles" and row.display)

        assert names.query_one(Input).value == "robot:assistant"
        assert "perhaps ShareGPT, 55 %" in shown(pilot)
        assert [message["role"] for message in json.loads(screen.bench.preview.rows[0].line)["messages"]] == [
            "user",
            "assistant",
        ]
