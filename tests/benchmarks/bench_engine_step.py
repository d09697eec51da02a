"""One training step of the embedded engine, against the same step in torch when it is installed, in turn in one run.

Run with ``PYTHONPATH=tests/support python tests/benchmarks/bench_engine_step.py [ROUNDS]``. Both use one thread; the
step is forward, backward, clipping and AdamW over a batch of 8 examples of the size of short chats.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import sys
import time
from collections.abc import Callable

from fttui.engine.nano.threads import limit_threads

limit_threads()

import numpy as np  # noqa: E402

from fttui.engine.nano.batch import Batch, pack  # noqa: E402
from fttui.engine.nano.generation import GenerationSettings, generate  # noqa: E402
from fttui.engine.nano.memory import keep_freed_memory  # noqa: E402
from fttui.engine.nano.model import Model, load_base  # noqa: E402
from fttui.engine.nano.network import loss_and_gradients  # noqa: E402
from fttui.engine.nano.optimizer import AdamW  # noqa: E402
from fttui.engine.nano.rendering import RenderedExample, render_prompt  # noqa: E402
from fttui.engine.nano.weights import Weights  # noqa: E402

LENGTHS = (42, 55, 48, 61, 39, 52, 50, 45)
TRAINED_SHARE = 0.5


def batch_of(vocab_size: int) -> Batch:
    """Random tokens; the second half of each example is trained on."""
    rng = np.random.default_rng(0)
    examples = []
    for length in LENGTHS:
        weights = (np.arange(length) >= length * (1 - TRAINED_SHARE)).astype(np.float32)
        examples.append(RenderedExample(rng.integers(0, vocab_size, length).astype(np.int32), weights, truncated=False))
    return pack(examples)


def own_step(model: Model, batch: Batch) -> Callable[[], None]:
    """One step of the engine."""
    weights = model.weights.copy()
    gradients, optimizer = Weights.zeros(model.config), AdamW(weights)
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        loss_and_gradients(weights, batch, gradients)
        optimizer.update(gradients, gradients.norm(), count, 1e-4)

    return step


def torch_step(model: Model, batch: Batch) -> Callable[[], None]:
    """The same step in torch."""
    from nano_torch import TorchModel

    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    twin = TorchModel(model.weights)
    padded = twin.padded(batch)
    leaves = list(twin.leaves.values())
    optimizer = torch.optim.AdamW(leaves, lr=1e-4, betas=(0.9, 0.98), weight_decay=0.01, fused=True)

    def step() -> None:
        optimizer.zero_grad()
        twin.loss(*padded).backward()
        torch.nn.utils.clip_grad_norm_(leaves, 1.0)
        optimizer.step()

    return step


def milliseconds(step: Callable[[], None]) -> float:
    """How long one call takes."""
    begun = time.perf_counter()
    step()
    return (time.perf_counter() - begun) * 1000


def tokens_per_second(model: Model) -> float:
    """How fast answers come, greedily and without an end."""
    prompt = render_prompt([{"role": "user", "content": "Hello"}], model.tokenizer, model.config.context)
    begun = time.perf_counter()
    count = 0
    while count < 1000:
        count += sum(
            1 for _ in generate(model, prompt, GenerationSettings(temperature=3.0, seed=count, max_tokens=200))
        )
    return count / (time.perf_counter() - begun)


def main(rounds: int) -> None:
    """Measure and print."""
    keep_freed_memory()
    model = load_base("local-nano")
    batch = batch_of(model.config.vocab_size)
    steps = {"fttui": own_step(model, batch)}
    if importlib.util.find_spec("torch") is not None:
        steps["torch"] = torch_step(model, batch)
    taken: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(rounds + 3):
        for name, step in steps.items():
            spent = milliseconds(step)
            if turn >= 3:
                taken[name].append(spent)
    medians = {name: statistics.median(values) for name, values in taken.items()}
    for name, median in medians.items():
        print(f"{name:6} {median:7.1f} ms a step, {1000 * batch.tokens / median:8.0f} tokens a second")
    if "torch" in medians:
        print(f"ratio to torch: {medians['fttui'] / medians['torch']:.2f} (below 1 is faster)")
    else:
        print("torch is not installed, so there is nothing to compare with")
    print(f"answers: {tokens_per_second(model):.0f} tokens a second")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
