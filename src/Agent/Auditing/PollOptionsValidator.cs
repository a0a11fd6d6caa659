using Microsoft.Extensions.Options;

namespace Agent.Auditing;

/// <summary>The rules between settings; every mistake is named at once.</summary>
internal sealed class PollOptionsValidator : IValidateOptions<PollOptions>
{
    public ValidateOptionsResult Validate(string? name, PollOptions options)
    {
        var mistakes = new List<string>();
        if (options.Listen is not null)
        {
            if (PollAddress.MistakeIn(options.Listen) is { } mistake)
                mistakes.Add($"{PollOptions.Section}.listen: {mistake}");
            if (options.ClientCertificates.Count == 0 && options.BearerKeys.Count == 0)
                mistakes.Add($"{PollOptions.Section}: nobody could ask: clientCertificates or bearerKeys must name somebody");
        }

        Hashes("clientCertificates", options.ClientCertificates);
        Hashes("bearerKeys", options.BearerKeys);
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);

        // What is wrong is not shown: it may be the key itself.
        void Hashes(string key, IEnumerable<string> texts) => mistakes.AddRange(texts.Select((text, i) => (text, i))
            .Where(t => Fingerprint.Parse(t.text) is null)
            .Select(t => $"{PollOptions.Section}.{key}[{t.i}]: it is not a SHA-256 in hex (64 digits, colons between bytes allowed)"));
    }
}
