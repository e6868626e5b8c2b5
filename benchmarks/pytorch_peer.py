#!/usr/bin/env python3
"""The other side of the race: training steps of the same network in plain PyTorch, on the CPU.

    python3 benchmarks/pytorch_peer.py LAYERS HIDDEN HEADS FFN VOCAB LENGTHS.txt STEPS THREADS

A RoBERTa-sized encoder of torch.nn's own layers with a head of seven classes: batches of 16 padded to their longest molecule (at most 512 tokens),
dropout 0.1, cross-entropy, gradient clipping at 1, AdamW without decay on biases and layer norms. Two steps go before those that are timed.
Prints one line of JSON with the names that `SmilesBert.Benchmarks training` uses. Needs PyTorch (Debian: python3-torch).
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

    def forward(self, ids, is_padding):
        places = torch.arange(2, ids.shape[1] + 2).expand_as(ids)
        embedded = self.word(ids) + self.position(places) + self.token_type(torch.zeros_like(ids))
        hidden = self.layers(self.dropout(self.norm(embedded)), src_key_padding_mask=is_padding)
        first = self.dropout(hidden[:, 0])
        return self.output(self.dropout(torch.tanh(self.dense(first))))


def main():
    layers, hidden, heads, feed_forward, vocabulary = (int(size) for size in sys.argv[1:6])
    with open(sys.argv[6], encoding="ascii") as file:
        lengths = [min(int(length), LONGEST) for length in file.read().split()]
    steps, threads = int(sys.argv[7]), int(sys.argv[8])
    torch.set_num_threads(threads)
    torch.manual_seed(0)

    model = Encoder(layers, hidden, heads, feed_forward, vocabulary).train()
    decaying = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": decaying, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=2e-5)

    times, tokens, padded = [], 0, 0
    for step in range(WARM_UP + steps):
        counts = torch.tensor([lengths[(step * BATCH + i) % len(lengths)] for i in range(BATCH)])
        is_padding = torch.arange(int(counts.max()))[None] >= counts[:, None]
        ids = torch.randint(4, vocabulary, is_padding.shape).masked_fill(is_padding, 1)
        labels = torch.randint(0, CLASSES, (BATCH,))

        began = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(model(ids, is_padding), labels).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
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
