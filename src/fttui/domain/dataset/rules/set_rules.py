"""Rules about the whole set, and about what is sensitive: a row may break them and be in the right form."""

from __future__ import annotations

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.rules.rule import CHAT, COMPLETION, REINFORCEMENT, Rule, Source

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

SET_RULES: tuple[Rule, ...] = (
    Rule("normalised-duplicate", WARNING, "The same as another example but for case and spaces", Source.PRACTICE),
    Rule("near-duplicate", WARNING, "Nearly the same as another example", Source.PRACTICE),
    Rule("conflicting-answers", WARNING, "The same prompt stands with different answers", Source.PRACTICE),
    Rule("normalised-leak", WARNING, "In the validation file as well, but for case and spaces", Source.PRACTICE),
    Rule("near-leak", WARNING, "Nearly the same stands in the validation file", Source.PRACTICE),
    Rule("unbalanced-labels", WARNING, "One label has most of the examples", Source.PRACTICE),
    Rule("rare-label", INFO, "Too few examples of a label", Source.PRACTICE),
    Rule("refusal", INFO, "The answer declines; only counted, as that may be meant", Source.PRACTICE),
    Rule("refusal-share", INFO, "How many of the answers decline", Source.PRACTICE),
    Rule("outlier-length", INFO, "Far longer or shorter than the others", Source.PRACTICE),
    Rule("mixed-system-prompts", INFO, "Many different system prompts, or only some rows have one", Source.GUIDE, CHAT),
    Rule(
        "missing-grader-field",
        WARNING,
        "A field that other rows have for the grader is missing",
        Source.GUIDE,
        REINFORCEMENT,
    ),
    Rule("no-prompt-separator", WARNING, "Prompts do not end alike", Source.FORMER_TOOL, COMPLETION),
    Rule("no-completion-ending", WARNING, "Completions do not end alike", Source.FORMER_TOOL, COMPLETION),
    Rule("no-leading-space", INFO, "Completions do not begin with a space", Source.FORMER_TOOL, COMPLETION),
    Rule("few-pairs", INFO, "Fewer than 100 pairs; a few hundred are better", Source.FORMER_TOOL, COMPLETION),
    Rule("classification-pairs", INFO, "Completions that look like labels", Source.FORMER_TOOL, COMPLETION),
    Rule("long-pair", WARNING, "More than 10,000 characters in a pair", Source.FORMER_TOOL, COMPLETION),
    Rule("upper-case-prompts", WARNING, "Prompts mostly in capitals", Source.FORMER_TOOL, COMPLETION),
    Rule("upper-case-completions", WARNING, "Completions mostly in capitals", Source.FORMER_TOOL, COMPLETION),
    Rule("equal-prompts", ERROR, "All prompts are the same", Source.FORMER_TOOL, COMPLETION),
    Rule("long-separator", WARNING, "Prompts share an ending of over 10 characters", Source.FORMER_TOOL, COMPLETION),
    Rule("separator-inside", WARNING, "The separator stands inside a prompt too", Source.FORMER_TOOL, COMPLETION),
    Rule("shared-prompt-beginning", INFO, "All prompts begin alike", Source.FORMER_TOOL, COMPLETION),
    Rule("shared-completion-beginning", INFO, "All completions begin alike", Source.FORMER_TOOL, COMPLETION),
    Rule("equal-completions", ERROR, "All completions are the same", Source.FORMER_TOOL, COMPLETION),
    Rule("mixed-scripts", INFO, "Rows in different scripts; told by letters, not by language", Source.PRACTICE),
    Rule("near-search-left-out", INFO, "Too many rows to look for near duplicates", Source.PROGRAM),
)

SENSITIVE_RULES: tuple[Rule, ...] = (
    Rule("api-key", WARNING, "An API key, shown masked; whoever asks the model may get it", Source.PROVIDERS),
    Rule("private-key", WARNING, "A private key, shown masked", Source.PROVIDERS),
    Rule("card-number", WARNING, "A payment card number with a right check digit, shown masked", Source.NUMBERS),
    Rule("bank-account", WARNING, "A bank account number with right check digits, shown masked", Source.NUMBERS),
    Rule("national-number", WARNING, "A national identity number, shown masked", Source.NUMBERS),
    Rule("email-address", INFO, "An e-mail address, shown masked", Source.PRACTICE),
    Rule("phone-number", INFO, "A phone number, shown masked", Source.PRACTICE),
)
