"""Sugars as substituents, from the anomeric carbon on, in their natural configuration; ring digits 4 and 5 are free for them."""


def glucosyl(on2="", on6=""):
    """beta-D-glucopyranosyl, with what stands on the oxygens of carbons 2 and 6."""
    return f"[C@@H]4O[C@H](CO{on6})[C@@H](O)[C@H](O)[C@H]4O{on2}"


GLUCOSYL = glucosyl()
RHAMNOSYL = "[C@@H]5O[C@@H](C)[C@H](O)[C@@H](O)[C@H]5O"                # alpha-L
XYLOSYL = "[C@@H]4OC[C@@H](O)[C@H](O)[C@H]4O"                          # beta-D
GLUCURONYL = "[C@@H]4O[C@H](C(=O)O)[C@@H](O)[C@H](O)[C@H]4O"           # beta-D
APIOSYL = "[C@@H]5OC[C@](O)(CO)[C@H]5O"                                # beta-D
RUTINOSYL = glucosyl(on6=RHAMNOSYL)
NEOHESPERIDOSYL = glucosyl(on2=RHAMNOSYL)
APIOSYLGLUCOSYL = glucosyl(on2=APIOSYL)
