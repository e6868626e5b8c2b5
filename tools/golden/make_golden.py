#!/usr/bin/env python3
"""Writes tests/Golden/Model: tiny random BERT, RoBERTa and ALBERT folders and what PyTorch computes with them. README.md says what is in them.

usage: make_golden.py [OUTPUT FOLDER]
"""
import json
import math
import pathlib
import re
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional

import tensorfile
from models import Model, NoDropout
from philox import PhiloxDropout, check_philox

LENGTHS = [11, 5, 1, 19, 6, 40, 2]
TRAINING_LENGTHS = [[9, 14, 2, 21], [17, 1, 6, 11], [4, 30, 8], [13, 7, 19, 3, 10]]
STEPS, LEARNING_RATE, BETAS, EPSILON, WEIGHT_DECAY, MAX_NORM = 20, 1e-3, (0.9, 0.999), 1e-8, 0.1, 1.0
SEED, STEP, MICRO_BATCH = 1234567890123, 3, 2
FIRST_SEED = 272            # of several tried: every wrong way to train shows by 1e-4 (asserted below), float32's rounding by 2e-6 at most
FIRST_ORDINARY_ID = 5       # below stand padding, unknown, start, end and mask

BERT = {
    "model_type": "bert", "hidden_act": "gelu", "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48,
    "vocab_size": 41, "max_position_embeddings": 48, "type_vocab_size": 2, "pad_token_id": 0, "layer_norm_eps": 1e-12, "initializer_range": 0.02,
    "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "classifier_dropout": None, "position_embedding_type": "absolute",
}
ROBERTA = {**BERT, "model_type": "roberta", "type_vocab_size": 1, "pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "layer_norm_eps": 1e-5}
ALBERT = {
    **{key: value for key, value in BERT.items() if key != "classifier_dropout"},
    "model_type": "albert", "embedding_size": 16, "num_hidden_layers": 3, "num_hidden_groups": 1, "inner_group_num": 1, "classifier_dropout_prob": 0.1,
}
ODD = {
    **BERT, "hidden_size": 33, "num_attention_heads": 3, "intermediate_size": 47, "num_hidden_layers": 1, "max_position_embeddings": 40,
    "attention_probs_dropout_prob": 0.2, "classifier_dropout": 0.15,
}

# name: configuration, task, labels, and what is recorded beside one forward and backward pass
CASES = {
    "bert-single-label": (BERT, "single_label_classification", 5, {"training", "dropout"}),
    "roberta-single-label": (ROBERTA, "single_label_classification", 5, {"training", "dropout"}),
    "albert-single-label": (ALBERT, "single_label_classification", 5, {"training", "dropout"}),
    "bert-multi-label": (BERT, "multi_label_classification", 6, {"training"}),
    "bert-regression": (BERT, "regression", 2, {"training"}),
    "bert-class-weights": (BERT, "single_label_classification", 5, {"class weights"}),
    "bert-mlm": (BERT, "mlm", 0, {"training"}),
    "roberta-mlm": (ROBERTA, "mlm", 0, set()),
    "albert-mlm": (ALBERT, "mlm", 0, set()),
    "bert-gelu-new": ({**BERT, "hidden_act": "gelu_new"}, "single_label_classification", 5, set()),
    "bert-relu": ({**BERT, "hidden_act": "relu"}, "single_label_classification", 5, set()),
    "bert-odd-sizes": (ODD, "single_label_classification", 3, {"dropout"}),
}
ODD_LENGTHS = [1, 40, 2, 13, 1, 7, 31, 3, 11]


class Batch:
    """Molecules and their labels: packed as they are stored, padded as the network here takes them."""

    def __init__(self, random, lengths, config, task, labels):
        self.lengths, self.task = lengths, task
        self.packed = random.randint(FIRST_ORDINARY_ID, config["vocab_size"], sum(lengths))
        b, longest = len(lengths), max(lengths)
        self.mask = torch.arange(longest)[None] < torch.tensor(lengths)[:, None]        # (B,T)
        self.ids = torch.full((b, longest), config["pad_token_id"])
        self.ids[self.mask] = torch.from_numpy(self.packed)
        if task == "single_label_classification":
            self.labels = random.randint(0, labels, b)                                  # (B)
        elif task == "multi_label_classification":
            self.labels = random.randint(0, 2, (b, labels)).astype(float)               # (B,K), NaN where nobody measured
            self.labels[random.random_sample((b, labels)) < 0.3] = math.nan
        elif task == "regression":
            self.labels = random.standard_normal((b, labels)).astype("<f4")             # (B,K)
        else:
            self.labels = numpy.where(random.random_sample(sum(lengths)) < 0.15, random.randint(FIRST_ORDINARY_ID, config["vocab_size"], sum(lengths)), -100)

    def loss(self, logits, class_weights=None):
        """The mean over what is labelled; logits (B,K) or (B,T,V)."""
        labels = torch.from_numpy(self.labels)
        if self.task == "single_label_classification":
            return functional.cross_entropy(logits, labels, weight=class_weights)
        if self.task == "multi_label_classification":
            known = ~labels.isnan()
            return functional.binary_cross_entropy_with_logits(logits[known], labels[known].to(logits.dtype))
        if self.task == "regression":
            return functional.mse_loss(logits, labels.to(logits.dtype))
        return functional.cross_entropy(logits[self.mask], labels, ignore_index=-100)

    def tensors(self, prefix=""):
        labels = "targets" if self.task == "regression" else "labels"
        return {f"{prefix}ids": self.packed, f"{prefix}lengths": self.lengths, f"{prefix}{labels}": self.labels}


def random_weights(model, random):
    """
    Larger than a fresh model's, with no bias at 0 and no layer norm at 1, so that every one of them is seen; before the activation
    largest, since the exact GELU and the tanh one differ most around 2. Rounded to F32.
    """
    weights = {}
    for name, parameter in sorted(model.named_parameters()):
        noise = random.standard_normal(tuple(parameter.shape))
        if parameter.dim() == 1:
            values = 1 + 0.15 * noise if name.endswith("weight") else 0.3 * noise
        else:
            values = noise * (0.4 if name.endswith(("intermediate.dense.weight", "ffn.weight")) else 0.2)
        weights[name] = values.astype("<f4")
    return weights


def build(config, task, weights, dtype):
    model = Model(config, "tokens" if task == "mlm" else "sequence").to(dtype)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.from_numpy(weights[name]))
    return model


