using SmilesBert.Model;
using SmilesBert.Ops.Cpu;
using SmilesBert.Pretraining;
using SmilesBert.Tests.Tokenization;
using SmilesBert.Tokenization;
using SmilesBert.Training;

namespace SmilesBert.Tests.Training;

/// <summary>A published model's weights: what it makes of aspirin, and how often it recovers a masked token.</summary>
public sealed class RealWeightsTests : IDisposable
{
    private const string Aspirin = "CC(=O)Oc1ccccc1C(=O)O";

    // Of another implementation, to about 1e-4: the first numbers of the last hidden state at [CLS].
    private static readonly float[] Cls = [0.04926f, -0.08617f, 1.10492f, -0.07223f, 0.06588f, 0.14928f, -0.40060f, -0.02291f];

    private readonly CpuOps ops = new(threads: 2);

    [Theory]
    [InlineData("safetensors")]
    [InlineData("pytorch pickle")]
    public void Aspirin_HasThePublishedVector(string kind)
    {
        string folder = Files.Shared("weights", "rxnmapper-albert");
        using TemporaryFolder copy = new();
        if (kind != "safetensors")
        {
            foreach (string file in Directory.EnumerateFiles(folder).Where(static file => Path.GetExtension(file) != ".safetensors"))
                File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
            folder = copy.Path;
        }
        ModelFolder model = ModelFolder.Open(folder, HeadKind.None, ops);
        Assert.StartsWith(kind, model.Loaded.Source, StringComparison.Ordinal);
        Inference inference = new(model.Model, tokens: 64, molecules: 1);
        int[] ids = model.Encoder(maxTokens: null, LongMolecules.Refuse).Encode(Aspirin, row: 1);
        Assert.Single(inference.Run([ids]));
        float[] vector = new float[model.Model.Config.HiddenSize];
        inference.ReadEmbeddings(vector, Pooling.Cls);
        for (int i = 0; i < Cls.Length; i++) Assert.Equal(Cls[i], vector[i], 2e-4);
    }

    [Fact]
    public void MaskedTokens_AreRecovered_AsOftenAsByPyTorch()
    {
        // tools/golden/check_rxnmapper.py FOLDER MOLECULES 15: "top-1 recovery 465 of 519". A near tie may fall the other way.
        const int Molecules = 15, Masked = 519, Hits = 465, Ties = 1;
        ModelFolder folder = ModelFolder.Open(Files.Shared("weights", "rxnmapper-albert"), HeadKind.MaskedToken, ops);
        MoleculeEncoder encoder = folder.Encoder(maxTokens: null, LongMolecules.Refuse);
        MaskedRecovery recovery = new(folder);
        string data = Files.Shared("data", "molecules", "pubchem_1k_smiles.txt");
        foreach (string smiles in File.ReadLines(data).Take(Molecules)) recovery.Add(encoder.Encode(smiles, row: 1));
        RecoveryScore score = recovery.Score();
        Assert.Equal(Masked, score.Tokens);
        Assert.InRange(score.Hits, Hits - Ties, Hits + Ties);
        Assert.True(score.Top1 > 0.8 && score.Top1 > 2 * score.Baseline);
        Assert.InRange(score.Loss, 0.1, 1);
    }

    public void Dispose() => ops.Dispose();
}
