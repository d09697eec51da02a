"""Trains the bundled base model: `python -m fttui.engine.nano.build_base`.

Everything follows from the seed: corpus, vocabulary, weights. On one machine two runs give the same file.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from argparse import ArgumentParser
from pathlib import Path

from fttui.engine.nano.threads import limit_threads

limit_threads()

from fttui.engine.nano import bpe_training, corpus  # noqa: E402
from fttui.engine.nano.config import ModelConfig  # noqa: E402
from fttui.engine.nano.model import BASE_FILE, BASE_FOLDER, BASE_NAME, MANIFEST_FILE, Model  # noqa: E402
from fttui.engine.nano.rendering import render_example, render_text_example  # noqa: E402
from fttui.engine.nano.training import TrainingRun, TrainingSettings  # noqa: E402
from fttui.engine.nano.weights import Weights, parameter_count  # noqa: E402

MERGES = 2048
SETTINGS = TrainingSettings(n_epochs=6, batch_size=16, learning_rate_multiplier=1.5, seed=20260101)

_log = logging.getLogger("fttui.engine.build_base")


def build(folder: Path) -> None:
    """Write the base model and its manifest into a folder."""
    text = corpus.generate(SETTINGS.seed)
    tokenizer = bpe_training.train(text.vocabulary_texts(), MERGES)
    config = ModelConfig(vocab_size=tokenizer.vocab_size)
    examples = [render_example(chat, tokenizer, config.context) for chat in text.chats]
    examples += [render_text_example(prose, tokenizer, config.context) for prose in text.prose]
    model = Model(config, Weights.random(config, SETTINGS.seed), tokenizer)
    run = TrainingRun.start(model, examples, [], SETTINGS)
    while not run.finished:
        metrics = run.advance()
        if metrics.step % 100 == 0 or run.finished:
            _log.info("step %d of %d: loss %.3f", metrics.step, metrics.total_steps, metrics.train_loss)
    folder.mkdir(parents=True, exist_ok=True)
    run.export(folder / BASE_FILE)
    (folder / "tokenizer.json").write_text(tokenizer.to_json() + "\n", encoding="utf-8")
    manifest = {
        "name": BASE_NAME,
        "sha256": hashlib.sha256((folder / BASE_FILE).read_bytes()).hexdigest(),
        "parameters": parameter_count(config),
        "config": config.as_dict(),
        "seed": SETTINGS.seed,
        "steps": run.total_steps,
        "trained_tokens": run.trained_tokens,
        "corpus": text.description,
        "corpus_sha256": text.sha256,
        "licence": "MIT, like the project; every sentence comes from templates and word lists of the project itself.",
        "made_by": "python -m fttui.engine.nano.build_base",
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / BASE_FOLDER)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
    build(parser.parse_args().out)