def gradient_norm(model):
    return math.sqrt(sum(float((p.grad.double() ** 2).sum()) for p in model.parameters()))


def one_pass(model, batch, class_weights=None, drop=NoDropout(), prefix=""):
    """Every number of one forward and backward pass, by name, padding removed."""
    model.zero_grad(set_to_none=False)
    embeddings, hidden, logits = model(batch.ids, batch.mask, drop)
    loss = batch.loss(logits, class_weights)
    loss.backward()
    numbers = {f"{prefix}hidden.{i}": x[batch.mask] for i, x in enumerate(hidden)}
    if model.kind == "albert":
        numbers[f"{prefix}embeddings"] = embeddings[batch.mask]
    numbers[f"{prefix}logits"] = logits[batch.mask] if batch.task == "mlm" else logits
    numbers[f"{prefix}loss"] = loss.reshape(1)
    numbers[f"{prefix}grad_norm"] = torch.tensor([gradient_norm(model)])
    for name, parameter in model.named_parameters():
        numbers[f"{prefix}grad.{name}"] = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.clone()
    return {name: x.detach().numpy() for name, x in numbers.items()}


def train(model, batches, decay_biases=False, first_step=0):
    """20 steps as finetuning takes them. Biases and layer norms do not decay; step s has the learning rate LEARNING_RATE * (1 - s / 20)."""
    norms = {id(p) for module in model.modules() if isinstance(module, nn.LayerNorm) for p in module.parameters()}
    decayed = [p for name, p in model.named_parameters() if id(p) not in norms and not name.endswith("bias") or decay_biases and name.endswith("bias")]
    chosen = {id(p) for p in decayed}
    others = [p for p in model.parameters() if id(p) not in chosen]
    groups = [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=BETAS, eps=EPSILON)
    losses, gradient_norms = [], []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * (1 - (step + first_step) / STEPS)
        batch = batches[step % len(batches)]
        optimizer.zero_grad(set_to_none=False)
        loss = batch.loss(model(batch.ids, batch.mask)[2])
        loss.backward()
        losses.append(float(loss))
        gradient_norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM)))
        optimizer.step()
    numbers = {"losses": numpy.array(losses), "norms": numpy.array(gradient_norms)}
    numbers.update((f"final.{name}", p.detach().numpy()) for name, p in model.named_parameters())
    return numbers


