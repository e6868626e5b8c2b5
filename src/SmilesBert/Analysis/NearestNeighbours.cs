namespace SmilesBert.Analysis;

/// <summary>
/// The class that most of a point's five nearest neighbours have, as scikit-learn's <c>KNeighborsClassifier</c> has it: of classes with equally many
/// votes the first. Of neighbours equally far, the one that comes first is the nearer.
/// </summary>
internal sealed class NearestNeighbours
{
    /// <summary>How many neighbours have a vote.</summary>
    public const int Votes = 5;

    private readonly LabelledPoints others;

    /// <param name="others">Those who may be neighbours.</param>
    /// <param name="points">How many points will be judged.</param>
    public NearestNeighbours(LabelledPoints others, int points)
    {
        this.others = others;
        Predictions = [.. others.Labellings.Select(labelling => labelling.Count(static k => k >= 0) > Votes ? new int[points] : null)];
    }

    /// <summary>For each labelling the class of each point judged (-1 where it has no neighbour); null where not more than five others have a class.</summary>
    public int[]?[] Predictions { get; }

    /// <summary>Judges a point; several may be judged at once.</summary>
    /// <param name="row">Its place.</param>
    /// <param name="distances">To all others.</param>
    /// <param name="except">The molecule that is no neighbour: the point's own.</param>
    public void Judge(int row, ReadOnlySpan<float> distances, int except = -1)
    {
        for (int k = 0; k < Predictions.Length; k++)
            if (Predictions[k] is int[] predictions) predictions[row] = Vote(distances, others.Labellings[k], others.Molecules, except);
    }

    private static int Vote(ReadOnlySpan<float> distances, ReadOnlySpan<int> classes, ReadOnlySpan<int> molecules, int except)
    {
        Span<float> nearest = stackalloc float[Votes];
        Span<int> votes = stackalloc int[Votes];
        int found = 0;
        for (int j = 0; j < distances.Length; j++)
        {
            if (found == Votes && !(distances[j] < nearest[Votes - 1])) continue;
            if (classes[j] < 0 || molecules[j] == except) continue;
            int place = found < Votes ? found++ : Votes - 1;
            for (; place > 0 && distances[j] < nearest[place - 1]; place--) (nearest[place], votes[place]) = (nearest[place - 1], votes[place - 1]);
            (nearest[place], votes[place]) = (distances[j], classes[j]);
        }

        votes = votes[..found];
        int best = -1;
        foreach (int vote in votes)
        {
            int more = votes.Count(vote) - (best < 0 ? 0 : votes.Count(best));
            if (more > 0 || (more == 0 && vote < best)) best = vote;
        }
        return best;
    }
}
