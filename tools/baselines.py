#!/usr/bin/env python3
"""What finished runs are worth: their test figures beside a linear model on token counts, and beside always giving one answer.

    python3 tools/baselines.py RUN_FOLDER... --data FILE --target COL... [--separator C]        (Debian's python3-sklearn)

FILE, COL and C are what the runs were finetuned with. Each run's own split.csv says which rows train, choose and test; SMILES are taken from
there, targets from FILE by row number. The linear model sees how often each atom token of the training part occurs in a molecule, unscaled:
logistic regression for one label, one for each label of several (rows that lack it left out), ridge regression for values. Its strength is
chosen on the validation part, by what chooses a run's best epoch (accuracy, macro ROC-AUC) or by RMSE, and is 1 where there is none; it is
not fitted again. The majority is the training part's commonest class (a run's majority_rate is the test part's); for several labels and for
values it is the training part's rate and mean. Over several runs (other seeds, so other splits): mean and standard deviation (n - 1).
The targets of the test rows are compared with predictions.csv, so a wrong FILE or COL is found out.
"""
import argparse
import csv
import gzip
import io
import json
import pathlib
import statistics
import sys

import numpy as np
import sklearn.metrics as sk
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, Ridge

import atoms

METRICS = {
    "single_label_classification": ("accuracy", "macro_f1", "mcc"),
    "multi_label_classification": ("macro_roc_auc", "macro_pr_auc"),
    "regression": ("rmse", "mae", "r2"),
}
CHOOSER = {"single_label_classification": "accuracy", "multi_label_classification": "macro_roc_auc", "regression": "rmse"}
STRENGTHS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
UNKNOWN = {"", "na", "n/a", "nan", "null", "\\n"}


def read_table(path):
    """Header and rows; the first row is number 1, blank lines are no rows. May be gzipped."""
    content = pathlib.Path(path).read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = content.decode("utf-8-sig", errors="replace")
    delimiter = max(",;\t|", key=text.split("\n", 1)[0].count)
    csv.field_size_limit(1 << 20)
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if len(row) > 1 or "".join(row).strip()]
    return [name.strip() for name in rows[0]], rows[1:]


def read_rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def number(cell):
    return np.nan if cell.lower() in UNKNOWN else float(cell)


class Run:
    """A run folder's split, with the targets of its rows: (rows) of names for one label, (rows, K) of numbers otherwise, NaN where missing."""

    def __init__(self, folder, data, header, table, columns, separator):
        self.figures = json.loads((folder / "metrics.json").read_text())
        self.task = self.figures["task"]
        split = read_rows(folder / "split.csv")
        predictions = read_rows(folder / "predictions.csv")
        missing = [column for column in columns if column not in header]
        if missing:
            sys.exit(f"{data}: no column {missing[0]}; there are {', '.join(header)}")

        self.smiles = np.array([row["smiles"] for row in split], dtype=object)
        self.part = np.array([row["split"] for row in split])
        labels = [name.removeprefix("target_") for name in predictions[0] if name.startswith("target_")]
        places = [header.index(column) for column in columns]
        cells = [[table[int(row["row"]) - 1][place].strip() for place in places] for row in split]
        if self.task == "single_label_classification":
            self.targets = np.array([row[0] for row in cells], dtype=object)
        elif separator:
            self.targets = np.array([[label in {part.strip() for part in row[0].split(separator)} for label in labels] for row in cells], dtype=float)
        else:
            if not set(labels) <= set(columns):
                sys.exit(f"{folder} predicts {', '.join(labels)}, and --target names {', '.join(columns)}")
            chosen = [columns.index(label) for label in labels]
            self.targets = np.array([[number(row[column]) for column in chosen] for row in cells])
        self.compare(folder, predictions, {row["row"]: place for place, row in enumerate(split)}, labels)

    def compare(self, folder, predictions, place_of, labels):
        """Ends the program where the targets read here are not those that the run was tested on."""
        for row in predictions:
            ours = self.targets[place_of[row["row"]]]
            if self.task == "single_label_classification":
                same = ours == row["target"]
            else:
                same = np.allclose(ours, [number(row["target_" + label]) for label in labels], rtol=1e-5, equal_nan=True)
            if not same:
                sys.exit(f"{folder}: the target of row {row['row']} is {ours} in the data file but another in predictions.csv: another file or column?")

    def counts(self):
        """(train, validation, test) token counts."""
        vectorizer = CountVectorizer(analyzer=atoms.tokens)
        vectorizer.fit(self.smiles[self.part == "train"])
        return [vectorizer.transform(self.smiles[self.part == part]) if (self.part == part).any() else None for part in ("train", "validation", "test")]


def mean_defined(values):
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if defined else float("nan")


