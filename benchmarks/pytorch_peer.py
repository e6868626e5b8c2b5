#!/usr/bin/env python3
"""The other side of the race: the same network in plain PyTorch, trained or embedding molecules, on the CPU.

    python3 benchmarks/pytorch_peer.py training|embedding LAYERS HIDDEN HEADS FFN VOCAB LENGTHS.txt STEPS THREADS

A RoBERTa-sized encoder of torch.nn's own layers with a head of seven classes: batches of 16 padded to their longest molecule (at most 512 tokens),
dropout 0.1, cross-entropy, gradient clipping at 1, AdamW without decay on biases and layer norms; embedding is the encoder alone, without dropout and
gradients, and takes the first token's vector. Two batches go before those that are timed. Prints one line of JSON with the names that
`SmilesBert.Benchmarks` uses. Needs PyTorch (Debian: python3-torch).
"""
import json
import statistics
import sys
import time

import torch
from torch import nn

BATCH, WARM_UP, CLASSES, POSITIONS, LONGEST, DROPOUT = 16, 2, 7, 514, 512, 0.1


class Encoder(nn.Module):
    def __init__(self, layers, hidden, heads, feed_forward, vocabulary):
        super().__init__()
        self.word = nn.Embedding(vocabulary, hidden)
        self.position = nn.Embedding(POSITIONS, hidden)
        self.token_type = nn.Embedding(1, hidden)
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(
                hidden, heads, feed_forward, DROPOUT, activation="gelu", batch_first=True, layer_norm_eps=1e-12), layers)
        self.dense = nn.Linear(hidden, hidden)
        self.output = nn.Linear(hidden, CLASSES)
        self.dropout = nn.Dropout(DROPOUT)

    def vectors(self, ids, is_padding):
        places = torch.arange(2, ids.shape[1] + 2).expand_as(ids)
        embedded = self.word(ids) + self.position(places) + self.token_type(torch.zeros_like(ids))
        hidden = self.layers(self.dropout(self.norm(embedded)), src_key_padding_mask=is_padding)
        return hidden[:, 0]

    def forward(self, ids, is_padding):
        first = self.dropout(self.vectors(ids, is_padding))
        return self.output(self.dropout(torch.tanh(self.dense(first))))


def training(model):
    decaying = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": decaying, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=2e-5)
    model.train()

    def step(ids, is_padding, labels):
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(model(ids, is_padding), labels).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    return step


def embedding(model):
    model.eval()

    def step(ids, is_padding, labels):
        with torch.inference_mode():
            model.vectors(ids, is_padding)

    return step


def main():
    layers, hidden, heads, feed_forward, vocabulary = (int(size) for size in sys.argv[2:7])
    with open(sys.argv[7], encoding="ascii") as file:
        lengths = [min(int(length), LONGEST) for length in file.read().split()]
    steps, threads = int(sys.argv[8]), int(sys.argv[9])
    torch.set_num_threads(threads)
    torch.manual_seed(0)

    model = Encoder(layers, hidden, heads, feed_forward, vocabulary)
    run = {"training": training, "embedding": embedding}[sys.argv[1]](model)

    times, tokens, padded = [], 0, 0
    for step in range(WARM_UP + steps):
        counts = torch.tensor([lengths[(step * BATCH + i) % len(lengths)] for i in range(BATCH)])
        is_padding = torch.arange(int(counts.max()))[None] >= counts[:, None]
        ids = torch.randint(4, vocabulary, is_padding.shape).masked_fill(is_padding, 1)
        labels = torch.randint(0, CLASSES, (BATCH,))

        began = time.perf_counter()
        run(ids, is_padding, labels)
        if step >= WARM_UP:
            times.append(time.perf_counter() - began)
            tokens += int(counts.sum())
            padded += is_padding.numel()

    print(json.dumps({
        "molecules_per_second": BATCH * steps / sum(times),
        "tokens_per_second": tokens / sum(times),
        "median_step_seconds": statistics.median(times),
        "parameters": sum(p.numel() for p in model.parameters()),
        "padding": 1 - tokens / padded,
        "with": f"PyTorch {torch.__version__}, {threads} thread{'' if threads == 1 else 's'}",
    }))


if __name__ == "__main__":
    main()
