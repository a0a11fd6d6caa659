using System.Collections.Frozen;
using AuditServer.Databases;

namespace AuditServer.Sites;

/// <summary>
/// Keys that were revoked, and keys replaced when their agent was enrolled anew. Officers and other servers write this table too, so it is
/// looked at again whenever a second has passed.
/// </summary>
sealed class KeyEndings(IEvidenceDatabase database, TimeProvider time)
{
    static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(1);

    readonly Lock _reading = new();
    FrozenSet<string> _revoked = [];
    FrozenDictionary<string, (Guid Epoch, long Seq)> _retired = FrozenDictionary<string, (Guid, long)>.Empty;
    long _rows;
    long? _read;

    /// <summary>The pin with what has become of its key.</summary>
    public PinnedAgent Apply(PinnedAgent pin)
    {
        lock (_reading)
        {
            Refresh();
            return pin with
            {
                Revoked = pin.Revoked || _revoked.Contains(pin.Key.Thumbprint),
                Retired = _retired.TryGetValue(pin.Key.Thumbprint, out var last) ? last : null,
            };
        }
    }

    public bool IsRevoked(string kid)
    {
        lock (_reading)
        {
            Refresh();
            return _revoked.Contains(kid);
        }
    }

    /// <summary>What this server has just written counts at once.</summary>
    public void Forget()
    {
        lock (_reading)
            _read = null;
    }

    void Refresh()
    {
        if (_read is { } read && time.GetElapsedTime(read) < GoodFor)
            return;

        using var sql = new SqlSession(database.Open());
        // Rows are only ever added.
        if (sql.Scalar("SELECT count(*) FROM key_endings") is long rows && rows != _rows)
        {
            ReadAll(sql);
            _rows = rows;
        }

        _read = time.GetTimestamp();
    }

    void ReadAll(SqlSession sql)
    {
        var revoked = new HashSet<string>(StringComparer.Ordinal);
        var retired = new Dictionary<string, (Guid, long)>(StringComparer.Ordinal);
        using var row = sql.Read("SELECT kid, epoch, seq FROM key_endings");
        while (row.Read())
        {
            if (row.IsDBNull(1))
                revoked.Add(row.GetString(0));
            else
                retired[row.GetString(0)] = (Guid.ParseExact(row.GetString(1), "D"), row.GetInt64(2));
        }

        (_revoked, _retired) = (revoked.ToFrozenSet(StringComparer.Ordinal), retired.ToFrozenDictionary(StringComparer.Ordinal));
    }
}