def metrics_of(task, truth, answer):
    """The figures of METRICS by name; answer: classes, probabilities (rows, K) or values (rows, K)."""
    if task == "single_label_classification":
        return {"accuracy": sk.accuracy_score(truth, answer), "macro_f1": sk.f1_score(truth, answer, average="macro"), "mcc": sk.matthews_corrcoef(truth, answer)}
    columns = [(truth[there, k], answer[there, k]) for k in range(truth.shape[1]) if (there := ~np.isnan(truth[:, k])).any()]
    if task == "multi_label_classification":
        return {
            "macro_roc_auc": mean_defined(sk.roc_auc_score(t, a) if 0 < t.sum() < len(t) else None for t, a in columns),
            "macro_pr_auc": mean_defined(sk.average_precision_score(t, a) if t.sum() > 0 else None for t, a in columns)}
    return {
        "rmse": mean_defined(float(np.sqrt(sk.mean_squared_error(t, a))) for t, a in columns),
        "mae": mean_defined(sk.mean_absolute_error(t, a) for t, a in columns),
        "r2": mean_defined(sk.r2_score(t, a) if len(np.unique(t)) > 1 else None for t, a in columns)}


def fit(task, counts, targets, strength):
    """A function from counts to answers; a greater strength is a freer model."""
    def logistic():
        return LogisticRegression(C=strength, solver="newton-cg", max_iter=1000)

    if task == "single_label_classification":
        return logistic().fit(counts, targets).predict

    def column(k):
        there = ~np.isnan(targets[:, k])
        x, y = counts[there], targets[there, k]
        if len(y) == 0 or (task == "multi_label_classification" and len(np.unique(y)) < 2):
            return constant_column(y)
        if task == "regression":
            return Ridge(alpha=1 / strength).fit(x, y).predict
        model = logistic().fit(x, y)
        return lambda rows: model.predict_proba(rows)[:, 1]

    answers = [column(k) for k in range(targets.shape[1])]
    return lambda rows: np.stack([answer(rows) for answer in answers], axis=1)


def constant_column(y):
    value = float(np.mean(y)) if len(y) else 0.0
    return lambda rows: np.full(rows.shape[0], value)


def constant(task, targets):
    """A function that gives every molecule the same answer: the training part's commonest class, rate or mean."""
    if task == "single_label_classification":
        names, counts = np.unique(targets.astype(str), return_counts=True)
        return lambda rows: np.full(rows.shape[0], names[counts.argmax()], dtype=object)
    columns = [constant_column(targets[~np.isnan(targets[:, k]), k]) for k in range(targets.shape[1])]
    return lambda rows: np.stack([column(rows) for column in columns], axis=1)


def linear(run):
    """The test figures of the linear model and of the constant answer, and the strength chosen."""
    train, validation, test = run.counts()
    targets = {part: run.targets[run.part == part] for part in ("train", "validation", "test")}
    strength, model, best = 1.0, None, None
    if validation is None:
        model = fit(run.task, train, targets["train"], strength)
    for candidate in STRENGTHS if validation is not None else ():
        trial = fit(run.task, train, targets["train"], candidate)
        score = metrics_of(run.task, targets["validation"], trial(validation))[CHOOSER[run.task]]
        score = -score if run.task == "regression" else score
        if best is None or score > best:
            strength, model, best = candidate, trial, score
    return (metrics_of(run.task, targets["test"], model(test)),
            metrics_of(run.task, targets["test"], constant(run.task, targets["train"])(test)), strength)


def spread(values):
    if any(value is None for value in values):
        return "undefined"
    return f"{statistics.mean(values):.4f}" + (f" ± {statistics.stdev(values):.4f}" if len(values) > 1 else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=pathlib.Path, metavar="RUN_FOLDER")
    parser.add_argument("--data", required=True, metavar="FILE")
    parser.add_argument("--target", required=True, nargs="+", action="extend", metavar="COL")
    parser.add_argument("--separator", metavar="C")
    asked = parser.parse_args()

    header, table = read_table(asked.data)
    figures = {"ours": [], "linear, token counts": [], "majority": []}
    strengths, tasks = [], set()
    for folder in asked.runs:
        if not (folder / "predictions.csv").exists() or not (folder / "metrics.json").exists():
            sys.exit(f"{folder} is no finished run with a test part: it lacks metrics.json or predictions.csv")
        run = Run(folder, asked.data, header, table, asked.target, asked.separator)
        tasks.add(run.task)
        if len(tasks) > 1:
            sys.exit(f"the runs are of several tasks: {', '.join(sorted(tasks))}")
        tested, unmoved, strength = linear(run)
        figures["ours"].append(run.figures["test"])
        figures["linear, token counts"].append(tested)
        figures["majority"].append(unmoved)
        strengths.append(strength)
        rows = {part: int((run.part == part).sum()) for part in ("train", "validation", "test")}
        print(f"{folder}: seed {run.figures['seed']}, rows {rows['train']} + {rows['validation']} + {rows['test']}, strength {strength:g}", file=sys.stderr)

    names = METRICS[tasks.pop()]
    print(f"| test, {len(asked.runs)} run{'s' if len(asked.runs) > 1 else ''} | {' | '.join(names)} |")
    print("|---" * (len(names) + 1) + "|")
    for who, found in figures.items():
        print(f"| {who} | {' | '.join(spread([each[name] for each in found]) for name in names)} |")


if __name__ == "__main__":
    main()
