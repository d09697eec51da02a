"""The same network in torch, written from the architecture and not from our code, as a second opinion."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from fttui.engine.nano.batch import Batch
from fttui.engine.nano.config import ModelConfig
from fttui.engine.nano.weights import Weights, parameters


class TorchModel:
    """Parameters as torch leaves, and a padded forward pass with torch's own attention and cross entropy."""

    def __init__(self, weights: Weights) -> None:
        torch = self.torch = pytest.importorskip("torch")
        self.config: ModelConfig = weights.config
        self.leaves: dict[str, Any] = {
            p.name: torch.tensor(weights.flat[p.offset : p.offset + p.size].reshape(p.shape).copy(), requires_grad=True)
            for p in parameters(weights.config)
        }
        half = self.config.head_width // 2
        rates = self.config.rope_theta ** (-torch.arange(half, dtype=torch.float64) / half)
        angles = torch.outer(torch.arange(self.config.context, dtype=torch.float64), rates)
        self.cos, self.sin = angles.cos().float(), angles.sin().float()

    def padded(self, batch: Batch) -> tuple[Any, Any, Any]:
        """Inputs, targets and weights as (examples, longest) tensors; padding weighs nothing."""
        torch = self.torch
        size = (len(batch.spans), max(end - start for start, end in batch.spans))
        inputs, targets, weights = np.zeros(size, np.int64), np.zeros(size, np.int64), np.zeros(size, np.float32)
        for row, (start, end) in enumerate(batch.spans):
            inputs[row, : end - start] = batch.inputs[start:end]
            inside = (batch.trained >= start) & (batch.trained < end)
            targets[row, batch.trained[inside] - start] = batch.targets[inside]
            weights[row, batch.trained[inside] - start] = batch.weights[inside]
        return torch.from_numpy(inputs), torch.from_numpy(targets), torch.from_numpy(weights)

    def loss(self, inputs: Any, targets: Any, weights: Any) -> Any:
        """Weighted mean cross entropy."""
        torch, config, p = self.torch, self.config, self.leaves
        functional = torch.nn.functional
        count, length = inputs.shape
        x = p["embedding"][inputs]
        for layer in range(config.n_layers):
            own = {name.split(".")[-1]: leaf for name, leaf in p.items() if name.startswith(f"layers.{layer}.")}
            normed = functional.rms_norm(x, (config.d_model,), own["attention_norm"], config.norm_eps)
            qkv = (normed @ own["qkv"]).view(count, length, 3, config.n_heads, config.head_width)
            q, k, v = qkv.permute(2, 0, 3, 1, 4)
            mixed = functional.scaled_dot_product_attention(self._turn(q), self._turn(k), v, is_causal=True)
            x = x + mixed.transpose(1, 2).reshape(count, length, -1) @ own["attention_out"]
            normed = functional.rms_norm(x, (config.d_model,), own["mlp_norm"], config.norm_eps)
            gate, up = (normed @ own["gate_up"]).chunk(2, dim=-1)
            x = x + (functional.silu(gate) * up) @ own["down"]
        trained = weights != 0
        hidden = functional.rms_norm(x[trained], (config.d_model,), p["final_norm"], config.norm_eps)
        losses = functional.cross_entropy(hidden @ p["embedding"].T, targets[trained], reduction="none")
        return (losses * weights[trained]).sum() / weights.sum()

    def _turn(self, x: Any) -> Any:
        first, second = x.chunk(2, dim=-1)
        cos, sin = self.cos[: x.shape[-2]], self.sin[: x.shape[-2]]
        return self.torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)


def torch_loss_and_gradients(weights: Weights, batch: Batch) -> tuple[float, npt.NDArray[np.float32]]:
    """The loss and the flat gradient as torch sees them."""
    model = TorchModel(weights)
    loss = model.loss(*model.padded(batch))
    loss.backward()
    return loss.item(), np.concatenate([leaf.grad.numpy().ravel() for leaf in model.leaves.values()])
