"""Every rule there is, in the order in which they are looked at and listed."""

from __future__ import annotations

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.rules.file_rules import FILE_RULES, LINE_RULES
from fttui.domain.dataset.rules.row_rules import ROW_RULES
from fttui.domain.dataset.rules.rule import Rule
from fttui.domain.dataset.rules.set_rules import SENSITIVE_RULES, SET_RULES
from fttui.domain.profiles.profile import Dialect

RULES: tuple[Rule, ...] = (*FILE_RULES, *LINE_RULES, *ROW_RULES, *SET_RULES, *SENSITIVE_RULES)
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
REFUSED_AT: dict[str, frozenset[str]] = {
    rule.code: frozenset(dialect.value for dialect in Dialect if rule.severity_at(dialect) is Severity.ERROR)
    for rule in RULES
}
"""By code, the kinds of provider at which a row that breaks the rule is refused."""
