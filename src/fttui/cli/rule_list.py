"""The list of all rules with their severities by provider, and the limits they are held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fttui.cli.paint import SEVERITY_COLOURS, paint
from fttui.cli.provider_facts import ProviderFacts
from fttui.domain.dataset.encodings import EXAMPLE_LIMITS, EXAMPLE_LIMITS_SOURCE, OwnTokens
from fttui.domain.dataset.record import DataFormat
from fttui.domain.dataset.rules.catalogue import RULES
from fttui.domain.dataset.rules.rule import Rule
from fttui.domain.profiles.limits import LIMITS, Limits
from fttui.domain.profiles.profile import Dialect

_INDENT = " " * 38
_LIMIT_WORDS = {
    "fewest_examples": "at least {:,} examples",
    "reinforcement_examples": "reinforcement up to {:,} examples",
    "reinforcement_validation_examples": "and {:,} to validate",
    "images_per_example": "{:,} images in an example",
    "image_examples": "{:,} examples with images",
    "file_bytes": "file up to {:,} bytes",
    "upload_bytes": "in parts up to {:,} bytes",
    "suffix_characters": "suffix up to {:,} characters",
}


def rule_lines(facts: ProviderFacts, own: OwnTokens) -> Iterator[str]:
    """Every rule, then every limit, as text.

    Args:
        facts: of the provider whose severities stand first, and the limits that hold there.
        own: a person's own limits of tokens.
    """
    for rule in RULES:
        yield from _rule_lines(rule, facts.dialect)
    yield ""
    yield paint("Limits by provider", bold=True)
    for kind, limits in _limits(facts).items():
        yield f"{kind.value:<12} {paint(', '.join(_limit_words(limits)) or 'none published')}"
        yield paint(f"{'':<12} {limits.source}", dim=True)
    yield ""
    yield paint("Tokens of an example, by base; what is longer is cut off at the end", bold=True)
    mine = dict(own)
    for name, tokens in (EXAMPLE_LIMITS | mine).items():
        yield f"{paint(f'{name:<24}')} {tokens:>7,}{'  your settings' if name in mine else ''}"
    yield paint(EXAMPLE_LIMITS_SOURCE, dim=True)


def _rule_lines(rule: Rule, dialect: Dialect | None) -> Iterator[str]:
    level = rule.severity_at(dialect)
    severity = paint(f"{level.value:<8}", SEVERITY_COLOURS[level])
    yield f"{severity} {paint(f'{rule.code:<28}', bold=True)} {paint(rule.summary)}"
    formats = "all formats" if len(rule.formats) == len(DataFormat) else ", ".join(sorted(rule.formats))
    alias = f" · cookbook: {rule.alias}" if rule.alias else ""
    yield paint(f"{_INDENT}{formats} · {rule.source.value}{alias}", dim=True)
    if rule.elsewhere:
        levels = {**dict.fromkeys(Dialect, rule.severity), **rule.elsewhere}
        words = ", ".join(f"{kind.value} {levels[kind].value}" for kind in Dialect)
        yield paint(f"{_INDENT}{words}: {rule.because}", dim=True)
    if rule.service_says:
        code = f"{rule.service_code}: " if rule.service_code else ""
        yield paint(f"{_INDENT}the service says: {code}{rule.service_says}", dim=True)


def _limit_words(limits: Limits) -> Iterator[str]:
    for name, words in _LIMIT_WORDS.items():
        value = getattr(limits, name)
        if value is not None:
            yield words.format(value)


def _limits(facts: ProviderFacts) -> Mapping[Dialect, Limits]:
    """The limits of each kind of provider, with a person's own at the one that is asked for."""
    return {**LIMITS, facts.dialect or Dialect.OPENAI: facts.ruling.limits}


def rule_document(facts: ProviderFacts, own: OwnTokens) -> Mapping[str, object]:
    """The same as plain JSON values."""
    return {
        "rules": [_rule_object(rule, facts.dialect) for rule in RULES],
        "limits": {
            kind.value: {**{name: getattr(limits, name) for name in _LIMIT_WORDS}, "source": limits.source}
            for kind, limits in _limits(facts).items()
        },
        "example_tokens": EXAMPLE_LIMITS | dict(own),
    }


def _rule_object(rule: Rule, dialect: Dialect | None) -> Mapping[str, object]:
    return {
        "code": rule.code,
        "severity": rule.severity_at(dialect),
        "severities": {kind.value: rule.severity_at(kind) for kind in Dialect},
        "because": rule.because or None,
        "message": rule.summary,
        "formats": sorted(rule.formats),
        "source": rule.source,
        "alias": rule.alias or None,
        "service_says": rule.service_says or None,
        "service_code": rule.service_code or None,
    }
