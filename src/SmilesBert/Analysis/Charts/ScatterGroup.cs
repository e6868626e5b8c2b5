namespace SmilesBert.Analysis.Charts;

/// <summary>An entry of a scatter plot's legend: a class, or the classes or molecules that have no colour of their own.</summary>
/// <param name="Name">As given; shortened where it is drawn.</param>
/// <param name="Colour">As SVG has it.</param>
/// <param name="Shape">Together with the colour, its own.</param>
/// <param name="HeldOut">Held-out molecules that have the label.</param>
/// <param name="Training">Training molecules that have it.</param>
internal readonly record struct ScatterGroup(string Name, string Colour, Marker Shape, int HeldOut, int Training);
