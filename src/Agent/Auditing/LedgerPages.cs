using System.Globalization;
using Agent.Evidence.Chain;
using Agent.Ledger;
using Microsoft.AspNetCore.Http;

namespace Agent.Auditing;

/// <summary>
/// <c>GET /v1/ledger</c> and <c>GET /v1/heartbeats</c>: the ledger's entries, or the statements with the entries between them, one a line,
/// exactly as they were hashed and signed. A page ends at so many lines or bytes; a <c>Link</c> with <c>rel="next"</c> leads on.
/// </summary>
internal sealed class LedgerPages(LedgerStore ledger)
{
    public const int MostLines = 1000;
    public const int MostBytes = 1 << 20;

    public Task EntriesAsync(HttpContext context) => PageAsync(context, (epoch, after) => ledger.Read.EntriesBetween(epoch, after, long.MaxValue)
        .Select(bytes => (EntryCodec.Decode(bytes).Seq, bytes)));

    public Task StatementsAsync(HttpContext context) => PageAsync(context, (epoch, after) => StatementStore.After(ledger.Read, epoch, after)
        .Select(statement => (statement.Seq, (ReadOnlyMemory<byte>)statement.Request.Encode())));

    async Task PageAsync(HttpContext context, Func<Guid, long, IEnumerable<(long Seq, ReadOnlyMemory<byte> Line)>> linesAfter)
    {
        var head = ledger.Read.Head;
        if (AfterOf(context.Request.Query) is not { } after || EpochOf(context.Request.Query, head.Epoch) is not { } epoch)
        {
            await PollAnswer.RefuseAsync(context, PollRefusal.BadParameter);
            return;
        }

        // An asker that counts on in an epoch that is over must not be told "nothing new" for ever.
        if (after > 0 && ledger.Read.HashAt(epoch, after) is null)
        {
            await PollAnswer.RefuseAsync(context, epoch == head.Epoch || ledger.Read.HashAt(epoch, 1) is not null ? PollRefusal.BeyondHead : PollRefusal.UnknownEpoch);
            return;
        }

        using var page = new MemoryStream();
        var (last, lines, more) = (after, 0, false);
        foreach (var (seq, line) in linesAfter(epoch, after))
        {
            // One line always fits: no entry and no statement is larger than the format allows.
            more = lines == MostLines || (lines > 0 && page.Length + line.Length + 1 > MostBytes);
            if (more)
                break;
            page.Write(line.Span);
            page.WriteByte((byte)'\n');
            (last, lines) = (seq, lines + 1);
        }

        if (lines == 0 && epoch != head.Epoch && ledger.Read.HashAt(epoch, 1) is null)
        {
            await PollAnswer.RefuseAsync(context, PollRefusal.UnknownEpoch);
            return;
        }

        context.Response.ContentType = PollAnswer.Lines;
        context.Response.ContentLength = page.Length;
        if (more)
            context.Response.Headers.Link = string.Create(CultureInfo.InvariantCulture, $"<{context.Request.Path}?after={last}&epoch={epoch}>; rel=\"next\"");
        page.Position = 0;
        await page.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    static long? AfterOf(IQueryCollection query) =>
        query["after"] is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after : null;

    static Guid? EpochOf(IQueryCollection query, Guid current) =>
        query["epoch"].Count == 0 ? current : query["epoch"] is [{ } text] && Guid.TryParseExact(text, "D", out var epoch) ? epoch : null;
}
