#!/usr/bin/env python3
"""Measures a network in PyTorch on request. The counterpart of MeasurementWorker, with the same protocol:

the line `open` builds the model and answers {"device": ...}; each further line is a number of runs, and the answer is
{"millis": [...]}. An error ends it with {"error": ...}. Until `open` it uses no GPU.

    worker.py step|generate WAY PRESET SIZE WIDTH BATCH PRECISION DEVICE
"""
import json
import sys
import time


def answer(**fields):
    print(json.dumps(fields), file=sys.__stdout__, flush=True)


def serve(arguments, requests):
    import torch

    from model import Program

    if not requests.readline():
        return
    what, way, preset, size, width, batch, precision, device = arguments
    program = Program(what, way, preset, int(size), int(width), int(batch), precision, device)
    answer(device=torch.cuda.get_device_name(device) if device.startswith("cuda") else "CPU")
    for line in requests:
        millis = []
        for _ in range(int(line)):
            start = time.perf_counter()
            program.run()
            millis.append((time.perf_counter() - start) * 1000)
        answer(millis=millis, **allocated(torch, device))


def allocated(torch, device):
    """The peak of PyTorch's allocator in MiB: used by tensors, and reserved."""
    if not device.startswith("cuda"):
        return {}
    return dict(allocatedMiB=torch.cuda.max_memory_allocated(device) / 2**20,
                reservedMiB=torch.cuda.max_memory_reserved(device) / 2**20)


def main():
    # Libraries may print, but only answers go to the kit.
    sys.stdout = sys.stderr
    try:
        serve(sys.argv[1:], sys.stdin)
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        answer(error=lines[0])
        raise


if __name__ == "__main__":
    main()
