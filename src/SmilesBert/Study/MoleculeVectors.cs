using SmilesBert.Model;
using SmilesBert.Ops;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Study;

/// <summary>A model's vector of each distinct molecule of a study.</summary>
internal sealed class MoleculeVectors
{
    private readonly Dictionary<string, int> places;
    private readonly float[] vectors;       // (molecules, Width)

    private MoleculeVectors(Dictionary<string, int> places, float[] vectors, BertModel model)
    {
        this.places = places;
        this.vectors = vectors;
        Width = model.Config.HiddenSize;
        Weights = RunIdentity.OfWeights(model);
        Precision = model.Ops.Precision;
    }

    /// <summary>The hidden size.</summary>
    public int Width { get; }

    /// <summary>The weights that made them, as <see cref="RunIdentity"/> names them.</summary>
    public string Weights { get; }

    /// <summary>How exactly the device that made them multiplies.</summary>
    public Precision Precision { get; }

    /// <summary>Embeds molecules.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="smiles">Distinct molecules.</param>
    /// <param name="options">Pooling and the treatment of long molecules.</param>
    /// <param name="ops">The device.</param>
    /// <param name="stop">Ends it between two batches.</param>
    /// <exception cref="InputException">The model cannot be read, or a vector has a value that is not finite.</exception>
    public static MoleculeVectors Of(string folder, IReadOnlyList<string> smiles, StudyOptions options, IOps ops, CancellationToken stop)
    {
        ModelFolder model = ModelFolder.Open(folder, HeadKind.None, ops);
        MoleculeEncoder encoder = model.Encoder(options.MaxTokens, options.OnLong);
        Inference inference = new(model.Model);
        float[] vectors = inference.Embeddings(smiles.Select((molecule, i) => encoder.Encode(molecule, i + 1)), smiles.Count, options.Pooling, stop);
        return new MoleculeVectors(smiles.Index().ToDictionary(static molecule => molecule.Item, static molecule => molecule.Index), vectors, model.Model);
    }

    /// <summary>(rows, Width) The vectors of some rows' molecules.</summary>
    public float[] Rows(IReadOnlyList<string> smiles)
    {
        float[] rows = new float[smiles.Count * Width];
        for (int i = 0; i < smiles.Count; i++) vectors.AsSpan(places[smiles[i]] * Width, Width).CopyTo(rows.AsSpan(i * Width));
        return rows;
    }
}
