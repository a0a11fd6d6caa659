using System.Globalization;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using Agent.Ledger;
using Agent.Probing;
using Agent.Recorders;
using Microsoft.Data.Sqlite;

namespace Agent.Rounds;

/// <summary>
/// What was ever seen of a recorder: its cameras, so that one whose folder is gone stays in sight, the footage that must still be
/// there, and what of it has gone. Unlike the directory index it cannot be made anew. It holds the recorder's own names and never
/// leaves the host; what travels is in the ledger.
/// </summary>
internal sealed class SightingStore
{
    public const string FileName = "sightings.db";

    // Footage older than any measured days by this much is nobody's business any more.
    static readonly TimeSpan Beyond = TimeSpan.FromDays(1);

    // A file may be shown to us a little after the time it is of.
    static readonly TimeSpan ShownLate = TimeSpan.FromHours(1);

    readonly string _connection;

    public SightingStore(string directory)
    {
        Directory.CreateDirectory(directory);
        _connection = new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, FileName), Pooling = false }.ToString();
        using var connection = Open();
        connection.Run("""
            CREATE TABLE IF NOT EXISTS camera (
                recorder   TEXT NOT NULL,
                camera     TEXT NOT NULL,  -- as the recorder names it
                first_seen TEXT NOT NULL,  -- RFC 3339 UTC: the look that met it first
                PRIMARY KEY (recorder, camera)
            ) STRICT;
            CREATE TABLE IF NOT EXISTS look (
                recorder TEXT NOT NULL PRIMARY KEY,
                names    TEXT NOT NULL,    -- layout and zone, by which file names become times
                complete INTEGER           -- milliseconds since 1970: the last look that saw every folder
            ) STRICT;
            CREATE TABLE IF NOT EXISTS held (
                recorder TEXT NOT NULL,
                camera   TEXT NOT NULL,
                ranges   BLOB NOT NULL,    -- PackedRanges: what must still be there at the next look
                PRIMARY KEY (recorder, camera)
            ) STRICT;
            CREATE TABLE IF NOT EXISTS loss (
                recorder    TEXT NOT NULL,
                camera      TEXT NOT NULL,
                from_ms     INTEGER NOT NULL,
                to_ms       INTEGER NOT NULL,
                noticed_ms  INTEGER NOT NULL,
                oldest_edge INTEGER NOT NULL,
                bytes       INTEGER,
                PRIMARY KEY (recorder, camera, from_ms, to_ms)
            ) STRICT;
            CREATE TABLE IF NOT EXISTS began (
                recorder TEXT NOT NULL,
                camera   TEXT NOT NULL,
                after_ms INTEGER NOT NULL,  -- the last complete look that saw the recorder without it
                until_ms INTEGER NOT NULL,  -- the look that met it
                PRIMARY KEY (recorder, camera)
            ) STRICT;
            CREATE TABLE IF NOT EXISTS renamed (
                recorder TEXT NOT NULL,
                camera   TEXT NOT NULL,
                now      TEXT NOT NULL,     -- the camera that holds its footage
                PRIMARY KEY (recorder, camera)
            ) STRICT
            """);
    }

    /// <summary>
    /// Takes in what a look found, all of it or nothing, and says what it comes to together with what was known. The same look again
    /// changes nothing.
    /// </summary>
    /// <param name="recorder">The recorder.</param>
    /// <param name="outcome">What the look found.</param>
    /// <param name="days">How many days of a camera are measured.</param>
    public Sightings Note(Recorder recorder, ProbeOutcome outcome, Func<string, int> days)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction();
        var known = Texts(connection, "SELECT camera, '' FROM camera WHERE recorder = $recorder ORDER BY camera", recorder.Id).ConvertAll(c => c.Camera);
        var vanished = new HashSet<string>(StringComparer.Ordinal);
        if (outcome is { Failed: false, Unsteady: false })
        {
            var isComplete = outcome.Problems.All(p => p.Code is not (ProblemCode.UnreadableFolder or ProblemCode.UnreadableIndex));
            Forget(connection, recorder, outcome.InferredZone ?? recorder.Zone.Id);
            Meet(connection, recorder.Id, outcome, known);
            foreach (var camera in known)
            {
                var footage = outcome.Cameras.FirstOrDefault(c => c.Observation.Camera == camera);
                if (footage is null && !isComplete)
                    continue; // it may lie in what could not be looked at
                var isGone = footage is null or { Segments: 0, Observation.Unseen.Count: 0 };
                if (isGone)
                    vanished.Add(camera);
                Compare(connection, recorder.Id, camera, outcome, footage, isGone ? [.. outcome.Cameras.Where(c => c.Segments > 0 && !known.Contains(c.Observation.Camera))] : [], days(camera));
            }

            foreach (var footage in outcome.Cameras.Where(c => !known.Contains(c.Observation.Camera)))
                Hold(connection, recorder.Id, footage.Observation.Camera, LossSearch.Held(RangeSet.Empty, footage, Due(outcome, days(footage.Observation.Camera), Beyond).Shift(footage.Observation.ClockOffset)));
            if (isComplete)
                connection.Run("UPDATE look SET complete = $at WHERE recorder = $recorder", ("$recorder", recorder.Id), ("$at", outcome.LookedAt.ToUnixTimeMilliseconds()));
        }

        var sightings = Read(connection, recorder.Id) with { Cameras = known, Vanished = vanished };
        transaction.Commit();
        return sightings;
    }

    /// <summary>Under another layout or zone the same files are of other times: what was held of them says nothing any more.</summary>
    static void Forget(SqliteConnection connection, Recorder recorder, string zone)
    {
        var names = $"{recorder.Layout}\n{zone}{(recorder.Address is { } address ? $"\n{address.Authority}" : "")}";
        if (connection.Value("SELECT names FROM look WHERE recorder = $recorder", ("$recorder", recorder.Id)) is not string before)
            connection.Run("INSERT INTO look VALUES ($recorder, $names, NULL)", ("$recorder", recorder.Id), ("$names", names));
        else if (before != names)
        {
            connection.Run("UPDATE look SET names = $names WHERE recorder = $recorder", ("$recorder", recorder.Id), ("$names", names));
            connection.Run("DELETE FROM held WHERE recorder = $recorder", ("$recorder", recorder.Id));
        }
    }

    /// <summary>Cameras met for the first time; one that was not there at a complete look began after it, if its footage says so too.</summary>
    static void Meet(SqliteConnection connection, string recorder, ProbeOutcome outcome, List<string> known)
    {
        var complete = connection.Value("SELECT complete FROM look WHERE recorder = $recorder", ("$recorder", recorder)) is long at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : (DateTimeOffset?)null;
        foreach (var footage in outcome.Cameras.Where(c => c.Segments > 0 && !known.Contains(c.Observation.Camera)))
        {
            var camera = footage.Observation.Camera;
            connection.Run("INSERT INTO camera VALUES ($recorder, $camera, $seen)",
                ("$recorder", recorder), ("$camera", camera), ("$seen", outcome.LookedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
            var all = RangeSet.Of(footage.Listed.Prepend(footage.Observation).SelectMany(o => o.Recorded.Shift(-o.ClockOffset)));
            if (complete is { } without && all is [var oldest, ..] && oldest.From >= without - ShownLate)
                connection.Run("INSERT OR IGNORE INTO began VALUES ($recorder, $camera, $after, $until)", ("$recorder", recorder), ("$camera", camera),
                    ("$after", Math.Min(without.ToUnixTimeMilliseconds(), oldest.From.ToUnixTimeMilliseconds())), ("$until", outcome.LookedAt.ToUnixTimeMilliseconds()));
        }
    }

    /// <summary>What a known camera lost, and what it must still have at the next look.</summary>
    static void Compare(SqliteConnection connection, string recorder, string camera, ProbeOutcome outcome, CameraFootage? footage, List<CameraFootage> strangers, int days)
    {
        var held = connection.Value("SELECT ranges FROM held WHERE recorder = $recorder AND camera = $camera", ("$recorder", recorder), ("$camera", camera)) is byte[] packed
            ? PackedRanges.Unpack(packed) : RangeSet.Empty;
        var elsewhere = RangeSet.Empty;
        if (strangers.Find(s => LossSearch.Holds(s.Observation.Recorded, held)) is { } heir)
        {
            elsewhere = heir.Observation.Recorded;
            connection.Run("INSERT OR REPLACE INTO renamed VALUES ($recorder, $camera, $now)", ("$recorder", recorder), ("$camera", camera), ("$now", heir.Observation.Camera));
        }
        else if (footage is { Segments: > 0 })
            connection.Run("DELETE FROM renamed WHERE recorder = $recorder AND camera = $camera", ("$recorder", recorder), ("$camera", camera));

        // What is held is on the recorder's clock, which names the same footage the same whatever was found of the clock; losses are on ours.
        var offset = footage?.Observation.ClockOffset ?? outcome.ClockOffset;
        foreach (var loss in LossSearch.Find(held, footage, elsewhere, Due(outcome, days, TimeSpan.Zero).Shift(offset), outcome.Gone.GetValueOrDefault(camera)))
            Add(connection, recorder, camera, loss with { Loss = loss.Loss with { Range = loss.Loss.Range.Shift(-offset), NoticedAt = loss.Loss.NoticedAt - offset } });
        Hold(connection, recorder, camera, LossSearch.Held(held, footage, Due(outcome, days, Beyond).Shift(offset)));
        connection.Run("DELETE FROM loss WHERE recorder = $recorder AND camera = $camera AND to_ms <= $due",
            ("$recorder", recorder), ("$camera", camera), ("$due", Due(outcome, days, Beyond).From.ToUnixTimeMilliseconds()));
    }

    /// <summary>
    /// A recorder that overwrites too early does so at every round. Pieces at the edge that follow each other, went at the same age and
    /// make no more than a day are one loss.
    /// </summary>
    static void Add(SqliteConnection connection, string recorder, string camera, NotedLoss noted)
    {
        var loss = noted.Loss;
        var (from, to, noticed) = (loss.Range.From.ToUnixTimeMilliseconds(), loss.Range.To.ToUnixTimeMilliseconds(), loss.NoticedAt.ToUnixTimeMilliseconds());
        if (loss.FromOldestEdge)
        {
            using var find = connection.Command("""
                SELECT from_ms, to_ms, bytes FROM loss WHERE recorder = $recorder AND camera = $camera AND oldest_edge = 1 AND to_ms <= $from AND to_ms >= $from - $near
                    AND $to - from_ms <= 86400000 AND abs(($noticed - $to) - (noticed_ms - to_ms)) <= 3600000 ORDER BY to_ms DESC LIMIT 1
                """, ("$recorder", recorder), ("$camera", camera), ("$from", from), ("$to", to), ("$noticed", noticed), ("$near", (long)TimelineBuilder.Join.TotalMilliseconds));
            using var rows = find.ExecuteReader();
            if (rows.Read())
            {
                var (begin, end) = (rows.GetInt64(0), rows.GetInt64(1));
                noted = noted with { Bytes = rows.IsDBNull(2) ? noted.Bytes : rows.GetInt64(2) + (noted.Bytes ?? 0) };
                connection.Run("DELETE FROM loss WHERE recorder = $recorder AND camera = $camera AND from_ms = $from AND to_ms = $to",
                    ("$recorder", recorder), ("$camera", camera), ("$from", begin), ("$to", end));
                from = begin;
            }
        }

        connection.Run("INSERT OR IGNORE INTO loss VALUES ($recorder, $camera, $from, $to, $noticed, $edge, $bytes)", ("$recorder", recorder), ("$camera", camera),
            ("$from", from), ("$to", to), ("$noticed", noticed), ("$edge", loss.FromOldestEdge ? 1 : 0), ("$bytes", noted.Bytes is { } bytes ? bytes : DBNull.Value));
    }

    static void Hold(SqliteConnection connection, string recorder, string camera, RangeSet ranges) =>
        connection.Run("INSERT OR REPLACE INTO held VALUES ($recorder, $camera, $ranges)", ("$recorder", recorder), ("$camera", camera), ("$ranges", PackedRanges.Pack(ranges)));

    static Sightings Read(SqliteConnection connection, string recorder)
    {
        var losses = new List<(string Camera, NotedLoss Loss)>();
        using (var command = connection.Command("SELECT camera, from_ms, to_ms, noticed_ms, oldest_edge, bytes FROM loss WHERE recorder = $recorder ORDER BY camera, from_ms", ("$recorder", recorder)))
        using (var rows = command.ExecuteReader())
            while (rows.Read())
                losses.Add((rows.GetString(0), new NotedLoss(
                    new FootageLoss(Range(rows.GetInt64(1), rows.GetInt64(2)), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(3)), rows.GetInt64(4) != 0),
                    rows.IsDBNull(5) ? null : rows.GetInt64(5))));
        var began = new Dictionary<string, TimeRange>(StringComparer.Ordinal);
        using (var command = connection.Command("SELECT camera, after_ms, until_ms FROM began WHERE recorder = $recorder", ("$recorder", recorder)))
        using (var rows = command.ExecuteReader())
            while (rows.Read())
                began[rows.GetString(0)] = Range(rows.GetInt64(1), rows.GetInt64(2));
        return new Sightings
        {
            Losses = losses.ToLookup(l => l.Camera, l => l.Loss, StringComparer.Ordinal),
            Began = began,
            Renamed = Texts(connection, "SELECT camera, now FROM renamed WHERE recorder = $recorder", recorder).SelectMany(r => (string[])[r.Camera, r.Other]).ToHashSet(StringComparer.Ordinal),
        };
    }

    static TimeRange Due(ProbeOutcome outcome, int days, TimeSpan beyond) => new(outcome.LookedAt - TimeSpan.FromDays(days) - beyond, outcome.LookedAt);

    static TimeRange Range(long from, long to) => new(DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to));

    static List<(string Camera, string Other)> Texts(SqliteConnection connection, string sql, string recorder)
    {
        using var command = connection.Command(sql, ("$recorder", recorder));
        using var rows = command.ExecuteReader();
        var texts = new List<(string, string)>();
        while (rows.Read())
            texts.Add((rows.GetString(0), rows.GetString(1)));
        return texts;
    }

    SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return connection;
    }
}
