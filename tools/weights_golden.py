#!/usr/bin/env python3
"""Writes tests/Golden/Weights: checkpoints and conversions as PyTorch makes them, and pickles that would run code.

    python3 tools/weights_golden.py tests/Golden/Weights

Made with PyTorch 1.13. The safetensors files are put together here by struct and json, so that our reader is held to another writer.
"""

import base64
import builtins
import collections
import functools
import hashlib
import io
import json
import os
import pickle
import pickletools
import runpy
import struct
import subprocess
import sys
import zipfile

import torch

NAMES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.float64: "F64", torch.int64: "I64",
         torch.int32: "I32", torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL", torch.complex64: "C64"}


def raw(tensor):
    tensor = tensor.detach().contiguous()
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.view(torch.int16)
    return tensor.numpy().tobytes()


def write_safetensors(path, tensors, metadata=None):
    header, data = ({"__metadata__": metadata} if metadata else {}), b""
    for name, tensor in tensors.items():
        begin, data = len(data), data + raw(tensor)
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def mixed():
    torch.manual_seed(7)
    shared = torch.randn(40)
    tensors = collections.OrderedDict()
    tensors["float"] = torch.randn(3, 5)
    tensors["half"] = torch.randn(4, 3).half()
    tensors["bfloat16"] = torch.randn(2, 7).bfloat16()
    tensors["double"] = torch.randn(6).double()
    tensors["parameter"] = torch.nn.Parameter(torch.randn(2, 2))
    tensors["scalar"] = torch.tensor(1.5)
    tensors["empty"] = torch.zeros(0, 4)
    tensors["transposed"] = torch.randn(3, 4).t()
    tensors["permuted"] = torch.randn(2, 3, 4).permute(2, 0, 1)
    tensors["every_other"] = torch.randn(10)[1::2]
    tensors["expanded"] = torch.randn(3, 1).expand(3, 4)
    tensors["half_transposed"] = torch.randn(3, 4).half().t()
    tensors["view_head"] = shared[:10].view(2, 5)
    tensors["view_tail"] = shared[30:]
    tensors["tied"] = shared
    for name in ("int64", "int32", "int16", "int8", "uint8"):
        tensors[name] = torch.arange(4).to(getattr(torch, name))
    tensors["bool"] = torch.tensor([True, False])
    tensors["complex64"] = torch.tensor([1 + 2j], dtype=torch.complex64)
    # What a module's state_dict carries besides its tensors.
    tensors._metadata = collections.OrderedDict({"": {"version": 1}, "layer": {"version": 2}})
    return tensors


def write_mixed(folder):
    tensors = mixed()
    write_safetensors(f"{folder}/mixed.safetensors", tensors)
    torch.save(tensors, f"{folder}/mixed.zip.bin")
    torch.save(tensors, f"{folder}/mixed.stream.bin", _use_new_zipfile_serialization=False)
    with zipfile.ZipFile(f"{folder}/mixed.zip.bin") as stored, zipfile.ZipFile(f"{folder}/mixed.deflated.bin", "w", zipfile.ZIP_DEFLATED) as deflated:
        for name in stored.namelist():
            deflated.writestr(zipfile.ZipInfo(name), stored.read(name), zipfile.ZIP_DEFLATED)


def write_shards(folder):
    tensors = {"a.weight": torch.arange(6.0).view(2, 3), "a.bias": torch.arange(2.0), "b.weight": -torch.arange(4.0)}
    shards = [["a.weight"], ["a.bias", "b.weight"]]
    for form, save in (("safetensors", lambda t, p: write_safetensors(p, t, {"format": "pt"})), ("bin", torch.save)):
        stem = "model" if form == "safetensors" else "pytorch_model"
        os.makedirs(f"{folder}/sharded-{form}", exist_ok=True)
        weight_map = {}
        for i, names in enumerate(shards):
            file = f"{stem}-{i + 1:05}-of-{len(shards):05}.{form}"
            save({name: tensors[name] for name in names}, f"{folder}/sharded-{form}/{file}")
            weight_map.update({name: file for name in names})
        with open(f"{folder}/sharded-{form}/{stem}.{form}.index.json", "w") as index:
            json.dump({"metadata": {"total_size": 48}, "weight_map": weight_map}, index, indent=2)


