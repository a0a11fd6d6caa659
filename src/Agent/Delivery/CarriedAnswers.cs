using System.Globalization;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Statements;
using Agent.Ledger;

namespace Agent.Delivery;

/// <summary>
/// Reads what an audit server wrote for statements that were carried to it by hand: one answer a line, each as it would have come over the
/// line. Receipts are held against the same keys and the same bytes as there; nothing is changed here.
/// </summary>
sealed class CarriedAnswers(LedgerReadStore ledger, ReceiptKeys keys)
{
    /// <summary>The largest file, in bytes: several months of ticks.</summary>
    public const int MaxBytes = 64 << 20;

    const int LongestLine = 1 << 20;
    const int LongestWords = 300;

    /// <summary>The answers in the order of the file. Empty lines are passed over.</summary>
    /// <param name="file">All of the file, at most <see cref="MaxBytes"/>.</param>
    public IEnumerable<CarriedAnswer> Read(ReadOnlyMemory<byte> file)
    {
        var number = 0;
        while (!file.IsEmpty)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var line = (end < 0 ? file : file[..end]).Trim(" \r\t"u8);
            file = end < 0 ? default : file[(end + 1)..];
            number++;
            if (!line.IsEmpty)
                yield return Look(line, number);
        }
    }

    CarriedAnswer Look(ReadOnlyMemory<byte> line, int number)
    {
        var (jws, code, detail) = line.Length > LongestLine ? default : FieldsOf(line);
        if (code is null)
            return jws is null ? Unsound(number, "it is neither a receipt nor a refusal") : OfReceipt(jws, number);

        // A refusal is not signed. The receipt in it is, and shows where a ledger was set back.
        return jws is not null && StandingReceipt.Read(jws, keys) is { } standing && StandingReceipt.Contradicts(ledger, standing)
            ? new CarriedAnswer(number, CarriedKind.SetBack, Jws: jws, Receipt: standing)
            : new CarriedAnswer(number, CarriedKind.Refusal, Plain($"{code}: {detail}"));
    }

    CarriedAnswer OfReceipt(string jws, int number)
    {
        if (Jws.Verify(jws, StatementTypes.Receipt, keys.Find) is { Fault: { } fault } check)
            return Unsound(number, fault == JwsFault.UnknownKey ? "it is signed with a key that is not the audit server's" : $"{fault}: {check.Message}");
        if (StandingReceipt.Read(jws, keys) is not { } receipt)
            return Unsound(number, "it is signed and yet no receipt");
        if (receipt.Agent != ledger.Agent)
            return Unsound(number, $"it is for agent {receipt.Agent}, not for this one");
        if (StatementStore.Find(ledger, receipt.Epoch, receipt.Seq) is not var (statement, had) || StatementVerifier.VerifyReceipt(jws, keys.Find, statement.Bytes).Fault is not null)
            return StandingReceipt.Contradicts(ledger, receipt)
                ? new CarriedAnswer(number, CarriedKind.SetBack, Jws: jws, Receipt: receipt)
                : Unsound(number, string.Create(CultureInfo.InvariantCulture, $"it is for a statement that this ledger does not hold, seq {receipt.Seq} of epoch {receipt.Epoch}"));

        return new CarriedAnswer(number, had is null ? CarriedKind.Fresh : CarriedKind.Known, Jws: jws, Receipt: receipt, Statement: statement);
    }

    static CarriedAnswer Unsound(int number, string words) => new(number, CarriedKind.Unsound, Plain(words));

    static (string? Receipt, string? Code, string? Detail) FieldsOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root ? (Text(root, "receipt"), Text(root, "code"), Text(root, "detail")) : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }

        static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    // Whatever was written on a stick goes to a terminal: without anything that could steer it.
    static string Plain(string words)
    {
        var plain = new StringBuilder(words, 0, Math.Min(words.Length, LongestWords), LongestWords);
        for (var i = 0; i < plain.Length; i++)
            if (char.IsControl(plain[i]))
                plain[i] = ' ';
        return plain.ToString();
    }
}
