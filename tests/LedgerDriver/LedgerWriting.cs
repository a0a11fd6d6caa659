using System.Text;
using Agent.Evidence.Statements;
using Agent.Keys;
using Agent.Ledger;
using Microsoft.Data.Sqlite;

namespace LedgerDriver;

/// <summary>
/// Writes a ledger as the agent does, and tells what was acknowledged, a line each, before it goes on: what stands there must be in the
/// ledger afterwards, whatever ended this program. Everything happens on the first thread, so that its system calls can be counted.
/// </summary>
sealed class LedgerWriting(string directory, TextWriter output)
{
    /// <summary>Opens the ledger and writes to it a number of times.</summary>
    /// <returns>The exit code: 1 when it could not be opened.</returns>
    public int Run(int times)
    {
        using var identity = AgentIdentity.Open(directory, "HZ-0571-0001");
        try
        {
            using var ledger = LedgerStore.Open(directory, identity, TimeProvider.System);
            for (var i = 0; i < times; i++)
                Write(ledger, identity, i);
            return 0;
        }
        catch (LedgerWriteException)
        {
            output.WriteLine("refused");
            return 1;
        }
    }

    // A refusal is not the end: whoever writes next finds a ledger that goes on.
    void Write(LedgerStore ledger, AgentIdentity identity, int i)
    {
        try
        {
            output.WriteLine((i % 5) switch
            {
                1 => Entry(ledger.AppendTick()),
                3 => Entry(ledger.AppendHeartbeat(after => Encoding.UTF8.GetBytes($$"""{"after":{{after}},"n":{{i}}}"""))),
                4 => Receipt(ledger, identity),
                _ => Entry(ledger.Append("note", Encoding.UTF8.GetBytes($$"""{"n":{{i}},"x":"{{new string('x', 3000)}}"}"""))),
            });
        }
        catch (LedgerWriteException)
        {
            output.WriteLine("refused");
        }
    }

    static string Entry(LedgerHead head) => FormattableString.Invariant($"entry {head.Epoch} {head.Seq} {head.Hash}");

    static string Receipt(LedgerStore ledger, AgentIdentity identity)
    {
        if (Pending(ledger) is not { } statement)
            return "nothing";
        var receipt = identity.Key.Sign(statement.Bytes.Span, StatementTypes.Receipt);
        return ledger.Acknowledge(statement, receipt) ? FormattableString.Invariant($"receipt {statement.Epoch} {statement.Seq} {receipt}") : "nothing";
    }

    // A reader is told of a failing disk in the disk's own words; the agent ends then, and this goes on all the same.
    static PendingStatement? Pending(LedgerStore ledger)
    {
        try
        {
            return ledger.Read.NextPending();
        }
        catch (SqliteException)
        {
            return null;
        }
    }
}
