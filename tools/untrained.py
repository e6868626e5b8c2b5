#!/usr/bin/env python3
"""Writes weights/smilesbert-tiny-untrained, a small BERT folder of random weights for tests and trials; or a model's network before any training.

    python3 tools/untrained.py                         (numpy)
    python3 tools/untrained.py --like MODEL --output DIR

The second copies MODEL's config.json and vocab.txt and draws every tensor of its model.safetensors anew: what a finetuning from MODEL is compared
with, to see what pretraining was worth. Random as BERT begins before any training: weights normal with deviation 0.02, biases 0, layer norms 1. The seed is fixed and the generator
one that NumPy has frozen, so a second run writes the same bytes. The vocabulary is the atom regex's: every token of examples/molecules.csv and
the usual ones of organic molecules, salts and isotopes; the script refuses a table with a token that it lacks.
"""
import argparse
import csv
import json
import pathlib
import shutil
import sys

import numpy

import atoms

TOOLS = pathlib.Path(__file__).parent
sys.path.insert(0, str(TOOLS / "golden"))
import tensorfile  # noqa: E402

FOLDER = TOOLS.parent / "weights" / "smilesbert-tiny-untrained"
MOLECULES = TOOLS.parent / "examples" / "molecules.csv"

VOCABULARY = """
    [PAD] [UNK] [CLS] [SEP] [MASK]
    C N O S P F Cl Br I B c n o s p b
    ( ) . = # - : / \\ *
    0 1 2 3 4 5 6 7 8 9 %10 %11 %12 %13 %14 %15
    [C@H] [C@@H] [C@] [C@@] [CH-] [CH] [CH2] [C-] [C+] [c-] [cH-] [H] [2H] [3H] [13C] [11CH3] [18F]
    [nH] [n+] [nH+] [n-] [N+] [N-] [N] [NH+] [NH2+] [NH3+] [NH4+] [N@+] [N@@+]
    [O-] [O+] [O] [OH-] [o+] [S-] [S+] [S@] [S@@] [S@+] [S@@+] [s+] [P+] [P@] [P@@]
    [F-] [Cl-] [Br-] [I-] [B-] [Si] [Se] [SeH] [se] [As] [Sn] [Pt]
    [Li+] [Na+] [K+] [Mg+2] [Ca+2] [Ca++] [Zn+2] [Cu+2] [Fe+2] [Fe+3] [Co+3] [Al+3]
""".split()

CONFIG = {
    "architectures": ["BertModel"],
    "model_type": "bert",
    "vocab_size": len(VOCABULARY),
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
    "hidden_act": "gelu",
    "max_position_embeddings": 256,
    "type_vocab_size": 2,
    "pad_token_id": 0,
    "layer_norm_eps": 1e-12,
    "initializer_range": 0.02,
    "hidden_dropout_prob": 0.1,
    "attention_probs_dropout_prob": 0.1,
    "position_embedding_type": "absolute",
    "torch_dtype": "float32",
}


def shapes():
    """Every tensor's name and shape, as HuggingFace's BertModel has them; weights are (out, in)."""
    c, f = CONFIG["hidden_size"], CONFIG["intermediate_size"]

    def linear(name, out, width):
        return {name + ".weight": (out, width), name + ".bias": (out,)}

    def norm(name):
        return {name + ".LayerNorm.weight": (c,), name + ".LayerNorm.bias": (c,)}

    tensors = {
        "bert.embeddings.word_embeddings.weight": (CONFIG["vocab_size"], c),
        "bert.embeddings.position_embeddings.weight": (CONFIG["max_position_embeddings"], c),
        "bert.embeddings.token_type_embeddings.weight": (CONFIG["type_vocab_size"], c),
        **norm("bert.embeddings"),
    }
    for number in range(CONFIG["num_hidden_layers"]):
        layer = f"bert.encoder.layer.{number}."
        for role in ("query", "key", "value"):
            tensors |= linear(layer + "attention.self." + role, c, c)
        tensors |= linear(layer + "attention.output.dense", c, c) | norm(layer + "attention.output")
        tensors |= linear(layer + "intermediate.dense", f, c)
        tensors |= linear(layer + "output.dense", c, f) | norm(layer + "output")
    return tensors | linear("bert.pooler.dense", c, c)


def draw(generator, name, shape):
    if name.endswith(".bias"):
        return numpy.zeros(shape)
    if name.endswith("LayerNorm.weight"):
        return numpy.ones(shape)
    return generator.normal(0, CONFIG["initializer_range"], shape)


def write(folder, tensors):
    generator = numpy.random.RandomState(1)
    folder.mkdir(parents=True, exist_ok=True)
    tensorfile.write(folder / "model.safetensors", {name: draw(generator, name, shape) for name, shape in tensors.items()})
    print(f"{folder}: {sum(int(numpy.prod(shape)) for shape in tensors.values()):,} parameters")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--like", type=pathlib.Path, metavar="MODEL")
    parser.add_argument("--output", type=pathlib.Path, metavar="DIR")
    given = parser.parse_args()
    if (given.like is None) != (given.output is None):
        parser.error("--like and --output go together")
    if given.like is None:
        tiny()
        return
    write(given.output, {name: values.shape for name, values in tensorfile.read(given.like / "model.safetensors").items()})
    for name in ("config.json", "vocab.txt"):
        shutil.copyfile(given.like / name, given.output / name)


def tiny():
    assert len(set(VOCABULARY)) == len(VOCABULARY), "an entry stands twice in the vocabulary"
    with open(MOLECULES, newline="") as file:
        for row in csv.DictReader(file):
            tokens = atoms.tokens(row["smiles"])
            lacking = set(tokens) - set(VOCABULARY)
            if lacking or "".join(tokens) != row["smiles"]:
                sys.exit(f"{row['name']}: {row['smiles']} is not all of the vocabulary ({' '.join(sorted(lacking)) or 'text that is no token'})")

    write(FOLDER, shapes())
    (FOLDER / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    (FOLDER / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n")


main()
