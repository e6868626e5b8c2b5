using SmilesBert.Molecules;

namespace SmilesBert.Data;

/// <summary>Deals rows out to three parts (training, validation, test), each way one method; a result holds ascending rows.</summary>
internal static class SplitDealer
{
    private const int Train = 0, Parts = 3;
    private static readonly string[] PartNames = ["training", "validation", "test"];

    /// <summary>Row by row, in a drawn order.</summary>
    public static int[][] ByRow(Dataset data, double[] shares, ulong seed)
    {
        int[] sizes = Sizes(data.Count, shares, "rows", data.Source);
        int[] order = Shuffle.SplitOrder(data.Count, seed);
        int[] part = new int[data.Count];
        int next = 0;
        for (int p = Parts - 1; p >= 0; p--)
            for (int n = 0; n < sizes[p]; n++) part[order[next++]] = p;
        return Collect(part);
    }

    /// <summary>
    /// Molecule by molecule. Test and validation in turn go through the molecules in a drawn order and take each whose rows still fit;
    /// if rows then lack, the smallest molecule left is taken where that comes nearer, or where the part would stay empty.
    /// The rest is trained on. A part misses its size by at most half the rows of the smallest molecule left, unless another part
    /// would stay empty.
    /// </summary>
    /// <param name="keys">A name for each row that rows of the same molecule share.</param>
    /// <param name="source">The file, for messages.</param>
    /// <param name="shares">Of training, validation and test.</param>
    /// <param name="seed">Decides, with the rows, which goes where.</param>
    public static int[][] ByGroup(IReadOnlyList<string> keys, string source, double[] shares, ulong seed)
    {
        int[][] groups = [.. Enumerable.Range(0, keys.Count).GroupBy(row => keys[row]).Select(g => g.ToArray())];
        _ = Sizes(groups.Length, shares, "molecules", source);          // enough molecules for one in each part
        int[] sizes = Sizes(keys.Count, shares, "rows", source);

        List<int[]> left = [.. Shuffle.SplitOrder(groups.Length, seed).Select(g => groups[g])];
        int[] part = new int[keys.Count];
        for (int p = Parts - 1; p > Train; p--)
        {
            if (shares[p] == 0) continue;
            int spare = shares[1..p].Count(share => share > 0) + 1;     // molecules that the parts still to come need
            int lacking = sizes[p];
            List<int[]> rest = [];
            for (int g = 0; g < left.Count; g++)
            {
                bool fits = left[g].Length <= lacking && rest.Count + left.Count - g > spare;
                if (!fits) rest.Add(left[g]);
                else Take(left[g]);
            }
            left = rest;
            int[] smallest = left.MinBy(group => group.Length)!;
            if (lacking == sizes[p] || (left.Count > spare && Math.Abs(smallest.Length - lacking) < lacking))
            {
                left.Remove(smallest);
                Take(smallest);
            }

            void Take(int[] group)
            {
                foreach (int row in group) part[row] = p;
                lacking -= group.Length;
            }
        }
        return Collect(part);
    }

    /// <summary>
    /// Class by class, row by row in a drawn order. Each part gets the whole rows of its share of a class, and those still lacking go to the
    /// classes with the largest remainders; a class always keeps a row to train on.
    /// </summary>
    public static int[][] ByClass(Dataset data, double[] shares, ulong seed)
    {
        if (data.Task != TaskKind.SingleLabel)
            throw new InputException($"a stratified split keeps the shares of classes, and the task is {TaskChoice.Name(data.Task)}: use group or random");
        int[] sizes = Sizes(data.Count, shares, "rows", data.Source);

        Queue<int>[] left = [.. data.Labels.Select(_ => new Queue<int>())];
        foreach (int row in Shuffle.SplitOrder(data.Count, seed)) left[data.Classes[row]].Enqueue(row);
        int[] counts = [.. left.Select(rows => rows.Count)];

        int[] part = new int[data.Count];
        for (int p = Parts - 1; p > Train; p--)
        {
            double[] wanted = [.. counts.Select(count => (double)count * sizes[p] / data.Count)];
            int[] taken = [.. wanted.Select((w, k) => Math.Min((int)w, Math.Max(0, left[k].Count - 1)))];
            int[] byRemainder =
            [
                .. Enumerable.Range(0, counts.Length).OrderByDescending(k => wanted[k] - taken[k]).ThenByDescending(k => counts[k]),
            ];
            int lacking = sizes[p] - taken.Sum();
            while (lacking > 0)
            {
                int before = lacking;
                foreach (int k in byRemainder)
                    if (lacking > 0 && taken[k] < left[k].Count - 1)
                    {
                        taken[k]++;
                        lacking--;
                    }
                if (lacking == before) break;       // every class is down to the row it trains on
            }
            for (int k = 0; k < taken.Length; k++)
                for (int n = 0; n < taken[k]; n++) part[left[k].Dequeue()] = p;
        }
        int[][] parts = Collect(part);
        for (int p = 0; p < Parts; p++)
            if (parts[p].Length == 0 && shares[p] > 0)
                throw new InputException($"the classes of {data.Source} are too small for a stratified split: a part would be empty");
        return parts;
    }

