"""The kinds of graders there are, and the fields of each.

Kinds, fields and words: OpenAI's OpenAPI document (2026-08-21) and its graders guide, looked at 2026-11-20.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from fttui.domain.jobs import grader_formula


class Part(Enum):
    """What a field of a grader holds."""

    LINE = "a line of text"
    TEMPLATE = "a text with templates"
    CHOICE = "one of a few words"
    SOURCE = "Python source"
    MESSAGES = "messages with templates"
    RANGE = "two numbers"
    WORDS = "a list of words"
    SETTINGS = "settings of the grading model"
    GRADERS = "graders by name"
    FORMULA = "arithmetic over the graders"


@dataclass(frozen=True, slots=True)
class GraderField:
    """A field of a kind of grader."""

    name: str
    label: str
    part: Part
    help: str
    choices: tuple[str, ...] = ()
    needed: bool = True


_NAME = GraderField("name", "Name", Part.LINE, "Names it in results and in a multi grader.")
_INPUT = GraderField("input", "Input", Part.TEMPLATE, "What is graded, such as {{sample.output_text}}.")
_REFERENCE = GraderField("reference", "Reference", Part.TEMPLATE, "What it is held against, such as {{item.answer}}.")
_MODEL = GraderField("model", "Grading model", Part.LINE, "The model that grades; its tokens are billed apart.")
_MESSAGES = GraderField("input", "Input", Part.MESSAGES, "What the grading model is told.")
_SETTINGS = GraderField(
    "sampling_params", "Sampling", Part.SETTINGS, "temperature, top_p, seed and the like.", needed=False
)
METRICS = (
    "fuzzy_match", "bleu", "gleu", "meteor", "cosine",
    "rouge_1", "rouge_2", "rouge_3", "rouge_4", "rouge_5", "rouge_l",
)  # fmt: skip
SAMPLING_KEYS = ("temperature", "top_p", "seed", "max_completions_tokens", "reasoning_effort")

KINDS: Mapping[str, tuple[GraderField, ...]] = {
    "string_check": (
        _NAME,
        _INPUT,
        _REFERENCE,
        GraderField(
            "operation",
            "Operation",
            Part.CHOICE,
            "eq and ne compare; like and ilike look whether it is contained.",
            ("eq", "ne", "like", "ilike"),
        ),
    ),
    "text_similarity": (
        _NAME,
        _INPUT,
        _REFERENCE,
        GraderField("evaluation_metric", "Measure", Part.CHOICE, "How alike the two texts are.", METRICS),
    ),
    "python": (
        _NAME,
        GraderField("source", "Source", Part.SOURCE, "Defines grade(sample, item), which returns a number."),
        GraderField("image_tag", "Image", Part.LINE, "The sandbox's image.", needed=False),
    ),
    "score_model": (
        _NAME,
        _MODEL,
        _MESSAGES,
        GraderField("range", "Range", Part.RANGE, "Lowest and highest score; 0 to 1 if left out.", needed=False),
        _SETTINGS,
    ),
    "label_model": (
        _NAME,
        _MODEL,
        _MESSAGES,
        GraderField("labels", "Labels", Part.WORDS, "The words it may answer with."),
        GraderField("passing_labels", "Passing labels", Part.WORDS, "Those of them that count as good."),
        _SETTINGS,
    ),
    "multi": (
        _NAME,
        GraderField("graders", "Graders", Part.GRADERS, "Graders, each under the name the formula uses."),
        GraderField(
            "calculate_output",
            "Formula",
            Part.FORMULA,
            f"Arithmetic over their names: + - * / ^ and {', '.join(grader_formula.FUNCTIONS)}.",
        ),
    ),
}
TOP_KINDS = tuple(kind for kind in KINDS if kind != "label_model")
"""Kinds a job can be graded by; a label_model grades inside a multi grader only."""

EXAMPLES: Mapping[str, Mapping[str, object]] = {
    "string_check": {
        "name": "exact",
        "input": "{{sample.output_text}}",
        "reference": "{{item.answer}}",
        "operation": "eq",
    },
    "text_similarity": {
        "name": "alike",
        "input": "{{sample.output_text}}",
        "reference": "{{item.answer}}",
        "evaluation_metric": "fuzzy_match",
    },
    "python": {
        "name": "code",
        "source": 'def grade(sample, item):\n    return 1.0 if sample["output_text"] == item["answer"] else 0.0\n',
    },
    "score_model": {
        "name": "judge",
        "model": "",
        "input": [
            {"role": "user", "content": "Score this answer from 0 to 1.\nAnswer: {{sample.output_text}}"},
        ],
        "range": [0, 1],
    },
    "label_model": {
        "name": "label",
        "model": "",
        "input": [{"role": "user", "content": "Is this answer good?\n{{sample.output_text}}"}],
        "labels": ["good", "bad"],
        "passing_labels": ["good"],
    },
    "multi": {"name": "all", "graders": {}, "calculate_output": ""},
}
"""A grader of each kind to begin with."""


def new_grader(kind: str) -> dict[str, object]:
    """A grader of a kind to begin with."""
    return {"type": kind, **EXAMPLES[kind]}