def difference(a, b):
    """The largest difference over the largest magnitude of b."""
    return float(numpy.abs(a - b).max() / numpy.abs(b).max())


def relative(losses, right):
    return float(numpy.abs(losses / right - 1).max())


def float32_differences(single, double, zero):
    """How far PyTorch's own float32 is from the float64 that is stored: the measure for any float implementation."""
    kinds = {}
    for name, truth in double.items():
        kind = re.match(r"(dropout\.)?[a-z_]+", name).group()
        if kind == "losses":
            far = relative(single[name], truth)
        elif re.sub(r"^(dropout\.)?grad\.", "", name) in zero and "grad." in name:
            kind, far = f"{kind} (truly zero, of the global norm)", float(numpy.abs(single[name]).max() / double["grad_norm"][0])
        elif re.sub(r"^final\.", "", name) in zero:
            continue        # Adam makes steps of the learning rate's size from the rounding errors there
        else:
            far = difference(single[name], truth)
        kinds[kind] = max(kinds.get(kind, 0.0), far)
    return {kind: float(f"{far:.2g}") for kind, far in sorted(kinds.items())}


def check_layer(config, weights):
    """Our encoder layer against PyTorch's own."""
    model = build(config, "single_label_classification", weights, torch.float64)
    albert = config["model_type"] == "albert"
    layer = model.body.encoder.albert_layer_groups[0].albert_layers[0] if albert else model.body.encoder.layer[0]
    c = config["hidden_size"]
    other = nn.TransformerEncoderLayer(
        c, config["num_attention_heads"], config["intermediate_size"], dropout=0.0, activation=layer.act,
        layer_norm_eps=config["layer_norm_eps"], batch_first=True, dtype=torch.float64)
    parts = layer.attention if albert else getattr(layer.attention, "self")
    pairs = [(other.linear1, layer.ffn), (other.linear2, layer.ffn_output), (other.norm2, layer.full_layer_layer_norm),
             (other.self_attn.out_proj, layer.attention.dense), (other.norm1, layer.attention.LayerNorm)] if albert else [
             (other.linear1, layer.intermediate.dense), (other.linear2, layer.output.dense), (other.norm2, layer.output.LayerNorm),
             (other.self_attn.out_proj, layer.attention.output.dense), (other.norm1, layer.attention.output.LayerNorm)]
    with torch.no_grad():
        for theirs, ours in pairs:
            theirs.weight.copy_(ours.weight)
            theirs.bias.copy_(ours.bias)
        other.self_attn.in_proj_weight.copy_(torch.cat([parts.query.weight, parts.key.weight, parts.value.weight]))
        other.self_attn.in_proj_bias.copy_(torch.cat([parts.query.bias, parts.key.bias, parts.value.bias]))
        mask = torch.arange(9)[None] < torch.tensor([9, 1, 6])[:, None]
        x = torch.from_numpy(numpy.random.RandomState(1).standard_normal((3, 9, c)))
        ours, theirs = layer(x, mask, NoDropout(), 0)[mask], other(x, src_key_padding_mask=~mask)[mask]
    assert difference(ours.numpy(), theirs.numpy()) < 1e-13, f"{config['model_type']}: the layer is not PyTorch's"


def configuration(config, task, labels):
    prefix = {"bert": "Bert", "roberta": "Roberta", "albert": "Albert"}[config["model_type"]]
    whole = {"architectures": [prefix + ("ForMaskedLM" if task == "mlm" else "ForSequenceClassification")], **config}
    if task != "mlm":
        whole.update(
            problem_type=task,
            id2label={str(k): f"LABEL_{k}" for k in range(labels)},
            label2id={f"LABEL_{k}": k for k in range(labels)})
    return whole


def compact(value):
    """JSON with lists of numbers on one line."""
    text = json.dumps(value, indent=2)
    return re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda match: "[" + re.sub(r"\s+", " ", match.group(1)) + "]", text) + "\n"


