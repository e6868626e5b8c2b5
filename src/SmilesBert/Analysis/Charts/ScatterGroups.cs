using System.Globalization;

namespace SmilesBert.Analysis.Charts;

/// <summary>
/// Which colour and shape each class gets and which a molecule is drawn in. The commonest classes have colours of their own; the rest share
/// a grey. A molecule with several labels is drawn as the rarest of them, as common ones would hide the others.
/// </summary>
internal sealed class ScatterGroups
{
    /// <summary>More could not be told apart.</summary>
    public const int MostClasses = 20;

    private readonly int[][] _groupsOf;

    /// <summary>Counts the molecules of each class.</summary>
    public ScatterGroups(ScatterContent content)
    {
        int classes = content.Classes.Count;
        (int HeldOut, int Training)[] counts = new (int, int)[classes];
        foreach (ScatterPoint point in content.Points)
            foreach (int label in point.Classes) Count(ref counts[label], point);
        int[] ranked = [.. Enumerable.Range(0, classes).Where(k => Total(counts[k]) > 0).OrderByDescending(k => Total(counts[k]))];
        int shown = Math.Min(ranked.Length, MostClasses);

        int[] rankOf = new int[classes];
        for (int rank = 0; rank < ranked.Length; rank++) rankOf[ranked[rank]] = rank;
        int other = shown, unlabelled = ranked.Length > shown ? shown + 1 : shown;
        _groupsOf = [.. content.Points.Select(GroupsOfPoint)];

        List<ScatterGroup> groups = [];
        for (int rank = 0; rank < shown; rank++)
        {
            (int heldOut, int training) = counts[ranked[rank]];
            groups.Add(new ScatterGroup(content.Classes[ranked[rank]], Palette.Category(rank), ShapeOf(rank), heldOut, training));
        }
        if (ranked.Length > shown)
            AddGrey(string.Create(CultureInfo.InvariantCulture, $"{ranked.Length - shown} rarer classes"), Palette.OtherGrey, other);
        if (_groupsOf.Any(of => of[0] == unlabelled)) AddGrey("no label", Palette.UnlabelledGrey, unlabelled);
        Groups = groups;

        int[] GroupsOfPoint(ScatterPoint point)
        {
            int[] own = [.. point.Classes.Select(label => rankOf[label]).Where(rank => rank < shown).OrderDescending()];
            return own.Length > 0 ? own : [point.Classes.Count > 0 ? other : unlabelled];
        }

        void AddGrey(string name, string colour, int group)
        {
            (int HeldOut, int Training) count = default;
            for (int i = 0; i < _groupsOf.Length; i++)
                if (_groupsOf[i][0] == group) Count(ref count, content.Points[i]);
            groups.Add(new ScatterGroup(name, colour, Marker.Circle, count.HeldOut, count.Training));
        }
    }

    /// <summary>In the order of the legend: classes from the commonest down, then the grey ones.</summary>
    public IReadOnlyList<ScatterGroup> Groups { get; }

    /// <summary>From the bottom up: the grey ones, then classes from the commonest to the rarest.</summary>
    public IEnumerable<int> DrawingOrder => Enumerable.Range(0, Groups.Count).OrderByDescending(IsGrey);

    /// <summary>Molecules with several of the classes shown.</summary>
    public int SeveralLabels => _groupsOf.Count(groups => groups.Length > 1);

    /// <summary>A molecule's groups, the one that it is drawn in (the rarest) first; at least one.</summary>
    public IReadOnlyList<int> Of(int point) => _groupsOf[point];

    private bool IsGrey(int group) => Groups[group].Colour is Palette.OtherGrey or Palette.UnlabelledGrey;

    private static Marker ShapeOf(int rank) => (Marker)(rank / Palette.Categories);

    private static int Total((int HeldOut, int Training) count) => count.HeldOut + count.Training;

    private static void Count(ref (int HeldOut, int Training) count, ScatterPoint point)
    {
        if (point.HeldOut) count.HeldOut++;
        else count.Training++;
    }
}
