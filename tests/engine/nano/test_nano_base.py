"""The base models, and the file that ships."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest

from fttui.engine.nano import corpus
from fttui.engine.nano.errors import ModelFileError
from fttui.engine.nano.model import Model, load_base
from fttui.engine.nano.weights import parameter_count

FOLDER = files("fttui.engine.nano").joinpath("base")


def test_the_bundled_file_is_the_one_of_its_manifest(base: Model) -> None:
    manifest = json.loads(FOLDER.joinpath("manifest.json").read_text(encoding="utf-8"))

    assert hashlib.sha256(FOLDER.joinpath("local-nano.npz").read_bytes()).hexdigest() == manifest["sha256"]
    assert manifest["parameters"] == parameter_count(base.config)
    assert manifest["config"] == base.config.as_dict()
    assert FOLDER.joinpath("tokenizer.json").read_text(encoding="utf-8").strip() == base.tokenizer.to_json()


def test_the_bundled_model_was_made_from_the_corpus_as_it_is_now() -> None:
    manifest = json.loads(FOLDER.joinpath("manifest.json").read_text(encoding="utf-8"))

    assert corpus.generate(manifest["seed"]).sha256 == manifest["corpus_sha256"]


def test_the_base_is_small(base: Model) -> None:
    assert 800_000 < parameter_count(base.config) < 1_000_000
    assert len(FOLDER.joinpath("local-nano.npz").read_bytes()) < 2_000_000


def test_scratch_has_the_same_shape_and_vocabulary_but_other_weights(base: Model) -> None:
    scratch = load_base("local-nano-scratch")

    assert scratch.config == base.config
    assert scratch.tokenizer.merges == base.tokenizer.merges
    assert not np.array_equal(scratch.weights.flat, base.weights.flat)
    assert np.array_equal(scratch.weights.flat, load_base("local-nano-scratch").weights.flat)


def test_an_unknown_base_is_refused_by_name() -> None:
    with pytest.raises(ModelFileError, match="gpt-9"):
        load_base("gpt-9")


def test_the_limit_of_threads_comes_before_numpy() -> None:
    code = (
        "import os, sys; from fttui.engine.nano.threads import limit_threads; limit_threads();"
        "assert 'numpy' not in sys.modules; assert os.environ['OPENBLAS_NUM_THREADS'] == '1'; import numpy\n"
        "try: limit_threads()\nexcept RuntimeError: print('refused')"
    )
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "refused"
