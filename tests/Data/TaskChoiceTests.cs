using SmilesBert.Data;

namespace SmilesBert.Tests.Data;

/// <summary>Where the line lies between classes and quantities.</summary>
public sealed class TaskChoiceTests
{
    private static (TaskKind Task, string Reason) Decide(params IEnumerable<string> cells) => TaskChoice.Decide(
        "table.csv", [.. cells.Select(static (cell, i) => new LabelledRow(i + 1, i + 2, "C", null, null, [cell]))], new TargetOptions { Columns = ["y"] });

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(static i => $"{i}");

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(static i => $"name{i}");

    [Fact]
    public void WholeNumbers_AreClassesUpToTwenty()
    {
        Assert.Equal((TaskKind.SingleLabel, "single-label, because 'y' holds only 20 distinct whole numbers"), Decide([.. Numbers(20), "3.0"]));
        Assert.Equal((TaskKind.Regression, "regression, because 'y' holds 21 distinct numbers"), Decide(Numbers(21)));
        Assert.Equal((TaskKind.Regression, "regression, because 'y' holds numbers with fractions"), Decide("1", "2", "2.5"));
    }

    [Fact]
    public void AColumnOfNumbers_IsNineTenthsNumbers()
    {
        Assert.Equal(TaskKind.Regression, Decide([.. Enumerable.Repeat("0.5", 9), "mistyped"]).Task);
        Assert.Equal(TaskKind.SingleLabel, Decide([.. Enumerable.Repeat("0.5", 8), "mistyped", "mistyped"]).Task);
    }

    [Fact]
    public void Texts_AreClassesUpToTwenty_OrHalfTheRows()
    {
        Assert.Equal((TaskKind.SingleLabel, "single-label, because 'y' holds text, 20 distinct"), Decide(Names(20)));
        Assert.Contains("holds 21 distinct texts in 21 rows", Assert.Throws<InputException>(() => Decide(Names(21))).Message);
        Assert.Equal(TaskKind.SingleLabel, Decide([.. Names(30), .. Names(30)]).Task);
        Assert.Throws<InputException>(() => Decide([.. Names(30), .. Names(29)]));
    }
}
