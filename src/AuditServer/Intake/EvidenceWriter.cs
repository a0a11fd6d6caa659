using System.Data.Common;
using System.Threading.Channels;
using AuditServer.Databases;

namespace AuditServer.Intake;

/// <summary>
/// The only writer of accepted statements. Whatever waits is decided in one transaction and answered after its one commit, so that the
/// disk is asked once for many. Who is answered with a receipt can rely on it.
/// </summary>
sealed class EvidenceWriter : IAsyncDisposable
{
    const int MostWaiting = 512;
    const int MostAtOnce = 128;

    readonly Channel<Decision> _waiting = Channel.CreateBounded<Decision>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    readonly IEvidenceDatabase _database;
    readonly Serilog.ILogger _log;
    readonly Task _writing;

    // Both belong to the writing task alone. After a failed commit nobody knows whether it reached the disk.
    SqlSession? _session;
    bool _doubtful;

    public EvidenceWriter(IEvidenceDatabase database, Serilog.ILogger log)
    {
        (_database, _log) = (database, log);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Decides inside a transaction; the answer comes when it is committed. Storing that fails is <see cref="RefusalCode.NotStored"/>.</summary>
    public async Task<IntakeOutcome> DecideAsync(Decision decision, CancellationToken cancel)
    {
        await _waiting.Writer.WriteAsync(decision, cancel);
        return await decision.Answer;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
        _session?.Dispose();
    }

    async Task WriteAsync()
    {
        var batch = new List<Decision>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var decision))
                batch.Add(decision);
            // What one agent sent at once is taken in the order of its ledger; agents in the order they came.
            Take([.. batch.GroupBy(d => (d.Entry.Agent, d.Entry.Epoch)).SelectMany(same => same.OrderBy(d => d.Entry.Seq))]);
        }
    }

    void Take(List<Decision> batch)
    {
        var committing = false;
        try
        {
            var outcomes = Commit(batch, ref committing);
            for (var i = 0; i < batch.Count; i++)
                batch[i].Give(outcomes[i]);
        }
        catch (Exception e)
        {
            Abandon();
            // One that cannot be stored must not keep the others out. A commit that failed may have happened: that is for later to settle.
            if (batch.Count > 1 && !committing)
                batch.ForEach(decision => Take([decision]));
            else
                Refuse(batch, e);
        }
    }

    List<IntakeOutcome> Commit(List<Decision> batch, ref bool committing)
    {
        _session ??= new SqlSession(_database.Open(), _database.TakesArrays);
        if (_doubtful)
            _database.SettleDoubt(_session.Connection);
        _doubtful = false;

        using var transaction = _database.Begin(_session.Connection, batch.Select(decision => decision.Entry.Agent));
        _session.Transaction = transaction;
        var stored = new EvidenceTransaction(_session, batch.Select(decision => decision.Delivery));
        var outcomes = batch.ConvertAll(decision => decision.Decide(stored));
        stored.Write();
        _doubtful = committing = true;
        transaction.Commit();
        _doubtful = false;
        return outcomes;
    }

    void Refuse(List<Decision> batch, Exception failure)
    {
        if (failure is not DbException)
        {
            batch.ForEach(decision => decision.Fail(failure));
            return;
        }

        _log.Error(failure, "{Count} statements could not be stored and got no receipt, among them one of {Agent}", batch.Count, batch[0].Entry.Agent);
        batch.ForEach(decision => decision.Give(IntakeOutcome.Refused(RefusalCode.NotStored, "The statement could not be stored. Send it again later.")));
    }

    // A connection that failed may be lost, or in the middle of something.
    void Abandon()
    {
        try
        {
            _session?.Dispose();
        }
        catch (DbException e)
        {
            _log.Warning(e, "A failed connection to the evidence could not be closed");
        }

        _session = null;
    }
}
