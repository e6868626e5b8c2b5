using System.Text;

namespace SmilesBert.Tests.Hub;

/// <summary>An answer, with what is wrong with how it is sent.</summary>
internal sealed record HubReply(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>Breaks the connection after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Sends so many bytes of the body and then nothing, the connection open.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Waits so long before each byte of the body.</summary>
    public TimeSpan? Drip { get; init; }

    /// <summary>Says no length; the end of the connection is the end of the body.</summary>
    public bool HidesLength { get; init; }

    /// <summary>Goes on with zeros after the body, for ever.</summary>
    public bool IsEndless { get; init; }

    public static HubReply Text(int status, string text, params (string Name, string Value)[] headers) =>
        new(status, Encoding.UTF8.GetBytes(text), headers);

    public static HubReply Error(int status, string? code = null) =>
        Text(status, "", code is null ? [] : [("X-Error-Code", code)]);
}
