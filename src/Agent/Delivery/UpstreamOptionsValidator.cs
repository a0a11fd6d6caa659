using Agent.Evidence.Statements;
using Microsoft.Extensions.Options;

namespace Agent.Delivery;

/// <summary>The rules between settings; every mistake is named at once.</summary>
sealed class UpstreamOptionsValidator : IValidateOptions<UpstreamOptions>
{
    public ValidateOptionsResult Validate(string? name, UpstreamOptions options)
    {
        var mistakes = new List<string>();
        if (options.Url is not null && UrlMistake(options.Url) is { } url)
            mistakes.Add($"{UpstreamOptions.Section}.url: it {url}");
        // Also without an address: receipts may be carried here.
        if (KeysMistake(options.ReceiptKeys) is { } keys)
            mistakes.Add($"{UpstreamOptions.Section}.receiptKeys: {keys}");

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    internal static string? UrlMistake(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            return "is not an address like https://audit.example";
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
            return "must be https: plain http is for this machine only";
        if (url.UserInfo.Length > 0)
            return "must not carry a user name or password; the signature is what identifies the agent";

        return url.Query.Length > 0 || url.Fragment.Length > 0 ? "must not carry a query or fragment" : null;
    }

    static string? KeysMistake(string? path)
    {
        if (string.IsNullOrEmpty(path))
            return null; // those kept at enrolment are meant

        try
        {
            return JwkSet.Parse(File.ReadAllText(path)).Keys.IsEmpty ? $"{path} holds no P-256 key" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException)
        {
            return $"{path} cannot be used: {e.Message}";
        }
    }
}
