using SmilesBert.Analysis;
using SmilesBert.Analysis.Charts;
using SmilesBert.Data;
using SmilesBert.Study;

namespace SmilesBert.Tests.Study;

public sealed class StudyFindingsTests
{
    [Fact]
    public void SeparationAndMemory_AreClaimedOnlyWhereEverySeedHasThem()
    {
        IReadOnlyList<string> findings = StudyFindings.Of(
        [
            Form(StudyForm.ByMolecule, seen: 0, accuracies: [0.6, 0.7], before: 0.4, after: [0.5, 0.6]),
            Form(StudyForm.ByRow, seen: 0.95, accuracies: [0.9, 0.95], before: 0.4, after: [0.5, 0.3]),
        ]);
        Assert.StartsWith("Split by molecule: on molecules that training has not seen, the finetuned model reaches accuracy 0.650 ± 0.071", findings[0], StringComparison.Ordinal);
        Assert.EndsWith("so structure does tell something of these labels.", findings[0], StringComparison.Ordinal);
        Assert.StartsWith("Split by molecule: finetuning separates the classes of held-out molecules better.", findings[1], StringComparison.Ordinal);
        Assert.Contains("up in 2 of 2 seeds", findings[1], StringComparison.Ordinal);
        Assert.StartsWith("Split by molecule: in the picture, two components, the 5 nearest training neighbours", findings[2], StringComparison.Ordinal);
        Assert.StartsWith("Split by row, 95.0 % of the test part's molecules are in training too, split by molecule 0.0 %", findings[3], StringComparison.Ordinal);
        Assert.EndsWith("every seed is better by row, where the model can remember.", findings[3], StringComparison.Ordinal);
        Assert.StartsWith("Split by row, as the seed study did: it is not clear", findings[4], StringComparison.Ordinal);
    }

    [Fact]
    public void NothingLearned_IsSaid()
    {
        IReadOnlyList<string> findings = StudyFindings.Of(
        [
            Form(StudyForm.ByMolecule, seen: 0, accuracies: [0.3, 0.2], before: 0.4, after: [0.3, 0.2]),
            Form(StudyForm.ByRow, seen: 0.01, accuracies: [0.5, 0.5], before: 0.4, after: [0.3, 0.2]),
        ]);
        Assert.EndsWith("so nothing was learned that holds for new molecules.", findings[0], StringComparison.Ordinal);
        Assert.StartsWith("Split by molecule: finetuning separates the classes of held-out molecules worse.", findings[1], StringComparison.Ordinal);
        Assert.EndsWith("there is little to remember, and the two splits ask nearly the same.", findings[3], StringComparison.Ordinal);
    }

    private static FormResult Form(StudyForm form, double seen, double[] accuracies, double before, double[] after)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "smiles,label\nC,a\nCC,b\nCCC,a\nCCCC,b\n");
        Dataset data;
        try
        {
            data = Dataset.Load(path, new ReadOptions { SmilesColumn = "smiles" }, new TargetOptions { Columns = ["label"], Task = TaskKind.SingleLabel });
        }
        finally
        {
            File.Delete(path);
        }
        SeedOutcome[] seeds =
        [
            .. accuracies.Select((accuracy, s) => new SeedOutcome(
                (ulong)s, "", seen, [Figure("accuracy", accuracy), Figure("majority_rate", 0.4)], At(before), At(after[s]))),
        ];
        ScatterContent picture = new() { Title = "", Points = [], Panels = [] };
        return new FormResult(form, data, seeds, picture, "");

        static Separation At(double value)
        {
            Metric[] metrics = [Figure("silhouette", value), Figure("knn_accuracy", value), Figure("probe_accuracy", value), Figure("majority_rate", 0.4)];
            return new Separation(metrics, metrics);
        }

        static Metric Figure(string name, double value) => new(name, value, null);
    }
}
