#!/usr/bin/env python3
"""Writes tests/Golden/Analysis/{single_label,multi_label,regression}.json: random cases and what scikit-learn makes of them.

    python3 tools/metrics_golden.py        (scikit-learn and numpy)

Where scikit-learn warns and answers with a filler, or cannot answer because a class is absent, null is expected: an area of a label
that is all one side, the F1 of a class neither there nor predicted, MCC of one true class, R2 of a constant target. A macro average is
the mean over the labels for which the figure is defined; where all are, it is checked here against scikit-learn's own.
"""
import json
import pathlib
import warnings

import numpy as np
import sklearn.metrics as sk

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "Golden" / "Analysis"
rng = np.random.default_rng(20240607)
warnings.filterwarnings("ignore")


def f32(values):
    """What a float holds, as doubles: the values that both sides compute with."""
    return np.asarray(values, np.float32).astype(float)


def numbers(values):
    """The shortest decimals that read back to the same floats."""
    return [None if np.isnan(v) else float(str(v)) for v in np.asarray(values, np.float32).ravel()]


def mean(values):
    defined = [v for v in values if v is not None]
    return float(np.mean(defined)) if defined else None


def roc_auc(truth, score):
    return float(sk.roc_auc_score(truth, score)) if 0 < np.sum(truth) < len(truth) else None


def pr_auc(truth, score):
    return float(sk.average_precision_score(truth, score)) if np.sum(truth) > 0 else None


def f1(truth, predicted):
    return float(sk.f1_score(truth, predicted)) if np.sum(truth) + np.sum(predicted) > 0 else None