def make(folder, seed, config, task, labels, wanted):
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.RandomState(seed)
    config = configuration(config, task, labels)
    weights = random_weights(Model(config, "tokens" if task == "mlm" else "sequence"), random)
    batch = Batch(random, ODD_LENGTHS if config["num_hidden_layers"] == 1 else LENGTHS, config, task, labels)
    batches = [Batch(random, lengths, config, task, labels) for lengths in TRAINING_LENGTHS]
    class_weights = random.uniform(0.3, 3.0, labels).astype("<f4") if "class weights" in wanted else None
    rate = config.get("classifier_dropout", config.get("classifier_dropout_prob"))
    rates = {
        "hidden": config["hidden_dropout_prob"], "attention": config["attention_probs_dropout_prob"],
        "classifier": config["hidden_dropout_prob"] if rate is None else rate,
    }

    if task != "mlm":
        check_layer(config, weights)

    def compute(dtype):
        per_class = None if class_weights is None else torch.from_numpy(class_weights).to(dtype)
        numbers = one_pass(build(config, task, weights, dtype), batch, per_class)
        if "dropout" in wanted:
            drop = PhiloxDropout(batch.lengths, SEED, STEP, MICRO_BATCH, **rates)
            numbers.update(one_pass(build(config, task, weights, dtype), batch, per_class, drop, "dropout."))
        if "training" in wanted:
            numbers.update(train(build(config, task, weights, dtype), batches))
        return numbers

    numbers = compute(torch.float64)
    zero = [name for name in weights if numpy.abs(numbers[f"grad.{name}"]).max() < 1e-12 * numbers["grad_norm"][0]]
    report = {
        "pytorch": torch.__version__,
        "precision": "computed in float64 from the F32 weights, rounded to F32",
        "task": task,
        "loss": float(numbers["loss"][0]),
        "grad_norm": float(numbers["grad_norm"][0]),
        "zero_gradients": zero,
        "float32_differences": float32_differences(compute(torch.float32), numbers, zero),
    }
    if "dropout" in wanted:
        report["dropout"] = {"seed": SEED, "step": STEP, "micro_batch": MICRO_BATCH, "rates": rates, "loss": float(numbers["dropout.loss"][0])}
    if "training" in wanted:
        tanh = {**config, "hidden_act": "gelu_new"}
        wrong = {
            "tanh_gelu": train(build(tanh, task, weights, torch.float64), batches),
            "decay_on_biases": train(build(config, task, weights, torch.float64), batches, decay_biases=True),
            "schedule_one_step_off": train(build(config, task, weights, torch.float64), batches, first_step=1),
        }
        report["training"] = {
            "steps": STEPS, "batches": len(batches), "learning_rate": LEARNING_RATE, "betas": BETAS, "epsilon": EPSILON,
            "weight_decay": WEIGHT_DECAY, "max_gradient_norm": MAX_NORM,
            "losses": numbers["losses"].tolist(), "norms": numbers["norms"].tolist(),
            "wrong": {
                name: {"largest_relative_difference": relative(result["losses"], numbers["losses"]), "losses": result["losses"].tolist()}
                for name, result in wrong.items()},
        }
        for name, result in report["training"]["wrong"].items():
            assert result["largest_relative_difference"] > 1e-4, f"{folder.name}: {name} would go unnoticed"

    stored = {**batch.tensors(), **numbers}
    if class_weights is not None:
        stored["class_weights"] = class_weights
    if "training" in wanted:
        for k, training_batch in enumerate(batches):
            stored.update(training_batch.tensors(f"train.{k}."))
    assert report["float32_differences"].get("losses", 0) < 2e-6, f"{folder.name}: float32 is too far from float64"
    assert all(numpy.isfinite(x).all() for x in numbers.values())

    tensors = dict(weights)
    if task == "mlm" and config["model_type"] == "albert":      # many real files carry the tied decoder a second time
        tensors["predictions.decoder.weight"] = weights["albert.embeddings.word_embeddings.weight"]
        tensors["predictions.decoder.bias"] = weights["predictions.bias"]
    tensorfile.write(folder / "model.safetensors", tensors)
    tensorfile.write(folder / "reference.safetensors", stored)
    (folder / "config.json").write_text(compact(config))
    (folder / "reference.json").write_text(compact(report))
    return report


def main():
    torch.set_num_threads(1)
    check_philox()
    default = pathlib.Path(__file__).resolve().parents[2] / "tests" / "Golden" / "Model"
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    for seed, (name, (config, task, labels, wanted)) in enumerate(CASES.items(), start=FIRST_SEED):
        report = make(output / name, seed, config, task, labels, wanted)
        print(name, f"loss {report['loss']:.6f}", report["float32_differences"])
        for wrong, result in report.get("training", {}).get("wrong", {}).items():
            print(f"    {wrong}: {result['largest_relative_difference']:.2g}")


if __name__ == "__main__":
    main()
