namespace SmilesBert.Hub;

/// <summary>A failure that may pass: the request is worth another attempt.</summary>
internal sealed class HubFault(string message, TimeSpan? wait = null, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>How long the server asks us to wait; null where it says nothing.</summary>
    public TimeSpan? Wait { get; } = wait;
}
