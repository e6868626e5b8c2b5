#!/usr/bin/env python3
"""Writes tests/Golden/Data/class_weights.json: scikit-learn's 'balanced' class weights of a few drawn training splits.

Run from the repository root; needs numpy and scikit-learn.
"""
import json

import numpy
from sklearn.utils.class_weight import compute_class_weight

draw = numpy.random.RandomState(7)
cases = []
for class_count, rows in [(2, 10), (3, 50), (7, 400), (13, 761)]:
    shares = draw.dirichlet(numpy.full(class_count, 0.7))
    classes = draw.choice(class_count, size=rows, p=shares)
    train = numpy.sort(draw.permutation(rows)[: rows * 8 // 10])
    present = numpy.unique(classes[train])
    weights = numpy.zeros(class_count)
    weights[present] = compute_class_weight("balanced", classes=present, y=classes[train])
    cases.append({"classCount": class_count, "classes": classes.tolist(), "train": train.tolist(), "weights": weights.tolist()})

with open("tests/Golden/Data/class_weights.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
