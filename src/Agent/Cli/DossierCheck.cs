using System.Globalization;
using Agent.Evidence.Statements;
using Agent.Probing.Files;

namespace Agent.Cli;

/// <summary>Holds a dossier line by line against all before it, and names the first line that does not hold.</summary>
internal sealed class DossierCheck(TextWriter output, PinnedKeys agent, PinnedKeys server)
{
    const int LongestLine = HeartbeatRequest.MaxBytes;

    public async Task<bool> HoldsAsync(Stream dossier, CancellationToken cancel)
    {
        var walk = new DossierWalk(agent.Find, server.Find);
        await foreach (var (bytes, _) in Lines.ReadAsync(dossier, LongestLine, cancel))
            if (walk.Accept(bytes) is { } fault)
                return Fails(Plain($"line {walk.Count + 1}"), fault);

        if (walk.End() is { } missing)
            return Fails("its end", missing);
        Line(Plain($"The dossier holds: {walk.Count} lines, every signature, one chain, no receipt without its statement."));
        return true;
    }

    bool Fails(string where, StatementFault fault)
    {
        Line(Plain($"The dossier DOES NOT HOLD at {where} ({fault.Kind}): {fault.Message}"));
        return false;
    }

    void Line(string text) => output.WriteLine(Printable.Text(text));

    static string Plain(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