    /// <summary>
    /// Scaffold by scaffold, as MoleculeNet does it (Wu et al., 2018, doi:10.1039/c7sc02664a): those of most rows first, of equally many the one
    /// that begins latest; each goes to training while it fits there, else to validation while it fits there, else to test. Molecules without
    /// rings have one scaffold, the empty one. Nothing is drawn.
    /// </summary>
    public static int[][] ByScaffold(Dataset data, double[] shares, CancellationToken stop)
    {
        string[] scaffolds = new string[data.Count];
        for (int row = 0; row < scaffolds.Length; row++)
        {
            stop.ThrowIfCancellationRequested();
            scaffolds[row] = ScaffoldOf(data, row);
        }
        IEnumerable<int[]> groups = Enumerable.Range(0, data.Count)
            .GroupBy(row => scaffolds[row]).Select(group => group.ToArray())
            .OrderByDescending(group => group.Length).ThenByDescending(group => group[0]);

        // Rounded, so that 0.8 of 1000 is 800 and no hair less.
        double trainEnd = Math.Round(shares[0] * data.Count, 6);
        double validationEnd = shares[2] == 0 ? data.Count : Math.Round((shares[0] + shares[1]) * data.Count, 6);
        int[] part = new int[data.Count];
        int train = 0, validation = 0;
        foreach (int[] group in groups)
        {
            int p = train + group.Length <= trainEnd ? 0 : train + validation + group.Length <= validationEnd ? 1 : 2;
            if (p == 0) train += group.Length;
            if (p == 1) validation += group.Length;
            foreach (int row in group) part[row] = p;
        }
        int[][] parts = Collect(part);
        for (int p = 0; p < Parts; p++)
            if (parts[p].Length == 0 && shares[p] > 0)
                throw new InputException(
                    $"the scaffolds of {data.Source} are too few or too large for a scaffold split: no row is left for {PartNames[p]}");
        return parts;
    }

    // A reaction has no scaffold but its own text.
    private static string ScaffoldOf(Dataset data, int row) =>
        SmilesReader.TryRead(data.Smiles[row], out Molecule? molecule, out _) ? MoleculeIdentity.Of(Scaffold.Of(molecule)) : data.Smiles[row];

    /// <summary>As the split column says.</summary>
    public static int[][] ByColumn(Dataset data)
    {
        if (data.SplitValues is null) throw new InputException($"{data.Source} was read without a split column");
        int[] part = new int[data.Count];
        for (int i = 0; i < part.Length; i++)
            part[i] = data.SplitValues[i] switch
            {
                "train" => 0,
                "validation" => 1,
                "test" => 2,
                string other => throw new InputException(
                    $"{data.Source}, line {data.Lines[i]}: '{other}' in column '{data.SplitColumn}', where train, validation or test is expected"),
            };
        int[][] parts = Collect(part);
        if (parts[Train].Length == 0) throw new InputException($"column '{data.SplitColumn}' of {data.Source} leaves no row to train on");
        return parts;
    }

    // Rounded shares; a part that is asked for gets at least one, and training takes what is left.
    private static int[] Sizes(int count, double[] shares, string what, string source)
    {
        int parts = shares.Count(share => share > 0);
        if (count < parts) throw new InputException($"{parts} parts need at least {parts} {what}, and {source} has {count}");
        int[] sizes = [.. shares.Select(share => share == 0 ? 0 : Math.Max(1, (int)Math.Round(share * count)))];
        sizes[Train] = count - sizes[1] - sizes[2];
        while (sizes[Train] < 1)
        {
            sizes[sizes[1] > sizes[2] ? 1 : 2]--;
            sizes[Train]++;
        }
        return sizes;
    }

    private static int[][] Collect(int[] part) =>
        [.. Enumerable.Range(0, Parts).Select(p => Enumerable.Range(0, part.Length).Where(row => part[row] == p).ToArray())];
}
