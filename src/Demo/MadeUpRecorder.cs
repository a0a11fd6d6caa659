using System.Globalization;

namespace Demo;

/// <summary>
/// Stands in for a recorder: files of half an hour, named as Frigate names them. While it runs it adds each half hour when it is
/// over, because an agent that measures honestly would soon say that nothing records any more.
/// </summary>
internal sealed class MadeUpRecorder(string folder, TimeProvider time)
{
    /// <summary>Length of the embedded clip.</summary>
    public static readonly TimeSpan Segment = TimeSpan.FromMinutes(30);

    readonly byte[] _clip = Clip();
    DateTimeOffset _recordedUntil;

    public int Files { get; private set; }

    public long Bytes => (long)Files * _clip.Length;

    /// <summary>The instant the seeded footage ends, whole seconds, because file names know no fractions.</summary>
    public DateTimeOffset SeededAt { get; private set; }

    /// <summary>Writes the past of every camera, ending now.</summary>
    public void Seed()
    {
        SeededAt = _recordedUntil = WholeSecond(time.GetUtcNow());
        foreach (var camera in MadeUpCamera.All)
            for (var endedAgo = TimeSpan.Zero; endedAgo < camera.Kept; endedAgo += Segment)
                if (camera.Has(endedAgo))
                    Write(camera, SeededAt - endedAgo);
    }

    /// <summary>Records on until cancelled.</summary>
    public async Task RecordAsync(CancellationToken cancel)
    {
        while (true)
        {
            var next = _recordedUntil + Segment;
            var wait = next - time.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, cancel);
            // A machine that slept recorded nothing meanwhile. That is a hole, and it must show as one.
            if (time.GetUtcNow() - next > Segment)
                _recordedUntil = WholeSecond(time.GetUtcNow());
            else
            {
                foreach (var camera in MadeUpCamera.All)
                    Write(camera, next);
                _recordedUntil = next;
            }
        }
    }

    void Write(MadeUpCamera camera, DateTimeOffset end)
    {
        var path = Path.Combine(folder, (end - Segment).UtcDateTime.ToString($"yyyy-MM-dd'/'HH'/{camera.Name}/'mm'.'ss'.mp4'", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // It appears whole: nobody finds half a file and wonders.
        var draft = Path.ChangeExtension(path, ".part");
        File.WriteAllBytes(draft, _clip);
        File.SetLastWriteTimeUtc(draft, end.UtcDateTime);
        File.Move(draft, path);
        Files++;
    }

    static DateTimeOffset WholeSecond(DateTimeOffset instant) => instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerSecond));

    static byte[] Clip()
    {
        using var resource = typeof(MadeUpRecorder).Assembly.GetManifestResourceStream("half-hour.mp4")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
