using System.Text.Json;

namespace SmilesBert.Tests.Molecules;

/// <summary>A molecule and what RDKit makes of it (tools/molecules_golden.py).</summary>
/// <param name="Smiles">As found.</param>
/// <param name="Name">RDKit's canonical SMILES without stereo.</param>
/// <param name="Hydrogens">Of each atom as written.</param>
/// <param name="RingBonds">How many bonds lie in rings.</param>
/// <param name="Writings">Other SMILES of it.</param>
/// <param name="Scaffold">Two SMILES of its Murcko scaffold; none of a molecule without rings; null where RDKit's has open valences.</param>
/// <param name="Stereo">SMILES with an atom map and with stereo; none where it has no stereo.</param>
internal sealed record GoldenMolecule(string Smiles, string Name, int[] Hydrogens, int RingBonds, string[] Writings, string[]? Scaffold, string[] Stereo)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static GoldenMolecule[] All { get; } =
        JsonSerializer.Deserialize<GoldenMolecule[]>(File.ReadAllText(Files.Golden("Molecules", "molecules.json")), Json)!;
}
