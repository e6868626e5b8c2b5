namespace SmilesBert.Analysis.Charts;

/// <summary>A molecule of a scatter plot; where it stands is each <see cref="ScatterPanel"/>'s to say.</summary>
/// <param name="Classes">Its labels, as places in <see cref="ScatterContent.Classes"/>: none, one or several, each once, in any order.</param>
/// <param name="HeldOut">False for a molecule that the model was trained on.</param>
/// <param name="Name">What the page shows under the pointer, where known.</param>
/// <param name="Smiles">Shown with the name.</param>
/// <param name="Value">What it is coloured by where <see cref="ScatterContent.ValueLabel"/> is given; NaN where unknown.</param>
public sealed record ScatterPoint(
    IReadOnlyList<int> Classes, bool HeldOut = true, string Name = "", string Smiles = "", double Value = double.NaN);
