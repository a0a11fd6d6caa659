using System.Globalization;

namespace FakeRecorder.Answers;

/// <summary>One camera of the recorder at one moment: its tokens and what is recorded of it up to now.</summary>
internal sealed class RecordedCamera
{
    readonly Quirks _quirks;

    public RecordedCamera(RecorderScript script, string name, int number, DateTimeOffset now)
    {
        _quirks = script.Quirks;
        Name = name;
        Number = number;
        IsListed = !script.Unlisted.Contains(name);
        Files = [.. script.Cameras[name].Where(file => file.From < now && file.To > file.From).OrderBy(file => file.From).Select(file => file.To >= now ? (file.From, now) : file)];
        IsRecording = script.Cameras[name].Any(file => file.From < now && file.To >= now);
        Runs = Join(joinsTouching: true);
        Sections = Join(joinsTouching: false);
    }

    public string Name { get; }

    /// <summary>Counts the cameras from 1.</summary>
    public int Number { get; }

    public bool IsListed { get; }

    public string Recording => string.Format(CultureInfo.InvariantCulture, _quirks.RecordingToken, Number);

    public string Profile => $"profile_{Number}_h264";

    public string Source => $"source_{Number}";

    public string Job => $"job-{Number}";

    /// <summary>The tokens of the tracks with their kinds, the video first.</summary>
    public IEnumerable<(string Token, string Kind)> Tracks =>
        _quirks.RecordsSound ? [(_quirks.VideoTrack, "Video"), ("AUDIO001", "Audio"), ("META001", "Metadata")] : [(_quirks.VideoTrack, "Video")];

    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Files { get; }

    /// <summary>Footage without a break.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Runs { get; }

    /// <summary>As <see cref="Runs"/>, but broken where one file ends in the instant in which the next begins.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Sections { get; }

    /// <summary>The newest footage is still being written.</summary>
    public bool IsRecording { get; }

    List<(DateTimeOffset From, DateTimeOffset To)> Join(bool joinsTouching)
    {
        var joined = new List<(DateTimeOffset From, DateTimeOffset To)>();
        foreach (var file in Files)
            if (joined.Count > 0 && (joinsTouching ? file.From <= joined[^1].To : file.From < joined[^1].To))
                joined[^1] = (joined[^1].From, file.To > joined[^1].To ? file.To : joined[^1].To);
            else
                joined.Add(file);
        return joined;
    }
}