def softmax(logits, grid=None):
    """Probabilities that are exact floats; with a grid, rounded to it, so that many are equal."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    if grid:
        p = np.round(p * grid) / grid
    return f32(np.round(p, 6))


def single_label(name, truth, p):
    rows, k = p.shape
    predicted = p.argmax(axis=1)
    per_class = []
    for c in range(k):
        t, q = truth == c, predicted == c
        per_class.append({
            "precision": float(sk.precision_score(t, q)) if q.any() else None,
            "recall": float(sk.recall_score(t, q)) if t.any() else None,
            "f1": f1(t, q), "roc_auc": roc_auc(t, p[:, c]), "pr_auc": pr_auc(t, p[:, c]), "support": int(t.sum())})
    occurring = len(np.unique(truth))
    metrics = {
        "accuracy": float(sk.accuracy_score(truth, predicted)),
        "macro_f1": float(sk.f1_score(truth, predicted, average="macro")),
        "weighted_f1": float(sk.f1_score(truth, predicted, average="weighted")),
        "mcc": float(sk.matthews_corrcoef(truth, predicted)) if occurring > 1 else None,
        "roc_auc": per_class[1]["roc_auc"] if k == 2 else mean([c["roc_auc"] for c in per_class]),
        "pr_auc": per_class[1]["pr_auc"] if k == 2 else mean([c["pr_auc"] for c in per_class]),
        "majority_rate": float(np.bincount(truth).max() / rows)}
    if k > 2 and occurring == k:
        if np.allclose(p.sum(axis=1), 1):
            assert abs(sk.roc_auc_score(truth, p, multi_class="ovr", average="macro") - metrics["roc_auc"]) < 1e-12
        assert abs(sk.average_precision_score(np.eye(k)[truth], p, average="macro") - metrics["pr_auc"]) < 1e-12
    return {"name": name, "classes": k, "targets": truth.tolist(), "probabilities": numbers(p), "metrics": metrics,
            "per_class": per_class, "confusion": sk.confusion_matrix(truth, predicted, labels=range(k)).ravel().tolist()}


def multi_label(name, truth, p):
    k = p.shape[1]
    per_label = []
    for c in range(k):
        there = ~np.isnan(truth[:, c])
        t, s = truth[there, c] == 1, p[there, c]
        per_label.append({"roc_auc": roc_auc(t, s), "pr_auc": pr_auc(t, s), "f1": f1(t, s >= 0.5),
                          "positives": int(t.sum()), "labelled": int(there.sum())})
    there = ~np.isnan(truth)
    t, s = truth[there] == 1, p[there]
    metrics = {
        "macro_roc_auc": mean([c["roc_auc"] for c in per_label]), "micro_roc_auc": roc_auc(t, s),
        "macro_pr_auc": mean([c["pr_auc"] for c in per_label]),
        "macro_f1": mean([c["f1"] for c in per_label]), "micro_f1": f1(t, s >= 0.5)}
    if k > 1 and there.all() and all(c["roc_auc"] is not None for c in per_label):
        for average in ("macro", "micro"):
            assert abs(sk.roc_auc_score(truth, p, average=average) - metrics[average + "_roc_auc"]) < 1e-12
            assert abs(sk.f1_score(truth, p >= 0.5, average=average) - metrics[average + "_f1"]) < 1e-12
        assert abs(sk.average_precision_score(truth, p, average="macro") - metrics["macro_pr_auc"]) < 1e-12
    return {"name": name, "labels": k, "targets": numbers(truth), "probabilities": numbers(p), "metrics": metrics, "per_label": per_label}


def regression(name, truth, predicted):
    per_target = []
    for c in range(truth.shape[1]):
        there = ~np.isnan(truth[:, c])
        t, p = truth[there, c], predicted[there, c]
        per_target.append({
            "rmse": float(sk.mean_squared_error(t, p, squared=False)) if len(t) else None,
            "mae": float(sk.mean_absolute_error(t, p)) if len(t) else None,
            "r2": float(sk.r2_score(t, p)) if len(np.unique(t)) > 1 else None, "labelled": len(t)})
    metrics = {m: mean([t[m] for t in per_target]) for m in ("rmse", "mae", "r2")}
    if not np.isnan(truth).any() and all(t["r2"] is not None for t in per_target):
        assert abs(sk.mean_squared_error(truth, predicted, squared=False) - metrics["rmse"]) < 1e-12
        assert abs(sk.r2_score(truth, predicted) - metrics["r2"]) < 1e-12
    return {"name": name, "columns": truth.shape[1], "targets": numbers(truth), "predictions": numbers(predicted),
            "metrics": metrics, "per_target": per_target}


def learned(truth, k, strength, grid=None):
    return softmax(rng.normal(size=(len(truth), k)) + strength * np.eye(k)[truth], grid)


def write(name, cases):
    (FOLDER / name).write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


def single_label_cases():
    for k, rows in ((2, 60), (7, 100), (40, 80)):
        truth = rng.permutation(np.arange(rows) % k)
        yield single_label(f"{k} classes", truth, learned(truth, k, 1.5))
        yield single_label(f"{k} classes, ties", truth, learned(truth, k, 1.0, grid=8))
        yield single_label(f"{k} classes, constant prediction", truth, softmax(np.tile(np.arange(k) / k, (rows, 1))))
        yield single_label(f"{k} classes, all equal", truth, softmax(np.zeros((rows, k)), grid=k))
        yield single_label(f"{k} classes, perfect", truth, softmax(9.0 * np.eye(k)[truth]))
        only = np.full(12, k - 1)
        yield single_label(f"{k} classes, only the last occurs", only, learned(only, k, 0.5))
        only = np.zeros(12, int)
        yield single_label(f"{k} classes, only the first occurs", only, learned(only, k, 0.5))
    truth = rng.choice([1, 2, 5], size=50, p=[0.6, 0.3, 0.1])
    yield single_label("7 classes, four absent", truth, learned(truth, 7, 1.0))
    truth = rng.choice(7, size=150, p=[0.57, 0.14, 0.1, 0.08, 0.05, 0.04, 0.02])
    yield single_label("7 classes, unbalanced", truth, learned(truth, 7, 1.2))
    truth = np.array([1])
    yield single_label("one row", truth, learned(truth, 3, 0.0))


def multi_label_cases():
    for k, rows in ((1, 40), (12, 90)):
        truth = (rng.random((rows, k)) < np.linspace(0.2, 0.6, k)).astype(float)
        score = 1 / (1 + np.exp(-(rng.normal(size=truth.shape) + 1.2 * (truth - 0.5))))
        fine, coarse = f32(np.round(score, 6)), np.round(score * 8) / 8
        yield multi_label(f"{k} labels", truth, fine)
        yield multi_label(f"{k} labels, ties", truth, coarse)
        yield multi_label(f"{k} labels, all 0.5", truth, np.full_like(truth, 0.5))
        masked = np.where(rng.random(truth.shape) < 0.3, np.nan, truth)
        yield multi_label(f"{k} labels, masked", masked, coarse)
        yield multi_label(f"{k} labels, nothing labelled", np.full_like(truth, np.nan), coarse)
        yield multi_label(f"{k} labels, no positive", np.zeros_like(truth), np.full_like(truth, 0.25))
        yield multi_label(f"{k} labels, all positive", np.ones_like(truth), fine)
    masked[:, 0], masked[:, 1], masked[:, 2] = np.nan, np.where(np.isnan(masked[:, 1]), np.nan, 0), 1
    yield multi_label("12 labels: one missing, one negative, one positive throughout", masked, fine)


def regression_cases():
    for k in (1, 3):
        truth = f32(np.round(rng.normal(-3, 2, size=(60, k)), 3))
        predicted = f32(np.round(truth + rng.normal(0, 0.7, size=truth.shape), 3))
        yield regression(f"{k} targets", truth, predicted)
        yield regression(f"{k} targets, perfect", truth, truth)
        yield regression(f"{k} targets, far from zero", f32(truth + 4096), f32(predicted + 4096))
        yield regression(f"{k} targets, worse than the mean", truth, f32(-predicted))
        yield regression(f"{k} targets, constant target", np.full_like(truth, f32(0.1)), predicted)
        yield regression(f"{k} targets, constant prediction", truth, np.full_like(truth, 1.5))
        yield regression(f"{k} targets, masked", np.where(rng.random(truth.shape) < 0.4, np.nan, truth), predicted)
        yield regression(f"{k} targets, one row", truth[:1], predicted[:1])
        yield regression(f"{k} targets, nothing labelled", np.full_like(truth, np.nan), predicted)
    truth[:, 0], truth[:, 1] = np.nan, 2.5
    yield regression("3 targets: one missing, one constant", truth, predicted)


FOLDER.mkdir(parents=True, exist_ok=True)
write("single_label.json", list(single_label_cases()))
write("multi_label.json", list(multi_label_cases()))
write("regression.json", list(regression_cases()))
