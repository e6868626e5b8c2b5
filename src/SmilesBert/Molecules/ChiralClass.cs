namespace SmilesBert.Molecules;

/// <summary>The shape that a chirality mark speaks of.</summary>
public enum ChiralClass
{
    /// <summary>No mark.</summary>
    None,

    /// <summary>@, @@, @TH1 and @TH2.</summary>
    Tetrahedral,

    /// <summary>@AL1 and @AL2.</summary>
    Allene,

    /// <summary>@SP1 to @SP3.</summary>
    SquarePlanar,

    /// <summary>@TB1 to @TB20.</summary>
    TrigonalBipyramid,

    /// <summary>@OH1 to @OH30.</summary>
    Octahedron,
}
