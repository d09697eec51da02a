"""Rules about files and lines, whose breach is seen while reading, before there is a row to look at."""

from __future__ import annotations

from fttui.domain.dataset.finding import Severity
from fttui.domain.dataset.rules.rule import COMPLETION, Rule, Source
from fttui.domain.profiles.profile import Dialect

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
ENGINE, AZURE, NEBIUS, COMPATIBLE = Dialect.ENGINE, Dialect.AZURE, Dialect.NEBIUS, Dialect.COMPATIBLE

UNKNOWN = {NEBIUS: WARNING, COMPATIBLE: WARNING}
"""What a provider does not publish may still be refused there."""
NOT_PUBLISHED = "Nebius, and servers that are only compatible, publish no such rule (2026-11-20)"

FILE_RULES: tuple[Rule, ...] = (
    Rule("empty-file", ERROR, "The file holds no rows", Source.GUIDE),
    Rule("compressed-file", ERROR, "The file is compressed; unpack it before it is sent", Source.GUIDE),
    Rule("damaged-archive", ERROR, "The compressed file is damaged; what comes before is checked", Source.PROGRAM),
    Rule("unpacks-too-far", ERROR, "The compressed file unpacks to far too much; reading stopped", Source.PROGRAM),
    Rule("utf-16", ERROR, "The file is UTF-16; save it as UTF-8", Source.JSON),
    Rule(
        "json-array",
        ERROR,
        "The file is one JSON array; write one object per line, or let import do it",
        Source.JSON_LINES,
    ),
    Rule("file-changed", ERROR, "The file changed while it was read; check it again", Source.PROGRAM),
    Rule(
        "too-few-examples",
        ERROR,
        "Fewer than 10 examples",
        Source.GUIDE,
        service_says="Training file has N example(s), but must have at least 10 examples",
        service_code="invalid_n_examples",
        elsewhere=UNKNOWN,
        because=NOT_PUBLISHED,
    ),
    Rule("file-too-large", ERROR, "Larger than the provider takes", Source.LIMITS),
    Rule("too-many-examples", ERROR, "More examples than the provider takes", Source.LIMITS),
    Rule("too-many-image-examples", ERROR, "More examples with images than the provider takes", Source.LIMITS),
    Rule("own-image-limit", ERROR, "More images in an example than your settings let pass", Source.OWN),
    Rule(
        "method-not-offered",
        ERROR,
        "Rows for a way of training that the provider does not offer",
        Source.LIMITS,
        service_says="Invalid file format. Input file <id> is in the fine-tune-chat format, but the specified "
        "fine-tuning job is not using 'supervised' … (provided method=dpo)",
        service_code="invalid_training_file",
    ),
    Rule(
        "completion-data",
        WARNING,
        "Prompts and completions, which only the bases shut down in 2026 were trained on; import makes chats of them",
        Source.GUIDE,
        COMPLETION,
        elsewhere={ENGINE: ERROR, COMPATIBLE: INFO, NEBIUS: INFO},
        because="the embedded engine takes chats only; other servers may still take pairs",
    ),
    Rule("trains-nothing", WARNING, "The profile trains nothing; choose another one to train with", Source.LIMITS),
    Rule("few-examples", INFO, "Fewer than 50 examples; 50 to 100 are a good start", Source.GUIDE),
    Rule("duplicate-example", WARNING, "The same example stands in the file more than once", Source.PRACTICE),
    Rule("leaked-example", WARNING, "The example stands in the validation file as well", Source.PRACTICE),
    Rule("long-example", WARNING, "Longer than the model takes; the end is cut off in silence", Source.GUIDE),
)

LINE_RULES: tuple[Rule, ...] = (
    Rule(
        "byte-order-mark",
        WARNING,
        "The file begins with a byte order mark; OpenAI wants none",
        Source.JSON,
        elsewhere={AZURE: INFO},
        because="Microsoft asks for UTF-8 with a byte order mark (2026-10)",
    ),
    Rule("windows-line-end", INFO, "Lines end in CR LF; harmless", Source.JSON_LINES),
    Rule("empty-line", WARNING, "An empty line between the rows; remove it", Source.JSON_LINES),
    Rule("line-too-long", ERROR, "A line of more than 16 MiB", Source.PROGRAM),
    Rule("nul-byte", ERROR, "A NUL byte in the line", Source.JSON),
    Rule("invalid-utf8", ERROR, "Bytes that are not UTF-8", Source.JSON),
    Rule(
        "invalid-json",
        ERROR,
        "The line is not valid JSON",
        Source.JSON,
        service_says="Invalid file format. Example E cannot be parsed. Error: line contains invalid json: … (line E)",
        service_code="invalid_file_format",
    ),
    Rule("not-a-number", ERROR, "NaN or Infinity, which JSON does not have", Source.JSON),
    Rule("number-out-of-range", ERROR, "A number too large for 64 bits", Source.JSON),
    Rule("duplicate-key", ERROR, "A key stands twice in one object", Source.JSON),
    Rule("lone-surrogate", ERROR, "Half a character in an escape", Source.JSON),
    Rule("too-deep", ERROR, "Nested more than 64 levels deep", Source.PROGRAM),
    Rule("row-not-object", ERROR, "The row is not a JSON object", Source.GUIDE, alias="data_type"),
    Rule(
        "unknown-format",
        ERROR,
        "None of the keys of any format",
        Source.GUIDE,
        alias="missing_messages_list",
        service_says="Unexpected file format, expected either prompt/completion pairs or chat messages.",
        service_code="invalid_training_file",
    ),
    Rule(
        "mixed-formats",
        ERROR,
        "The row is in another format than the file",
        Source.SERVICE,
        alias="missing_messages_list",
        service_says="Invalid file format. Example E is missing key 'messages'",
        service_code="invalid_training_file",
    ),
)
