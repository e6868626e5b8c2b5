namespace SmilesBert.Hub;

/// <summary>Where the hub is, who asks, and how patient we are. A class and no record: nothing prints the token by accident.</summary>
public sealed class HubOptions
{
    /// <summary>The hub's address, or a mirror's.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>The account's token; null to ask as anybody. It goes to <see cref="Endpoint"/> alone.</summary>
    public string? Token { get; init; }

    /// <summary>How often a request is tried that fails in a way that may pass.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The wait before the second attempt; each further one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a server may be silent before its connection counts as broken.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>HF_ENDPOINT and HF_TOKEN, as HuggingFace's own programs read them.</summary>
    /// <exception cref="InputException">One of them holds what cannot be used.</exception>
    public static HubOptions FromEnvironment()
    {
        string? endpoint = Value("HF_ENDPOINT"), token = Value("HF_TOKEN");
        if (token is not null && token.Any(static c => c is <= ' ' or > '~'))
            throw new InputException("HF_TOKEN holds characters that no token has");
        if (endpoint is null) return new HubOptions { Token = token };
        if (!Uri.TryCreate(endpoint.TrimEnd('/'), UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https")
            || address.UserInfo.Length + address.Query.Length + address.Fragment.Length > 0)
            throw new InputException("HF_ENDPOINT is no address of a hub: expected one such as https://huggingface.co");
        return new HubOptions { Endpoint = address, Token = token };
    }

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is { Length: > 0 } value ? value : null;
}
