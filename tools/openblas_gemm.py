#!/usr/bin/env python3
"""Times OpenBLAS on a linear layer's three products, at the sizes of benchmarks/SmilesBert.Benchmarks/LinearBench.cs.

Needs OpenBLAS (Debian: libopenblas0-pthread) and numpy. Calls cblas_sgemm itself, so that whichever BLAS numpy was built with does not matter.

    python3 tools/openblas_gemm.py [threads ...]      by default 1 and 2
"""
import ctypes
import statistics
import sys
import time

import numpy as np

SIZES = [(1024, 768, 768), (1024, 3072, 768), (1024, 768, 3072), (1024, 384, 384), (1024, 384, 1152), (1024, 384, 464), (1024, 464, 384)]
SECONDS = 0.5  # per product
ROW_MAJOR, PLAIN, TRANSPOSED = 101, 111, 112

blas = ctypes.CDLL("libopenblas.so.0")
blas.openblas_get_config.restype = ctypes.c_char_p


def gemm(a, a_as, b, b_as, c, accumulate):
    """C = A B or C += A B, each operand as it lies or transposed."""
    m, n = c.shape
    k = a.shape[1] if a_as == PLAIN else a.shape[0]
    pointer = ctypes.POINTER(ctypes.c_float)
    blas.cblas_sgemm(
        ROW_MAJOR, a_as, b_as, m, n, k, ctypes.c_float(1), a.ctypes.data_as(pointer), a.shape[1],
        b.ctypes.data_as(pointer), b.shape[1], ctypes.c_float(1 if accumulate else 0), c.ctypes.data_as(pointer), c.shape[1])


def rate(operations, product):
    """Median and best GFLOP/s."""
    for _ in range(3):
        product()
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < SECONDS or len(times) < 5:
        begin = time.perf_counter()
        product()
        times.append(time.perf_counter() - begin)
    return operations / statistics.median(times) * 1e-9, operations / min(times) * 1e-9


def main():
    print(blas.openblas_get_config().decode())
    random = np.random.default_rng(1)
    new = lambda rows, columns: random.random((rows, columns), dtype=np.float32) - 0.5
    for threads in [int(t) for t in sys.argv[1:]] or [1, 2]:
        blas.openblas_set_num_threads(threads)
        for n, width, out in SIZES:
            x, w, y, dx, dy, dw = new(n, width), new(out, width), new(n, out), new(n, width), new(n, out), new(out, width)
            products = {
                "forward": lambda: gemm(x, PLAIN, w, TRANSPOSED, y, False),
                "backward input": lambda: gemm(dy, PLAIN, w, PLAIN, dx, False),
                "backward params": lambda: gemm(dy, TRANSPOSED, x, PLAIN, dw, True),
            }
            for name, product in products.items():
                median, best = rate(2 * n * width * out, product)
                print(f"{threads} threads  {n}x{width}x{out}  {name:15}  {median:6.1f} GFLOP/s  (best {best:.1f})")


main()
