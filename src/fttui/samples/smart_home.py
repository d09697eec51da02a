"""Makes the smart-home sample: requests in English and Chinese, answered with one line of JSON.

The answers follow a rule (action, device, room, value), so a model that has learnt it also answers
requests it has never seen. Run ``python -m fttui.samples.smart_home FOLDER`` to write the files again.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SEED = 20261120
TRAIN_EXAMPLES, VALID_EXAMPLES = 240, 40
SYSTEM = "Answer with JSON."

ROOMS = {
    "kitchen": "厨房",
    "bedroom": "卧室",
    "office": "书房",
    "hall": "走廊",
    "garage": "车库",
    "bathroom": "浴室",
}
SWITCHED = {"light": "灯", "fan": "风扇", "heater": "暖气", "radio": "收音机"}
ADJUSTED = {"heater": (16, 26), "radio": (1, 9), "light": (1, 9)}

SWITCH_REQUESTS = {
    "on": (
        "Turn on the {device} in the {room}.",
        "Switch the {room} {device} on, please.",
        "Could you start the {device} in the {room}?",
        "请打开{room_zh}的{device_zh}。",
        "把{room_zh}的{device_zh}打开。",
    ),
    "off": (
        "Turn off the {device} in the {room}.",
        "Switch the {room} {device} off, please.",
        "Could you stop the {device} in the {room}?",
        "请关掉{room_zh}的{device_zh}。",
        "把{room_zh}的{device_zh}关掉。",
    ),
}
SET_REQUESTS = (
    "Set the {device} in the {room} to {value}.",
    "Please put the {room} {device} at {value}.",
    "把{room_zh}的{device_zh}调到{value}。",
)


@dataclass(frozen=True, slots=True)
class Request:
    """A sentence and the command it stands for."""

    text: str
    action: str
    device: str
    room: str
    value: int | None

    @property
    def answer(self) -> str:
        """The command as one line of JSON."""
        fields: dict[str, str | int] = {"action": self.action, "device": self.device, "room": self.room}
        if self.value is not None:
            fields["value"] = self.value
        return json.dumps(fields)

    @property
    def row(self) -> str:
        """The request as one line of a training file."""
        messages = [
            {"role": "system", "content": SYSTEM},
            {"role": "user", "content": self.text},
            {"role": "assistant", "content": self.answer},
        ]
        return json.dumps({"messages": messages}, ensure_ascii=False)


def requests() -> Iterator[Request]:
    """Every request the sample can draw from, each sentence once."""
    for room, room_zh in ROOMS.items():
        for device, device_zh in SWITCHED.items():
            words = {"room": room, "room_zh": room_zh, "device": device, "device_zh": device_zh}
            for action, sentences in SWITCH_REQUESTS.items():
                for sentence in sentences:
                    yield Request(sentence.format(**words), action, device, room, None)
            low, high = ADJUSTED.get(device, (1, 0))
            for value in range(low, high + 1):
                for sentence in SET_REQUESTS:
                    yield Request(sentence.format(value=value, **words), "set", device, room, value)


def draw() -> tuple[list[Request], list[Request]]:
    """The training and the validation examples: no sentence stands in both."""
    every = list(requests())
    random.Random(SEED).shuffle(every)  # noqa: S311 - a sample, not a secret
    return every[:TRAIN_EXAMPLES], every[TRAIN_EXAMPLES : TRAIN_EXAMPLES + VALID_EXAMPLES]


def write(folder: Path) -> None:
    """Write both files into a folder."""
    train, valid = draw()
    for name, rows in (("smart-home.train.jsonl", train), ("smart-home.valid.jsonl", valid)):
        text = "".join(f"{request.row}\n" for request in rows)
        (folder / name).write_bytes(text.encode())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
