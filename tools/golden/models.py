"""BERT, RoBERTa and ALBERT in plain PyTorch: padded batches with attention masks, module names as in HuggingFace's checkpoints.

Shapes: B molecules, T tokens of the longest, C hidden, E embedding size, F feed-forward, V vocabulary, K labels.
Every place that drops activations calls `drop`, with its site's number: 0 after the embeddings' layer norm; in layer l
1+3l the attention probabilities, 2+3l the attention's output, 3+3l the feed-forward's output (ALBERT drops nothing there);
after L layers 1+3L the head's input and 2+3L what stands before RoBERTa's last linear layer.
"""
import math

import torch
from torch import nn
from torch.nn import functional


class NoDropout:
    """Evaluation: nothing is dropped."""

    def tokens(self, x, site):          # (B,T,C)
        return x

    def attention(self, probs, site):   # (B,heads,T,T)
        return probs

    def molecules(self, x, site):       # (B,C)
        return x


def activation(kind):
    return {
        "gelu": functional.gelu,
        "gelu_new": lambda x: functional.gelu(x, approximate="tanh"),
        "relu": functional.relu,
    }[kind]


def branch(**children):
    """A module that only holds others: a level of the parameters' names."""
    holder = nn.Module()
    for name, child in children.items():
        setattr(holder, name, child)
    return holder


def norm(config, width):
    return nn.LayerNorm(width, eps=config["layer_norm_eps"])


class Embeddings(nn.Module):
    def __init__(self, config, width):
        super().__init__()
        self.word_embeddings = nn.Embedding(config["vocab_size"], width)
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], width)
        self.token_type_embeddings = nn.Embedding(config["type_vocab_size"], width)
        self.LayerNorm = norm(config, width)
        self.pad = config["pad_token_id"]
        self.roberta = config["model_type"] == "roberta"

    def forward(self, ids, mask, drop):
        if self.roberta:                # real tokens count from pad + 1, padding stays at pad
            positions = mask.long().cumsum(1) * mask.long() + self.pad
        else:
            positions = torch.arange(ids.shape[1]).expand_as(ids)
        x = self.word_embeddings(ids) + self.position_embeddings(positions) + self.token_type_embeddings(torch.zeros_like(ids))
        return drop.tokens(self.LayerNorm(x), 0)


