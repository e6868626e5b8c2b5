#!/usr/bin/env python3
"""Holds the ALBERT of models.py to real weights: the vector of [CLS], and how often a masked token is recovered.

usage: check_rxnmapper.py RXNMAPPER_FOLDER [MOLECULES.txt [COUNT]]
Masks each token between [CLS] and [SEP] in turn, in the first COUNT molecules (default 200); top-1 over the whole vocabulary.
"""
import json
import pathlib
import re
import sys

import torch

import tensorfile
from models import Model

ATOMS = re.compile(r"(\[[^\]]+]|Br?|Cl?|N|O|S|P|F|I|b|c|n|o|s|p|\(|\)|\.|=|#|-|\+|\\|\/|:|~|@|\?|>>?|\*|\$|\%[0-9]{2}|[0-9])")
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
CLS = [0.04926, -0.08617, 1.10492, -0.07223, 0.06588, 0.14928, -0.40060, -0.02291]     # of another implementation, to about 1e-4


def load(folder):
    config = json.loads((folder / "config.json").read_text())
    tensors = tensorfile.read(folder / "model.safetensors")
    model = Model(config, "tokens")
    own = dict(model.named_parameters())
    with torch.no_grad():
        for name, parameter in own.items():
            parameter.copy_(torch.from_numpy(tensors[name].copy()))
    print("tensors in the file that this head does not read:", ", ".join(sorted(set(tensors) - set(own))))
    assert (tensors["predictions.decoder.weight"] == tensors["albert.embeddings.word_embeddings.weight"]).all(), "the decoder is not tied"
    assert (tensors["predictions.decoder.bias"] == tensors["predictions.bias"]).all(), "the decoder's bias is not tied"
    return model.eval()


def main():
    folder = pathlib.Path(sys.argv[1])
    vocabulary = {token: id for id, token in enumerate((folder / "vocab.txt").read_text().splitlines())}
    model = load(folder)

    def encode(smiles):
        tokens = ATOMS.findall(smiles)
        assert "".join(tokens) == smiles, f"not all of {smiles} is tokens"
        return [vocabulary["[CLS]"], *(vocabulary.get(token, vocabulary["[UNK]"]) for token in tokens), vocabulary["[SEP]"]]

    with torch.no_grad():
        ids = torch.tensor([encode(ASPIRIN)])
        first = model(ids, ids >= 0)[1][-1][0, 0, :len(CLS)]
        far = (first - torch.tensor(CLS)).abs().max().item()
        print("[CLS] of", ASPIRIN, *(f"{x:.5f}" for x in first.tolist()), f"largest difference {far:.1e}")
        assert far < 1e-4
        if len(sys.argv) < 3:
            return
        masked = recovered = unknown = 0
        for smiles in pathlib.Path(sys.argv[2]).read_text().split()[:int(sys.argv[3]) if len(sys.argv) > 3 else 200]:
            ids = torch.tensor(encode(smiles))
            places = torch.arange(1, len(ids) - 1)
            batch = ids.repeat(len(places), 1)
            batch[torch.arange(len(places)), places] = vocabulary["[MASK]"]
            logits = model(batch, batch >= 0)[2]
            guesses = logits[torch.arange(len(places)), places].argmax(1)
            masked += len(places)
            recovered += (guesses == ids[1:-1]).sum().item()
            unknown += (ids == vocabulary["[UNK]"]).sum().item()
        print(f"top-1 recovery {recovered} of {masked} = {recovered / masked:.4f} ({unknown} unknown tokens among them)")


if __name__ == "__main__":
    main()
