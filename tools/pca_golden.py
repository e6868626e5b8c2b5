#!/usr/bin/env python3
"""Writes tests/Golden/Analysis/{pca.json,pca_3000x256.npy,separability.json}: principal components and separability as scikit-learn has them.

    python3 tools/pca_golden.py            (scikit-learn 1.2 and numpy; 1.5 and later sign components otherwise)

The large matrices are not committed: both sides make them from the same generator (matrix below; GeneratedRows in the tests).
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import silhouette_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "Golden" / "Analysis"
COMPONENTS = 4
assert tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 5), "signs are fixed by U only before 1.5"
warnings.filterwarnings("error")


def matrix(rows, width, factors, seed):
    """(float32 rows, the class of each): a few factors through random loadings, an offset by column, and noise; the class is the largest of the
    first factors, or one that is named at random. Numbers come from state = 1664525 * state + 1013904223 mod 2^32, its upper 24 bits, less a half."""
    state = seed

    def u():
        nonlocal state
        state = (1664525 * state + 1013904223) % 2**32
        return (state >> 8) / 2**24 - 0.5

    loadings = np.array([[u() for _ in range(width)] for _ in range(factors)])
    values, classes = np.empty((rows, width), np.float32), []
    for i in range(rows):
        factor = np.array([u() for _ in range(factors)])
        row = np.zeros(width)
        for f in range(factors):
            row += factor[f] * (factors - f) * loadings[f]
        values[i] = row + np.array([j % 7 + u() for j in range(width)])
        named = u()
        classes.append(int(np.argmax(factor[:5])) if named < 0.3 else int((named + 0.5) * 5) % 5)
    return values, classes


def pca_case(name, values, **more):
    model = PCA(svd_solver="full").fit(values.astype(float))
    coordinates = model.transform(values.astype(float))
    return coordinates, dict(
        name=name, rows=values.shape[0], width=values.shape[1], **more,
        mean=model.mean_.tolist(), explained_variance=model.explained_variance_.tolist(),
        explained_variance_ratio=model.explained_variance_ratio_[:COMPONENTS].tolist(), components=model.components_[:COMPONENTS].tolist())


def write_pca():
    cases = []
    for name, rows, width, factors, seed in [("tall", 40, 7, 3, 1), ("wide", 12, 30, 3, 2), ("square", 9, 9, 4, 3), ("two columns", 6, 2, 2, 4)]:
        values, _ = matrix(rows, width, factors, seed)
        coordinates, case = pca_case(name, values, factors=factors, seed=seed)
        cases.append(dict(case, components=case["components"][:width], coordinates=coordinates[:, :COMPONENTS].tolist()))
    values, _ = matrix(3000, 256, 8, 5)
    coordinates, case = pca_case("large", values, factors=8, seed=5)
    np.save(FOLDER / "pca_3000x256.npy", coordinates[:, :COMPONENTS].astype(np.float32))
    cases.append(dict(case, coordinates=None, components=None))
    (FOLDER / "pca.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


def probe(train, classes):
    """A function from points to (predicted, probabilities of the classes trained on): a predicted class where there is but one."""
    scaler = StandardScaler().fit(train)

    def fit(kept, sides):
        if len(set(sides)) == 1:
            return lambda points: (np.full(len(points), sides[0]), np.ones((len(points), 1)))
        model = LogisticRegression(tol=1e-9, max_iter=100000).fit(scaler.transform(kept), sides)
        return lambda points: (model.predict(scaler.transform(points)), model.predict_proba(scaler.transform(points)))

    known = classes >= 0
    return fit(train[known], classes[known])


def neighbours(train, classes, points):
    known = classes >= 0
    return KNeighborsClassifier(5, algorithm="brute").fit(train[known], classes[known]).predict(points)


def accuracy(predicted, classes):
    known = classes >= 0
    return float(np.mean(predicted[known] == classes[known]))


def silhouette(points, classes):
    known = classes >= 0
    kinds = len(set(classes[known]))
    return float(silhouette_score(points[known], classes[known])) if 2 <= kinds < known.sum() else None


def majority(classes):
    return float(np.bincount(classes[classes >= 0]).max() / (classes >= 0).sum())


def one_set(points, classes, molecules):
    knn, probed = np.empty(len(points), int), np.empty(len(points), int)
    for molecule in set(molecules):
        own = molecules == molecule
        knn[own] = neighbours(points[~own], classes[~own], points[own])
    for fold in range(5):
        judged = molecules % 5 == fold
        probed[judged] = probe(points[~judged], classes[~judged])(points[judged])[0]
    return [silhouette(points, classes), accuracy(knn, classes), accuracy(probed, classes), majority(classes)]


def held_out(train, classes, points, truth):
    predicted, probabilities = probe(train, classes)(points)
    figures = [silhouette(points, truth), accuracy(neighbours(train, classes, points), truth), accuracy(predicted, truth), majority(truth)]
    return figures, probabilities


def means(figures):
    return [float(np.mean([f for f in column if f is not None])) for column in zip(*figures)]


def separability_case(name, points, columns, training, molecules=None, multi=False):
    points = points.astype(np.float32)
    molecules = np.arange(len(points)) if molecules is None else molecules
    exact = points.astype(float)
    train, rest = slice(None, training), slice(training, None)
    usable = [c for c in columns.T if not multi or {0, 1} <= set(c)]
    usable_held_out = [c for c in columns.T if not multi or ({0, 1} <= set(c[train]) and {0, 1} <= set(c[rest]))]
    held = [held_out(exact[train], c[train], exact[rest], c[rest]) for c in usable_held_out]
    return dict(
        name=name, multi_label=multi, width=points.shape[1], points=[float(str(v)) for v in points.ravel()], labels=columns.ravel().tolist(),
        molecules=molecules.tolist(), training=training,
        one_set=means([one_set(exact, c, molecules) for c in usable]), held_out=means([figures for figures, _ in held]),
        # Of the first labelling, the first ten points held out; of two classes the second's.
        probabilities=(held[0][1][:10, 1:] if held[0][1].shape[1] == 2 else held[0][1][:10]).tolist())


def write_separability():
    rng = np.random.default_rng(4)

    def clouds(n, width, kinds, spread):
        classes = rng.integers(0, kinds, n)
        return np.round(rng.normal(size=(kinds, width))[classes] + spread * rng.normal(size=(n, width)), 4), classes[:, None]

    points, classes = clouds(60, 2, 2, 0.7)
    cases = [separability_case("two classes", points, classes, 45)]
    points, classes = clouds(90, 6, 5, 1.2)
    cases.append(separability_case("votes that tie", points, classes, 60))
    points, classes = clouds(80, 5, 4, 0.8)
    points[:, 2] = 1.5
    classes[[3, 70]] = [[4], [5]]                   # classes of one point, the last not in training
    cases.append(separability_case("a constant column and lone points", points, classes, 60))
    points, classes = clouds(70, 100, 3, 2.0)
    cases.append(separability_case("wider than long", points, classes, 50))
    points, classes = clouds(75, 4, 3, 1.0)
    molecules = np.sort(rng.integers(0, 30, 75))    # numbered as they come
    molecules = np.unique(molecules, return_inverse=True)[1]
    cases.append(separability_case("molecules of several rows", points, classes, 50, molecules))
    points, classes = clouds(80, 5, 4, 0.9)
    sets = np.stack([classes[:, 0] == 0, classes[:, 0] >= 2, rng.random(80) < 0.3, np.zeros(80, bool)], axis=1).astype(int)
    cases.append(separability_case("labels", points, sets, 60, multi=True))
    sets = sets[:, :3].copy()
    sets[rng.random(sets.shape) < 0.2] = -1
    cases.append(separability_case("labels, some unknown", points, sets, 60, multi=True))
    (FOLDER / "separability.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")

    values, classes = matrix(3000, 256, 8, 5)
    classes = np.array(classes)
    figures, probabilities = held_out(values[:2000].astype(float), classes[:2000], values[2000:].astype(float), classes[2000:])
    (FOLDER / "separability_3000x256.json").write_text(json.dumps(dict(held_out=figures, probabilities=probabilities[:10].tolist())) + "\n")


write_pca()
write_separability()