def attend(parts, x, mask, heads, drop, site):
    """softmax(Q K^T / sqrt(HS)) V of each head, padded keys left out.   (B,T,C)"""
    b, t, c = x.shape
    q, k, v = (layer(x).view(b, t, heads, c // heads).transpose(1, 2) for layer in (parts.query, parts.key, parts.value))
    scores = q @ k.transpose(-1, -2) / math.sqrt(c // heads)
    probs = torch.softmax(scores.masked_fill(~mask[:, None, None, :], -math.inf), dim=-1)
    return (drop.attention(probs, site) @ v).transpose(1, 2).reshape(b, t, c)


def projections(c):
    return {name: nn.Linear(c, c) for name in ("query", "key", "value")}


class BertLayer(nn.Module):
    """An encoder layer of BERT and RoBERTa."""

    def __init__(self, config):
        super().__init__()
        c, f = config["hidden_size"], config["intermediate_size"]
        self.attention = branch(self=branch(**projections(c)), output=branch(dense=nn.Linear(c, c), LayerNorm=norm(config, c)))
        self.intermediate = branch(dense=nn.Linear(c, f))
        self.output = branch(dense=nn.Linear(f, c), LayerNorm=norm(config, c))
        self.heads, self.act = config["num_attention_heads"], activation(config["hidden_act"])

    def forward(self, x, mask, drop, layer):
        y = attend(getattr(self.attention, "self"), x, mask, self.heads, drop, 1 + 3 * layer)
        y = drop.tokens(self.attention.output.dense(y), 2 + 3 * layer)
        x = self.attention.output.LayerNorm(y + x)
        y = drop.tokens(self.output.dense(self.act(self.intermediate.dense(x))), 3 + 3 * layer)
        return self.output.LayerNorm(y + x)


class AlbertLayer(nn.Module):
    """ALBERT's one layer, applied L times."""

    def __init__(self, config):
        super().__init__()
        c, f = config["hidden_size"], config["intermediate_size"]
        self.attention = branch(**projections(c), dense=nn.Linear(c, c), LayerNorm=norm(config, c))
        self.ffn, self.ffn_output = nn.Linear(c, f), nn.Linear(f, c)
        self.full_layer_layer_norm = norm(config, c)
        self.heads, self.act = config["num_attention_heads"], activation(config["hidden_act"])

    def forward(self, x, mask, drop, layer):
        y = attend(self.attention, x, mask, self.heads, drop, 1 + 3 * layer)
        y = drop.tokens(self.attention.dense(y), 2 + 3 * layer)
        x = self.attention.LayerNorm(x + y)
        y = self.ffn_output(self.act(self.ffn(x)))
        return self.full_layer_layer_norm(y + x)


class Body(nn.Module):
    """Embeddings and encoder; a pooler where the head wants one."""

    def __init__(self, config, pooler):
        super().__init__()
        c, self.count = config["hidden_size"], config["num_hidden_layers"]
        self.albert = config["model_type"] == "albert"
        if self.albert:
            e = config["embedding_size"]
            self.embeddings = Embeddings(config, e)
            group = branch(albert_layers=nn.ModuleList([AlbertLayer(config)]))
            self.encoder = branch(embedding_hidden_mapping_in=nn.Linear(e, c), albert_layer_groups=nn.ModuleList([group]))
        else:
            self.embeddings = Embeddings(config, c)
            self.encoder = branch(layer=nn.ModuleList(BertLayer(config) for _ in range(self.count)))
        if pooler:
            self.pooler = nn.Linear(c, c) if self.albert else branch(dense=nn.Linear(c, c))

    def forward(self, ids, mask, drop):
        """The embeddings (B,T,E) and the hidden states, L+1 of (B,T,C)."""
        embeddings = self.embeddings(ids, mask, drop)
        hidden = [self.encoder.embedding_hidden_mapping_in(embeddings) if self.albert else embeddings]
        for layer in range(self.count):
            module = self.encoder.albert_layer_groups[0].albert_layers[0] if self.albert else self.encoder.layer[layer]
            hidden.append(module(hidden[-1], mask, drop, layer))
        return embeddings, hidden

    def pooled(self, hidden):
        return torch.tanh((self.pooler if self.albert else self.pooler.dense)(hidden[:, 0]))


class Model(nn.Module):
    """A body under its name in the checkpoint, and a sequence head (K logits a molecule) or a masked-token head (V a token)."""

    def __init__(self, config, head):
        super().__init__()
        self.kind, self.head, self.count = config["model_type"], head, config["num_hidden_layers"]
        c, v = config["hidden_size"], config["vocab_size"]
        setattr(self, self.kind, Body(config, pooler=head == "sequence" and self.kind != "roberta"))
        if head == "sequence":
            k = len(config["id2label"])
            self.classifier = branch(dense=nn.Linear(c, c), out_proj=nn.Linear(c, k)) if self.kind == "roberta" else nn.Linear(c, k)
        elif self.kind == "bert":
            transform = branch(dense=nn.Linear(c, c), LayerNorm=norm(config, c))
            self.cls = branch(predictions=branch(transform=transform, bias=nn.Parameter(torch.zeros(v))))
        elif self.kind == "roberta":
            self.lm_head = branch(dense=nn.Linear(c, c), layer_norm=norm(config, c), bias=nn.Parameter(torch.zeros(v)))
        else:
            e = config["embedding_size"]
            self.predictions = branch(dense=nn.Linear(c, e), LayerNorm=norm(config, e), bias=nn.Parameter(torch.zeros(v)))
        # RoBERTa's masked-token head has the exact GELU whatever hidden_act says.
        self.act = activation("gelu" if self.kind == "roberta" else config["hidden_act"])

    @property
    def body(self):
        return getattr(self, self.kind)

    def forward(self, ids, mask, drop=NoDropout()):
        """ids and mask (B,T): the embeddings, the hidden states, the logits (B,K) or (B,T,V)."""
        embeddings, hidden = self.body(ids, mask, drop)
        logits = self.molecules(hidden[-1], drop) if self.head == "sequence" else self.tokens(hidden[-1])
        return embeddings, hidden, logits

    def molecules(self, x, drop):
        first = 1 + 3 * self.count
        if self.kind != "roberta":
            return self.classifier(drop.molecules(self.body.pooled(x), first))
        y = torch.tanh(self.classifier.dense(drop.molecules(x[:, 0], first)))
        return self.classifier.out_proj(drop.molecules(y, first + 1))

    def tokens(self, x):
        if self.kind == "bert":
            parts, layer_norm = self.cls.predictions, self.cls.predictions.transform.LayerNorm
            dense = parts.transform.dense
        else:
            parts = self.lm_head if self.kind == "roberta" else self.predictions
            dense, layer_norm = parts.dense, parts.layer_norm if self.kind == "roberta" else parts.LayerNorm
        x = layer_norm(self.act(dense(x)))
        return functional.linear(x, self.body.embeddings.word_embeddings.weight, parts.bias)    # the decoder is tied
