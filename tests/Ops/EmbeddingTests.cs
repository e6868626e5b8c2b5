using SmilesBert.Ops;

namespace SmilesBert.Tests.Ops;

public sealed class EmbeddingTests
{
    // Rows of a table that places read: one place, one row alone, many places with a row that most of them share.
    private static readonly (string Name, int[] Rows, int C)[] Cases =
    [
        ("one place, C=33", [4], 33),
        ("one row, C=7", [0, 0, 0, 0, 0], 7),
        ("mixed, C=33", [3, 1, 3, 3, 8, 0, 3, 1], 33),
        ("mixed, C=384", [.. Enumerable.Range(0, 211).Select(n => n * n % 9)], 384),
    ];

    [Theory, ClassData(typeof(Devices))]
    public void EmbeddingForward_MatchesReference(string device)
    {
        foreach ((string name, int[] rows, int c) in Cases)
            OpCheck.Holds(device, name, run =>
            {
                Floats word = run.Input("word", 9 * c), position = run.Input("position", rows.Length * c), type = run.Input("type", c);
                RowIndex words = run.Index(rows), positions = run.Index([.. Enumerable.Range(0, rows.Length).Reverse()]);
                Floats y = run.Output("y", rows.Length * c, 4e-7, 2e-7);
                run.Act(() => run.Ops.EmbeddingForward(y, word, position, type, words, positions, c));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void GatherRows_MatchesReference(string device)
    {
        foreach ((string name, int[] rows, int c) in Cases)
            OpCheck.Holds(device, name, run =>
            {
                Floats table = run.Input("table", 9 * c), y = run.Output("y", rows.Length * c, 0);
                RowIndex index = run.Index(rows);
                run.Act(() => run.Ops.GatherRows(y, table, index, c));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void GatherRowsBackward_MatchesReference(string device)
    {
        foreach ((string name, int[] rows, int c) in Cases)
            OpCheck.Holds(device, name, run =>
            {
                Floats dTable = run.Sum("dTable", 9 * c, 5e-6, 1e-6), dy = run.Input("dy", rows.Length * c);
                RowIndex index = run.Index(rows);
                run.Act(() => run.Ops.GatherRowsBackward(dTable, dy, index, c));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void SumRows_MatchesReference(string device)
    {
        foreach ((int n, int c) in new[] { (1, 33), (7, 1), (211, 33), (1009, 384) })
            OpCheck.Holds(device, $"N={n}, C={c}", run =>
            {
                Floats dRow = run.Sum("dRow", c, 2e-5, 1e-6), dy = run.Input("dy", n * c);
                run.Act(() => run.Ops.SumRows(dRow, dy, n, c));
            });
    }

    [Theory, ClassData(typeof(Devices))]
    public void MeanTokens_MatchesReference(string device)
    {
        foreach (int c in new[] { 1, 33, 384 })
            OpCheck.Holds(device, $"C={c}", run =>
            {
                Ints starts = run.Input(0, 1, 3, 74, 274);
                Floats x = run.Input("x", 274 * c), y = run.Output("y", 4 * c, 5e-7, 1e-6);
                run.Act(() => run.Ops.MeanTokens(y, x, starts, 4, c));
            });
    }

    [Fact]
    public void GatherRowsBackward_RefusesARowOutsideTheTable()
    {
        using IOps ops = Devices.Create("cpu");
        OpRun run = new(ops, "");
        Floats dTable = run.Input("dTable", 9 * 4), dy = run.Input("dy", 4);
        RowIndex index = run.Index(9);
        Assert.Throws<ArgumentOutOfRangeException>(() => ops.GatherRowsBackward(dTable, dy, index, 4));
    }

    [Fact]
    public void Reference_GradientsMatchFiniteDifferences()
    {
        OpRun run = new(new ReferenceOps(), "");
        const int C = 3;
        RowIndex index = run.Index(2, 0, 2, 1);
        Floats table = run.Input("table", 4 * C), dTable = run.Input("dTable", new float[4 * C]);
        Floats dy = run.Input("dy", 4 * C), y = run.Output("y", 4 * C, 0);
        run.Ops.GatherRowsBackward(dTable, dy, index, C);
        OpCheck.IsGradient("dTable", dTable, table, () =>
        {
            run.Ops.GatherRows(y, table, index, C);
            return OpCheck.Dot(dy, y);
        });

        Floats type = run.Input("type", C), dType = run.Input("dType", new float[C]);
        run.Ops.SumRows(dType, dy, 4, C);
        OpCheck.IsGradient("dType", dType, type, () =>
        {
            run.Ops.EmbeddingForward(y, table, table, type, index, index, C);
            return OpCheck.Dot(dy, y);
        });
    }
}
