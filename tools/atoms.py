"""The atom regex: SMILES cut into atoms, bonds, rings and branches (P. Schwaller et al., "Molecular Transformer", 2019)."""
import re

PATTERN = re.compile(r"(\[[^\]]+]|Br?|Cl?|N|O|S|P|F|I|b|c|n|o|s|p|\(|\)|\.|=|#|-|\+|\\|\/|:|~|@|\?|>>?|\*|\$|\%[0-9]{2}|[0-9])")


def tokens(smiles):
    return PATTERN.findall(smiles)
