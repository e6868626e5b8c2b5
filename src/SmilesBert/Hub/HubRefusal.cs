using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using SmilesBert.Weights;

namespace SmilesBert.Hub;

/// <summary>
/// What an answer without a file means. The hub names the reason in X-Error-Code; the status alone does not tell, since it answers 401 for a
/// repository that is not there, so that nobody can find out which private ones are.
/// </summary>
/// <param name="reference">The model.</param>
/// <param name="options">The hub.</param>
/// <param name="isHub">Whether the hub itself answered, and not a storage that it redirected to.</param>
internal sealed partial class HubRefusal(HubReference reference, HubOptions options, bool isHub)
{
    private const string BadToken = "Invalid credentials in Authorization header", Disabled = "Access to this resource is disabled.";

    private string Repository => reference.Repository;

    private string Hub => options.Endpoint.Authority;

    // Whose eyes a private or gated repository would need.
    private string Account => options.Token is null ? "HF_TOKEN is not set" : "HF_TOKEN's account may not read it";

    /// <summary>The error to throw: a <see cref="HubFault"/> where it may pass.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="host">Who gave it.</param>
    /// <param name="what">The file or document that was asked for.</param>
    public Exception Of(HttpResponseMessage response, string host, string what)
    {
        HttpStatusCode status = response.StatusCode;
        string answered = $"{host} answers {(int)status} {response.ReasonPhrase}".TrimEnd();
        if (status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status >= 500)
            return new HubFault(answered, Wait(response));
        // The storage's addresses hold for a while only; the next attempt asks the hub for a new one.
        if (!isHub) return new HubFault(answered);

        return new InputException((Header(response, "X-Error-Code"), Header(response, "X-Error-Message"), status) switch
        {
            ("RevisionNotFound", _, _) => $"{Repository} at {Hub} has no revision {Shown.Text(reference.Revision)}",
            ("EntryNotFound", _, _) => $"{Repository} at {Hub} has no {what} any more",
            ("GatedRepo", _, _) =>
                $"{Repository} is gated: its terms are to be accepted at {options.Endpoint.AbsoluteUri.TrimEnd('/')}/{Repository} ({Account})",
            (_, Disabled, _) => $"{Hub} has disabled access to {Repository}",
            (_, BadToken, _) => $"{Hub} does not know the token in HF_TOKEN",
            ("RepoNotFound", _, _) or (_, _, HttpStatusCode.Unauthorized or HttpStatusCode.NotFound) =>
                $"{Hub} has no model {Repository}, or it is private ({Account})",
            (_, _, HttpStatusCode.Forbidden) => $"{Hub} refuses {what} of {Repository} ({Account})",
            (_, { } said, _) => $"{what}: {answered}: {Shown.Text(said)}",
            _ => $"{what}: {answered}",
        });
    }

    // Retry-After as HTTP has it, or what the hub says of its five minutes: RateLimit: "resolvers";r=0;t=172
    private static TimeSpan? Wait(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is RetryConditionHeaderValue after)
        {
            TimeSpan wait = after.Delta ?? after.Date!.Value - DateTimeOffset.UtcNow;
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
        if (response.StatusCode != HttpStatusCode.TooManyRequests) return null;
        Match reset = SecondsToReset().Match(Header(response, "RateLimit") ?? "");
        return reset.Success ? TimeSpan.FromSeconds(int.Parse(reset.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) : null;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    [GeneratedRegex(@";\s*t=(\d{1,8})\b", RegexOptions.ECMAScript)]
    private static partial Regex SecondsToReset();
}
