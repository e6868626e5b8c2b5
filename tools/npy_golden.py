#!/usr/bin/env python3
"""Writes tests/Golden/Analysis/*.npy with numpy: matrices that NpyFile reads, and some that it must refuse.

    python3 tools/npy_golden.py
"""
import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parent.parent / "tests" / "Golden" / "Analysis"
FOLDER.mkdir(parents=True, exist_ok=True)

# Element (r, c) is r + c / 8 - 2, exact in every type.
matrix = np.arange(5)[:, None] + np.arange(3) / 8 - 2
np.save(FOLDER / "f4.npy", matrix.astype("<f4"))
np.save(FOLDER / "f8.npy", matrix.astype("<f8"))
np.save(FOLDER / "no_rows.npy", matrix[:0].astype("<f4"))
with open(FOLDER / "version2.npy", "wb") as file:
    np.lib.format.write_array(file, matrix.astype("<f4"), version=(2, 0))

np.save(FOLDER / "refused_big_endian.npy", matrix.astype(">f4"))
np.save(FOLDER / "refused_integers.npy", matrix.astype("<i4"))
np.save(FOLDER / "refused_fortran.npy", np.asfortranarray(matrix.astype("<f4")))
np.save(FOLDER / "refused_vector.npy", matrix[0].astype("<f4"))
np.save(FOLDER / "refused_objects.npy", np.array([["a", None]], dtype=object), allow_pickle=True)
np.save(FOLDER / "refused_record.npy", np.zeros((2, 2), dtype=[("x", "<f4")]))
with open(FOLDER / "refused_version3.npy", "wb") as file:
    np.lib.format.write_array(file, matrix.astype("<f4"), version=(3, 0))
