using System.Globalization;
using SmilesBert.Analysis;
using SmilesBert.Data;

namespace SmilesBert.Study;

/// <summary>What a study's figures support, in sentences. A change counts as one where every seed has it.</summary>
internal static class StudyFindings
{
    // The share of test molecules seen in training from which on an advantage may be put down to memory.
    private const double LeastMemory = 0.2;

    /// <summary>The sentences, most important first.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<FormResult> forms)
    {
        FormResult honest = forms.First(static form => form.Form == StudyForm.ByMolecule);
        FormResult? rows = forms.FirstOrDefault(static form => form.Form == StudyForm.ByRow);
        string[] findings = [Classifier(honest), Separates(honest), Picture(honest)];
        return rows is null ? findings : [.. findings, Memory(honest, rows), Separates(rows)];
    }

    /// <summary>What the finetuned head is worth on molecules it has not seen.</summary>
    private static string Classifier(FormResult form)
    {
        bool single = form.Data.Task == TaskKind.SingleLabel;
        string name = single ? "accuracy" : "macro_roc_auc";
        Spread reached = Test(form, name), floor = single ? Test(form, "majority_rate") : new Spread([0.5], null);
        string label = new Metric(name, null, null).Label, chance = single ? $"always naming the commonest class gets {floor.Text}" : "chance gets 0.500";
        string verdict = reached.Mean is not { } mean ? "so it cannot be said what was learned"
            : reached.Values.Zip(single ? floor.Values : [.. reached.Values.Select(static _ => 0.5)]).All(static pair => pair.First > pair.Second)
                ? "so structure does tell something of these labels"
            : mean > floor.Mean ? "which not every seed exceeds"
            : "so nothing was learned that holds for new molecules";
        return $"{form.Form.Title}: on molecules that training has not seen, the finetuned model reaches {label} {reached.Text}; {chance}, {verdict}.";
    }

    /// <summary>Whether held-out classes lie further apart after finetuning.</summary>
    private static string Separates(FormResult form)
    {
        string what = form.Form.Pairs ? "rows" : "molecules";
        string[] changes = [Change(form, "silhouette", "the silhouette"), Change(form, "knn_accuracy", "5-nearest-neighbour accuracy"), Change(form, "probe_accuracy", "a linear probe's accuracy")];
        int better = Directions(form).Count(static sign => sign > 0), worse = Directions(form).Count(static sign => sign < 0);
        string verdict = better == 3 ? "finetuning separates the classes of held-out " + what + " better"
            : worse == 3 ? "finetuning separates the classes of held-out " + what + " worse"
            : better > 0 && worse == 0 ? "finetuning separates the classes of held-out " + what + " better by some measures, not clearly by all"
            : "it is not clear that finetuning separates the classes of held-out " + what + " better";
        Spread majority = Spread.Of(form.Seeds.Select(static seed => seed.After.Full), "majority_rate");
        return $"{form.Form.Title}: {verdict}. In full width {string.Join(", ", changes)} (naming the commonest always: {majority.Text}).";
    }

    /// <summary>What of it two components show.</summary>
    private static string Picture(FormResult form)
    {
        Spread before = Spread.Of(form.Seeds.Select(static seed => seed.Before.Plane), "knn_accuracy");
        Spread after = Spread.Of(form.Seeds.Select(static seed => seed.After.Plane), "knn_accuracy");
        Spread full = Spread.Of(form.Seeds.Select(static seed => seed.After.Full), "knn_accuracy");
        return $"{form.Form.Title}: in the picture, two components, the 5 nearest training neighbours of a held-out molecule name its class in {before.Text} before "
            + $"finetuning and {after.Text} after (in full width {full.Text}).";
    }

    /// <summary>How much of the row split's result is memory.</summary>
    private static string Memory(FormResult honest, FormResult rows)
    {
        double seen = rows.Seeds.Average(static seed => seed.SeenShare), seenHonest = honest.Seeds.Average(static seed => seed.SeenShare);
        string shares = Text($"Split by row, {100 * seen:0.0} % of the test part's molecules are in training too, split by molecule {100 * seenHonest:0.0} %");
        if (honest.Data.Task != rows.Data.Task)
        {
            return $"{shares}. By row a molecule's several labels contradict each other as targets, so the two accuracies answer different questions: "
                + $"by row accuracy is {Test(rows, "accuracy").Text} (commonest class {Test(rows, "majority_rate").Text}).";
        }
        Spread byRow = Test(rows, "accuracy"), byMolecule = Test(honest, "accuracy");
        bool above = byRow.Values.Count > 0 && byRow.Values.Zip(byMolecule.Values).All(static pair => pair.First > pair.Second);
        string verdict = seen < LeastMemory ? "there is little to remember, and the two splits ask nearly the same"
            : above ? "every seed is better by row, where the model can remember"
            : "here memory does not show as higher accuracy in every seed";
        return $"{shares}; accuracy is {byRow.Text} by row and {byMolecule.Text} by molecule: {verdict}.";
    }

    private static IEnumerable<int> Directions(FormResult form)
    {
        foreach (string name in new[] { "silhouette", "knn_accuracy", "probe_accuracy" })
        {
            double[] changes = [.. Changes(form, name)];
            yield return changes.Length == 0 ? 0 : changes.All(static change => change > 0) ? 1 : changes.All(static change => change < 0) ? -1 : 0;
        }
    }

    private static string Change(FormResult form, string name, string label)
    {
        Spread before = Spread.Of(form.Seeds.Select(static seed => seed.Before.Full), name), after = Spread.Of(form.Seeds.Select(static seed => seed.After.Full), name);
        double[] changes = [.. Changes(form, name)];
        int rose = changes.Count(static change => change > 0);
        return $"{label} goes from {before.Text} to {after.Text}{Text($", up in {rose} of {changes.Length} seed{(changes.Length == 1 ? "" : "s")}")}";
    }

    private static IEnumerable<double> Changes(FormResult form, string name) =>
        from seed in form.Seeds
        let before = Value(seed.Before.Full, name)
        let after = Value(seed.After.Full, name)
        where before is not null && after is not null
        select after.Value - before.Value;

    private static double? Value(IReadOnlyList<Metric> metrics, string name) => metrics.FirstOrDefault(metric => metric.Name == name).Value;

    private static Spread Test(FormResult form, string name) => Spread.Of(form.Seeds.Select(static seed => seed.Test), name);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
