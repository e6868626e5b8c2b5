namespace SmilesBert.Training;

/// <summary>What an output folder means for a run that is about to begin.</summary>
public enum RunStart
{
    /// <summary>It begins.</summary>
    Fresh,

    /// <summary>It goes on from what is saved.</summary>
    Saved,

    /// <summary>It has ended already.</summary>
    Ended,
}
