"""Every fix there is, in the order in which they are made.

The order: first the file becomes lines of JSON, then rows get the right form, then what they say is cleaned, then what
is trained on is settled, and length comes after everything that changes it. Rows that cannot be helped go next, so
that what follows only compares good rows in their final form: copies, near copies, contradictions, rows that stand in
the validation file. Only what is left is counted for balance. Prompts and completions are looked at as columns last,
because a shared ending is only seen when no stray row is in the way. After a change to a column all of it is gone
through once more, until there is nothing left to do.
"""

from __future__ import annotations

from fttui.domain.dataset.preparation import structure, texts, training
from fttui.domain.dataset.preparation.fix import Effect, Fix, Habit
from fttui.domain.dataset.rules.rule import CHAT, COMPLETION, PREFERENCE, WITH_MESSAGES

EDIT, DROP = Effect.EDIT, Effect.DROP
ALWAYS, ON, OFF, CHOICE = Habit.ALWAYS, Habit.ON, Habit.OFF, Habit.CHOICE

LINE_FIXES: tuple[Fix, ...] = (
    Fix("unpack", "Unpack the file", "Training files are not packed", EDIT, ALWAYS, ("compressed-file",)),
    Fix("decode-utf-16", "Write UTF-8", "Training files are UTF-8", EDIT, ALWAYS, ("utf-16",)),
    Fix(
        "strip-byte-order-mark",
        "Leave out the byte order mark",
        "OpenAI wants UTF-8 without one",
        EDIT,
        ALWAYS,
        ("byte-order-mark",),
    ),
    Fix(
        "split-json-array",
        "One row a line",
        "The file is one array; a row stands on a line",
        EDIT,
        ALWAYS,
        ("json-array",),
    ),
    Fix("unix-line-ends", "End lines in LF", "One line end for the whole file", EDIT, ALWAYS, ("windows-line-end",)),
    Fix("drop-empty-lines", "Drop empty lines", "An empty line is no row", DROP, ALWAYS, ("empty-line",)),
    Fix("drop-giant-lines", "Drop lines over 16 MiB", "No example is that long", DROP, ALWAYS, ("line-too-long",)),
    Fix(
        "mend-json",
        "Mend JSON",
        "Doubled keys keep the last value, NaN becomes null, half characters become �",
        EDIT,
        ON,
        ("duplicate-key", "not-a-number", "lone-surrogate"),
    ),
    Fix(
        "drop-unreadable",
        "Drop unreadable rows",
        "Not a JSON object of the file's format",
        DROP,
        ON,
        (
            "nul-byte",
            "invalid-utf8",
            "invalid-json",
            "too-deep",
            "row-not-object",
            "unknown-format",
            "mixed-formats",
        ),
    ),
)

ROW_FIXES: tuple[Fix, ...] = (
    Fix(
        "lower-case-columns",
        "Rename keys to prompt, completion",
        "The keys are written in lower case",
        EDIT,
        ON,
        ("miscased-key",),
        COMPLETION,
        structure.lower_case_columns,
    ),
    Fix(
        "text-columns",
        "Make prompt and completion text",
        "Missing becomes empty, numbers are written out",
        EDIT,
        ON,
        (),
        COMPLETION,
        structure.text_columns,
    ),
    Fix(
        "rename-preference-keys",
        "Rename preferred_completion",
        "The service refuses the old names of the answers",
        EDIT,
        ON,
        (),
        PREFERENCE,
        structure.rename_preference_keys,
    ),
    Fix(
        "normalise-roles",
        "Normalise roles",
        "Human, GPT, Assistant, asistant and the like become the protocol's roles",
        EDIT,
        ON,
        (),
        WITH_MESSAGES,
        structure.normalise_roles,
        version=2,
    ),
    Fix(
        "remove-unknown-keys",
        "Remove unknown keys",
        "The service refuses rows with keys that the format does not know",
        EDIT,
        ON,
        ("unknown-key", "unknown-message-key", "misplaced-weight", "misplaced-tool-calls"),
        edit=structure.remove_unknown_keys,
    ),
    Fix(
        "arguments-as-text",
        "Write arguments as text",
        "Arguments of calls are JSON inside a string",
        EDIT,
        ON,
        (),
        WITH_MESSAGES,
        structure.arguments_as_text,
    ),
    Fix(
        "normalise-weights",
        "Normalise weights",
        "A weight is the whole number 0 or 1",
        EDIT,
        ON,
        (),
        WITH_MESSAGES,
        structure.normalise_weights,
    ),
    Fix(
        "trim-text",
        "Trim white space",
        "White space around what is said is learnt like any other text",
        EDIT,
        OFF,
        (),
        WITH_MESSAGES,
        texts.trim_text,
    ),
    Fix(
        "drop-empty-messages",
        "Drop empty messages",
        "A message that says nothing is refused; without it the turns may no longer alternate",
        EDIT,
        OFF,
        (),
        WITH_MESSAGES,
        texts.drop_empty_messages,
    ),
    Fix(
        "redact-secrets",
        "Redact keys",
        "A model repeats the API keys and private keys that it was trained on",
        EDIT,
        ON,
        ("api-key", "private-key"),
        edit=texts.redact_secrets,
    ),
    Fix(
        "redact-personal",
        "Redact personal data",
        "E-mail, phone, card, account and national numbers become placeholders",
        EDIT,
        OFF,
        ("email-address", "phone-number", "card-number", "national-number", "bank-account"),
        edit=texts.redact_personal,
    ),
    Fix(
        "strip-system-prompt",
        "Strip system prompts",
        "Fewer tokens to pay; use it without instructions then",
        EDIT,
        CHOICE,
        (),
        WITH_MESSAGES,
        training.strip_system_prompt,
    ),
    Fix(
        "add-system-prompt",
        "Add a system prompt",
        "Train with the instructions that will be used later",
        EDIT,
        CHOICE,
        ("no-system-message",),
        WITH_MESSAGES,
        training.add_system_prompt,
        needs="the text of a system prompt",
    ),
    Fix(
        "cut-after-last-answer",
        "Cut after the last answer",
        "What follows the assistant's last turn is paid for and not learnt",
        EDIT,
        ON,
        ("last-message-not-assistant",),
        CHAT,
        training.cut_after_last_answer,
    ),
    Fix(
        "train-last-answer-only",
        "Train on the last answer only",
        "Earlier answers get weight 0",
        EDIT,
        CHOICE,
        (),
        CHAT,
        training.train_last_answer_only,
    ),
    Fix(
        "truncate-long",
        "Cut long examples at a turn",
        "The service would cut the end in silence, in the middle of an answer",
        EDIT,
        ON,
        (),
        CHAT,
        training.truncate_long,
        needs="a model or a token limit",
    ),
)

