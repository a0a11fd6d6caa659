using System.CommandLine;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;
using Agent.Probing.Files;

namespace Agent.Cli;

/// <summary>
/// <c>verify FILE|URL --jwks FILE|URL</c>: what a heartbeat, a tick, a receipt or an exported ledger proves to somebody who trusts nothing
/// but the keys. What it is is told by its content, not by its name. With <c>--server-jwks</c> it is a dossier: both sides' statements in a row.
/// </summary>
internal sealed class VerifyCommand
{
    const int MostFetched = 64 << 20;

    readonly Argument<string> _statement = new("FILE|URL") { Description = "A heartbeat request, a JWS, a receipt, a ledger export or a dossier" };
    readonly Option<string> _keys = new("--jwks") { HelpName = "FILE|URL", Required = true, Description = "The keys to believe: a JWK set, or the file that pins an agent" };

    readonly Option<string?> _serverKeys = new("--server-jwks") { HelpName = "FILE|URL", Description = "The audit server's keys: check a dossier, what both sides stated, line by line" };

    public static Command Build()
    {
        var verify = new VerifyCommand();
        var command = new Command("verify", "Check a heartbeat, a receipt or a ledger export, and judge its evidence again") { verify._statement, verify._keys, verify._serverKeys };
        command.SetAction(verify.RunAsync);
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var named = parsed.GetValue(_statement)!;
        try
        {
            var keys = await PinnedKeys.ReadAsync(parsed.GetValue(_keys)!, cancel);
            await using var content = await FileOrUrl.OpenAsync(named, MostFetched, cancel);
            if (parsed.GetValue(_serverKeys) is { } server)
                return await new DossierCheck(Console.Out, keys, await PinnedKeys.ReadAsync(server, cancel)).HoldsAsync(content, cancel) ? ExitCodes.Success : ExitCodes.Failed;

            return await HoldsAsync(named, content, keys, cancel) ? ExitCodes.Success : ExitCodes.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            await Console.Error.WriteLineAsync(Printable.Text(e.Message));
            return ExitCodes.Failed;
        }
    }

    static async Task<bool> HoldsAsync(string named, Stream content, PinnedKeys keys, CancellationToken cancel)
    {
        var beginning = await FileOrUrl.BeginningAsync(content, HeartbeatRequest.MaxBytes + 1, cancel);
        if (IsExport(beginning))
        {
            content.Position = 0;
            return await new LedgerExportCheck(Console.Out, keys).HoldsAsync(content, cancel);
        }
        if (beginning.Length > HeartbeatRequest.MaxBytes)
            throw new FormatException($"{named} is no ledger export, and too large for anything else that can be checked.");

        var text = Encoding.UTF8.GetString(beginning).Trim();
        var check = new StatementCheck(Console.Out, keys);
        if (TextIn(beginning, "jws") is not null)
            return check.RequestHolds(beginning);
        if (TextIn(beginning, "receipt") is { } receipt)
            return check.ReceiptHolds(receipt);
        if (text.Count(c => c == '.') == 2 && !text.Any(c => char.IsWhiteSpace(c) || c is '{' or '"'))
            return check.JwsHolds(text);

        throw new FormatException($"{named} is neither a heartbeat request, a JWS, a receipt nor a ledger export. A dossier is checked with --server-jwks.");
    }

    // Any line will do: the first one may be the one that somebody changed.
    static bool IsExport(ReadOnlySpan<byte> content) => content.StartsWith("{\"v\":"u8) || content.IndexOf("\n{\"v\":"u8) >= 0;

    static string? TextIn(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