def write_conversions(folder):
    """Bit patterns of halves, bfloat16s and doubles with those of the floats that PyTorch makes of them."""
    result = {}
    every = torch.arange(65536).to(torch.int32).to(torch.int16)
    picked = [0x0000, 0x8000, 0x0001, 0x8001, 0x0002, 0x0200, 0x03ff, 0x83ff, 0x0400, 0x0401, 0x3c00, 0x3c01, 0xc000, 0x3555, 0x7bff, 0xfbff, 0x7c00,
              0xfc00, 0x7e00, 0xfe01, 0x007f, 0x0080, 0x7f7f, 0x7f80, 0xff80, 0x7fc0, 0x3f80, 0x3f81, 0xbf80]
    for name, dtype in (("F16", torch.float16), ("BF16", torch.bfloat16)):
        floats = every.view(dtype).float()
        bits = floats.view(torch.int32).numpy().astype("uint32")
        numbers = bits[~torch.isnan(floats).numpy()]
        result[name] = {"every number sha256": hashlib.sha256(numbers.tobytes()).hexdigest(), "numbers": len(numbers),
                        "picked": [[i, int(bits[i])] for i in picked]}
    doubles = torch.tensor([0.0, -0.0, 1.0, 1 / 3, 1e-40, -1e-45, 7e-46, 8e-46, 1e-60, 3.4028234e38, 3.4028236e38, 1e39, -1e300,
                            1 + 2.0 ** -24, 1 + 3 * 2.0 ** -24, float("inf"), float("-inf"), float("nan")], dtype=torch.float64)
    pairs = zip(doubles.view(torch.int64).tolist(), doubles.float().view(torch.int32).numpy().astype("uint32").tolist())
    result["F64"] = {"picked": [[a, b] for a, b in pairs]}
    with open(f"{folder}/conversions.json", "w") as file:
        json.dump(result, file, indent=1)


class Calls:
    """Pickles as the call of a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class Built:
    """Pickles as NEWOBJ and BUILD."""

    def __init__(self):
        self.state = 1


class PersistentIds(pickle.Pickler):
    def persistent_id(self, item):
        return Calls(os.system, "touch pwned") if isinstance(item, Built) else None


def write_gadgets(folder):
    touch = "touch pwned"
    bodies = {
        "os.system": Calls(os.system, touch),
        "eval": Calls(eval, f"__import__('os').system('{touch}')"),
        "exec": Calls(exec, f"import os; os.system('{touch}')"),
        "getattr": Calls(getattr, "text", "__class__"),
        "import": Calls(builtins.__import__, "os"),
        "partial": functools.partial(os.system, touch),
        "runpy": Calls(runpy._run_code, f"import os; os.system('{touch}')", {}),
        "popen": Calls(subprocess.Popen, ["touch", "pwned"]),
        "torch.load": Calls(torch.load, "other.bin"),
        "torch.hub": Calls(torch.hub.load, "owner/repository", "model"),
        "module": torch.nn.Linear(1, 1),
        "object": Built(),
        "set": {1},
        "bytes": b"bytes",
    }
    gadgets = []

    def add(name, protocol, data):
        names = [arg.replace(" ", ".") for op, arg, _ in pickletools.genops(data) if op.name == "GLOBAL"]
        gadgets.append({"name": name, "protocol": protocol, "global": names[0] if names else None, "pickle": base64.b64encode(data).decode()})

    for name, body in bodies.items():
        for where, value in (("alone", body), ("in a dictionary", {"version": 1, "gadget": body})):
            for protocol in (0, 2, 4, 5):
                add(f"{name} {where}, protocol {protocol}", protocol, pickle.dumps(value, protocol))
    stream = io.BytesIO()
    PersistentIds(stream, 2).dump({"weight": Built()})
    add("call as persistent id, protocol 2", 2, stream.getvalue())
    with open(f"{folder}/gadgets.json", "w") as file:
        json.dump(gadgets, file, indent=1)


if __name__ == "__main__":
    target = sys.argv[1]
    os.makedirs(target, exist_ok=True)
    write_mixed(target)
    write_shards(target)
    write_conversions(target)
    write_gadgets(target)