ROW_DROPS: tuple[Fix, ...] = (
    Fix(
        "drop-empty-completions",
        "Drop empty completions",
        "There is nothing to learn from an empty completion",
        DROP,
        ON,
        ("empty-completion",),
        COMPLETION,
    ),
    Fix(
        "drop-faulty",
        "Drop rows with errors",
        "One refused row makes the service refuse the file",
        DROP,
        ON,
        (),
    ),
    Fix(
        "drop-long",
        "Drop examples over the limit",
        "What is over the limit would be cut off in silence",
        DROP,
        OFF,
        ("long-example",),
        needs="a model or a token limit",
    ),
)

SET_DROPS: tuple[Fix, ...] = (
    Fix(
        "drop-duplicates",
        "Drop duplicates",
        "A row that stands twice counts twice; the first stays",
        DROP,
        ON,
        ("duplicate-example",),
    ),
    Fix(
        "drop-near-duplicates",
        "Drop near duplicates",
        "The same but for case, spaces, system prompt or a few words; the first stays",
        DROP,
        OFF,
        ("normalised-duplicate", "near-duplicate"),
    ),
    Fix(
        "drop-conflicts",
        "Drop conflicting answers",
        "The same prompt with another answer; the first stays",
        DROP,
        OFF,
        ("conflicting-answers",),
    ),
    Fix(
        "drop-leaked",
        "Drop leaked rows",
        "Rows that stand in the validation file make its loss look too good",
        DROP,
        ON,
        ("leaked-example", "normalised-leak", "near-leak"),
        needs="a validation file",
    ),
    Fix(
        "rebalance",
        "Rebalance labels",
        "The most frequent label is what a model says when in doubt",
        DROP,
        CHOICE,
        ("unbalanced-labels",),
    ),
)

COLUMN_FIXES: tuple[Fix, ...] = (
    Fix(
        "drop-long-texts",
        "Drop very long rows",
        "Prompt and completion have over 10,000 characters",
        DROP,
        ON,
        ("long-pair",),
        COMPLETION,
    ),
    Fix(
        "lower-case-prompts",
        "Lower-case prompts",
        "Over a third of the letters are capitals, which models read worse",
        EDIT,
        ON,
        ("upper-case-prompts",),
        COMPLETION,
    ),
    Fix(
        "lower-case-completions",
        "Lower-case completions",
        "Over a third of the letters are capitals, which models write worse",
        EDIT,
        ON,
        ("upper-case-completions",),
        COMPLETION,
    ),
    Fix(
        "add-prompt-separator",
        "Add a separator to prompts",
        "A shared ending tells the model where the completion begins",
        EDIT,
        ON,
        ("no-prompt-separator",),
        COMPLETION,
    ),
    Fix(
        "strip-prompt-prefix",
        "Strip the shared start of prompts",
        "What stands in every prompt teaches nothing",
        EDIT,
        ON,
        (),
        COMPLETION,
    ),
    Fix(
        "strip-completion-prefix",
        "Strip the shared start of completions",
        "What stands in every completion need not be learnt",
        EDIT,
        ON,
        ("shared-completion-beginning",),
        COMPLETION,
    ),
    Fix(
        "add-completion-ending",
        "Add an ending to completions",
        "A shared ending, used as stop sequence, tells where to stop",
        EDIT,
        ON,
        ("no-completion-ending",),
        COMPLETION,
    ),
    Fix(
        "add-leading-space",
        "Begin completions with a space",
        "Most tokens of English begin with one",
        EDIT,
        ON,
        ("no-leading-space",),
        COMPLETION,
    ),
)

FIXES: tuple[Fix, ...] = (*LINE_FIXES, *ROW_FIXES, *ROW_DROPS, *SET_DROPS, *COLUMN_FIXES)
FIX_BY_CODE: dict[str, Fix] = {fix.code: fix for fix in FIXES}

RECOMMENDED = frozenset(fix.code for fix in FIXES if fix.habit in (ALWAYS, ON))
"""What is made unless one says otherwise."""
REPAIRS = frozenset(fix.code for fix in FIXES if fix.habit is not CHOICE)
"""All that mends something."""
REQUIRED = frozenset(fix.code for fix in FIXES if fix.habit is ALWAYS)
