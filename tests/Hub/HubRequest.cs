namespace SmilesBert.Tests.Hub;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Path">The path with its query, still escaped.</param>
/// <param name="Headers">By name, in any case.</param>
internal sealed record HubRequest(string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    public string? Range => Headers.GetValueOrDefault("Range");
}
