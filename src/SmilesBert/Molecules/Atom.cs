namespace SmilesBert.Molecules;

/// <summary>An atom of a molecule.</summary>
public readonly record struct Atom
{
    /// <summary>Atomic number; 0 for the wildcard *.</summary>
    public int Element { get; init; }

    /// <summary>Mass number; 0 where none is given.</summary>
    public int Isotope { get; init; }

    /// <summary>Formal charge.</summary>
    public int Charge { get; init; }

    /// <summary>
    /// Hydrogens that are no atoms of the graph: those that a bracket counts, or, outside of brackets, those that fill the valence
    /// (<see cref="Valence.ImplicitHydrogens"/>).
    /// </summary>
    public int Hydrogens { get; init; }

    /// <summary>Whether it was written in lower case.</summary>
    public bool Aromatic { get; init; }

    /// <summary>The shape that its chirality mark speaks of.</summary>
    public ChiralClass ChiralClass { get; init; }

    /// <summary>
    /// Which of the shape's arrangements, from 1; 0 where the mark leaves it open. Of a tetrahedron, 1: seen from the hydrogen, or else from
    /// the first neighbour, the (other) neighbours in the order of <see cref="Molecule.BondsOf"/> run anticlockwise; 2: clockwise.
    /// Of the other shapes, as written.
    /// </summary>
    public int ChiralForm { get; init; }

    /// <summary>Atom map number (reactions); 0 where none is given.</summary>
    public int Map { get; init; }

    /// <summary>Whether it was written in brackets, and its hydrogens are said rather than implied.</summary>
    public bool Bracketed { get; init; }
}
