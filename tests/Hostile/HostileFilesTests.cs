using SmilesBert.Tests.Weights;

namespace SmilesBert.Tests.Hostile;

/// <summary>
/// Files from strangers, by the thousand: whatever they hold, they are read or refused in one sentence, in time and memory that fit their size,
/// and nothing beside them is opened or run.
/// </summary>
public sealed class HostileFilesTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Safetensors() => Attack(_ => WeightFormats.Safetensors());

    [Fact]
    public void ShardIndex() => Attack(WeightFormats.Index);

    [Fact]
    public void PickleZip() => Attack(_ => WeightFormats.PickleZip());

    [Fact]
    public void PickleStream() => Attack(_ => WeightFormats.PickleStream());

    [Fact]
    public void Config() => Attack(RunFormats.Config);

    [Fact]
    public void TokenizerJson() => Attack(_ => TokenizerFormats.TokenizerJson());

    [Fact]
    public void VocabularyText() => Attack(_ => TokenizerFormats.VocabularyText());

    [Fact]
    public void VocabularyJson() => Attack(TokenizerFormats.VocabularyJson);

    [Fact]
    public void Merges() => Attack(TokenizerFormats.Merges);

    [Fact]
    public void TokenizerConfig() => Attack(TokenizerFormats.Settings);

    [Fact]
    public void Csv() => Attack(_ => DataFormats.Csv());

    [Fact]
    public void CsvGz() => Attack(_ => DataFormats.CsvGz());

    [Fact]
    public void List() => Attack(_ => DataFormats.List());

    [Fact]
    public void Smiles() => Attack(_ => DataFormats.Smiles());

    [Fact]
    public void Npy() => Attack(_ => DataFormats.Npy());

    [Fact]
    public void State() => AttackRun(static run => run.State);

    [Fact]
    public void RunIdentity() => AttackRun(static run => run.RunIdentity);

    [Fact]
    public void History() => AttackRun(static run => run.History);

    private void AttackRun(Func<RunFormats, HostileFormat> of)
    {
        string folder = _root["run"];
        using RunFormats run = new(folder);
        Attack(of(run), folder);
    }

    private void Attack(Func<string, HostileFormat> of)
    {
        string folder = Directory.CreateDirectory(_root["folder"]).FullName;
        Attack(of(folder), folder);
    }

    private static void Attack(HostileFormat format, string folder)
    {
        // A rule that good files break would say nothing about bad ones.
        string path = Path.Combine(folder, format.FileName);
        Assert.Contains(format.Seeds, seed =>
        {
            File.WriteAllBytes(path, seed);
            return Trial.Passes(format, path, seed, TimeSpan.FromMinutes(1));
        });
        Campaign campaign = new(format, folder);
        campaign.Run();
        TestContext.Current.TestOutputHelper?.WriteLine($"{format.Name}: {campaign.Cases} cases, {campaign.Refused} refused");
        // Were all refused, or none, the cases would not reach what they are meant for.
        Assert.InRange(campaign.Refused, 1, campaign.Cases - 1);
        if (format.MostlyRefused) Assert.InRange(campaign.Refused, campaign.Cases / 4, campaign.Cases);
    }
}
