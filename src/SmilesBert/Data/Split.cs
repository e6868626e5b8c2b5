using System.Globalization;
using System.Text;
using SmilesBert.Weights;

namespace SmilesBert.Data;

/// <summary>
/// Which rows of a dataset are trained on, validated on and tested on. Every row is in exactly one part; each part is in ascending order.
/// </summary>
public sealed class Split
{
    private static readonly string[] PartNames = ["train", "validation", "test"];

    private Split(int[][] parts, string how, IReadOnlyList<string> keys)
    {
        (Train, Validation, Test) = (parts[0], parts[1], parts[2]);
        HashSet<string> trained = [.. Train.Select(row => keys[row])], tested = [.. Test.Select(row => keys[row])];
        TestMolecules = tested.Count;
        TestMoleculesInTraining = tested.Count(trained.Contains);
        Description = $"{how}: {Train.Length} rows for training, {Validation.Length} for validation, {Test.Length} for test";
        if (TestMolecules == 0) return;
        string share = (100.0 * TestMoleculesInTraining / TestMolecules).ToString("0.0", CultureInfo.InvariantCulture);
        Description += $"; {TestMoleculesInTraining} of {TestMolecules} test molecules ({share} %) are also in training";
    }

    /// <summary>Rows (places in the dataset) to train on; never empty.</summary>
    public int[] Train { get; }

    /// <summary>Rows to validate on.</summary>
    public int[] Validation { get; }

    /// <summary>Rows to test on.</summary>
    public int[] Test { get; }

    /// <summary>How many distinct molecules the test part has.</summary>
    public int TestMolecules { get; }

    /// <summary>How many of those are in the training part too: what makes a test a test of memory.</summary>
    public int TestMoleculesInTraining { get; }

    /// <summary>A sentence for the run's header: how it was split, the parts' sizes, test molecules seen in training.</summary>
    public string Description { get; }

    /// <summary>Splits a dataset. The same dataset, options and seed give the same parts.</summary>
    /// <exception cref="InputException">The shares make no whole, the data is too small for its parts, or the kind does not fit the data.</exception>
    public static Split Make(Dataset data, SplitOptions options)
    {
        if (options.Kind == SplitKind.Column)
            return new Split(SplitDealer.ByColumn(data), $"split by column '{data.SplitColumn}'", data.MoleculeKeys);

        double[] shares = [options.Train, options.Validation, options.Test];
        if (!shares.All(share => share is >= 0 and <= 1) || Math.Abs(shares.Sum() - 1) > 1e-6 || options.Train == 0)
            throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"the split sizes {options.Train}, {options.Validation}, {options.Test} are no shares that add up to 1 with some for training"));

        int[][] parts = options.Kind switch
        {
            SplitKind.Group => SplitDealer.ByGroup(data.MoleculeKeys, data.Source, shares, options.Seed),
            SplitKind.Stratified => SplitDealer.ByClass(data, shares, options.Seed),
            SplitKind.Scaffold => SplitDealer.ByScaffold(data, shares, options.Stop),
            _ => SplitDealer.ByRow(data, shares, options.Seed),
        };
        string how = options.Kind == SplitKind.Scaffold
            ? "scaffold split, largest scaffolds first"
            : string.Create(CultureInfo.InvariantCulture, $"{options.Kind.ToString().ToLowerInvariant()} split, seed {options.Seed}");
        return new Split(parts, how, data.MoleculeKeys);
    }

    /// <summary>Writes a CSV of row (its number in the data file), smiles and split (train, validation or test), in the file's order.</summary>
    /// <exception cref="InputException">The file cannot be written; what stood there before is left.</exception>
    public void Write(string path, Dataset data)
    {
        string[] part = new string[data.Count];
        foreach ((int[] rows, string name) in new[] { Train, Validation, Test }.Zip(PartNames))
            foreach (int row in rows) part[row] = name;

        // Nothing that reads as a SMILES holds a comma or a quote, so no field needs quoting.
        StringBuilder text = new("row,smiles,split\n");
        for (int i = 0; i < part.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{data.Rows[i]},{data.Smiles[i]},{part[i]}\n");

        AtomicFile.WriteText(path, text.ToString());
    }
}
