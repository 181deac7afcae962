"""Compares the arrays of a scan with its results file: python arrays.py a.npz a.urpatch.json"""

import json
import sys
import zipfile

import numpy as np

LARGEST = 3.40282347e38  # Stands for infinity in JSON.


def main(npz, text):
    assert zipfile.ZipFile(npz).testzip() is None, "a checksum is wrong"
    arrays = np.load(npz)  # Without pickle, which is the default.
    file = json.load(open(text, encoding="utf-8"))
    paths, class_names = arrays["paths"], arrays["class_names"]
    compared = 0

    def same(found, wanted, what):
        nonlocal compared
        found, wanted = np.asarray(found), np.asarray(wanted)
        assert np.array_equal(found, wanted, equal_nan=wanted.dtype.kind == "f"), (what, found, wanted)
        compared += wanted.size

    def same_patches(prefix, channel, patches, ranks):
        def get(key):
            array = arrays[prefix + key]
            rest = array.shape[arrays[prefix + "bb"].ndim - 1 :]
            return array.reshape(ranks, *rest)[:, channel]

        if prefix + "bb" not in arrays:
            assert len(patches) == 0, prefix
            return
        there = np.array([patch is not None for patch in patches] + [False] * (ranks - len(patches)), bool)
        patches = [patch for patch in patches if patch is not None]
        same(paths[get("bb")[there]].tolist(), [patch["image"] for patch in patches], prefix + "bb")
        same(np.stack([get("ii"), get("jj")], 1)[there].tolist(), [patch["unit"] for patch in patches], prefix + "unit")
        wanted = np.array([patch["activation"] for patch in patches], np.float64)
        wanted[wanted == LARGEST] = np.inf
        assert get("activation").dtype == np.float32
        same(get("activation")[there], wanted.astype(np.float32), prefix + "activation")
        same(get("box")[there].tolist(), [patch["box"] for patch in patches], prefix + "box")
        for key in ["bb", "ii", "jj", "box"]:
            same(get(key)[~there], np.full_like(get(key)[~there], -1), prefix + key)
        same(np.isnan(get("activation")[~there]), np.ones((~there).sum(), bool), prefix + "activation")

    channels = 0
    for layer in file["layers"]:
        at = layer["name"] + "/"
        same(arrays[at + "scanned"], layer["scanned"], "scanned")
        same(arrays[at + "shape"], layer["shape"], "shape")
        edges = arrays[at + "histogram_edges"]
        for channel, record in enumerate(layer["channels"]):
            channels += 1
            statistics = record["statistics"]
            same_patches(at, channel, record["top"], file["k"])
            same_patches(at + "lowest_", channel, record["lowest"], file["k"])
            samples = [(group["samples"] + [None, None])[:2] for group in record["quantiles"]]
            same_patches(at + "quantiles_", channel, sum(samples, []), 20)
            same(arrays[at + "dead"][channel], record.get("dead", False), "dead")
            same(arrays[at + "nan_images"][channel], record.get("nanImages", 0), "nan_images")
            nothing = lambda value: np.nan if value is None else value
            same(arrays[at + "mean"][channel], nothing(statistics["mean"]), "mean")
            same(arrays[at + "standard_deviation"][channel], nothing(statistics["standardDeviation"]), "deviation")
            for key, name in [("images", "images"), ("activeImages", "active_images"), ("activeUnits", "active_units")]:
                same(arrays[at + name][channel], statistics[key], name)
            same(arrays[at + "infinite"][channel], statistics.get("infinite", 0), "infinite")
            # Each image with a finite maximum is in one bin.
            counts = arrays[at + "histogram"][:, channel]
            same(counts.sum(), statistics["images"], "histogram")
            if statistics["images"] > 0:
                found = np.flatnonzero(counts)
                assert edges[found[0]] <= statistics["mean"] <= edges[found[-1] + 1]
            if at + "where" in arrays:
                nowhere = np.zeros(arrays[at + "where"].shape[:2])
                same(arrays[at + "where"][..., channel], statistics.get("where", nowhere), "where")
            else:
                assert "where" not in statistics
            for entry in record.get("classes", []):
                row = class_names.tolist().index(entry["class"])
                for key in ["images", "mean", "top"]:
                    same(arrays[at + "classes_" + key][row, channel], entry[key], "classes")
        if "ablation" in layer:
            same(arrays[at + "loss"], np.array(layer["ablation"]["loss"], float), "loss")
    print(f"{len(file['layers'])} layers, {channels} channels, {len(arrays.files)} arrays, {compared} values compared")


main(*sys.argv[1:])
