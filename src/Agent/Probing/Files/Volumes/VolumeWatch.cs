using Agent.Recorders;

namespace Agent.Probing.Files.Volumes;

/// <summary>Looks at the volume of a recorder before its tree is walked: whether it is there, answers, and is the one that was there before.</summary>
internal sealed class VolumeWatch(ReadingThreads threads, VolumeMemory memory, StorageOptions options, TimeProvider time)
{
    // What a look leaves behind when nothing can be learned of the volume; it is then looked at like any folder.
    static readonly VolumeReading Unknown = new() { State = VolumeState.Present, Point = "", FileSystem = "", Kind = VolumeKind.Unknown };

    /// <summary>Asks the volume, for no longer than it may take. Never throws for what the world does.</summary>
    public async Task<VolumeReading> LookAsync(Recorder recorder, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        // By the text of the path, because even a look for links could wait for ever. One thread a volume, however many recorders lie on it.
        var told = MountTable.Read().Of(recorder.Path);
        var name = $"volume {told?.Point ?? recorder.Path}";
        var asked = await threads.RunAsync(name, options.AnswersWithin, (_, _) => Ask(recorder.Path), cancel);
        if (asked is null)
            return Stale(recorder, told, $"does not answer within {options.AnswersWithin.TotalSeconds:0} s");
        if (asked.Error is { } error)
            return error == 0 ? Unknown : Stale(recorder, told, $"answers with an error of its line (error {error})");
        if (asked is not { Size: { } size, Mount: { } mount })
            return Unknown;

        var kept = memory.Of(recorder.Id);
        var (state, unseenBefore, keep) = VolumeHistory.Judge(recorder.Path, kept, MountTable.Read(), mount, VolumeIdentity.Of(mount, size), now);
        memory.Keep(recorder.Id, keep);
        var reading = new VolumeReading
        {
            State = state,
            Point = mount.Point,
            FileSystem = mount.FileSystem,
            Kind = mount.Kind,
            CapacityBytes = size.CapacityBytes,
            FreeBytes = size.FreeBytes,
            IsReadOnly = mount.IsReadOnly,
            UnseenBefore = unseenBefore,
        };
        return reading with { Problems = [.. VolumeProblems.Of(recorder.Id, reading, kept, now)] };
    }

    static VolumeReading Stale(Recorder recorder, Mount? mount, string why) => new()
    {
        State = VolumeState.Stale,
        Point = mount?.Point ?? recorder.Path,
        FileSystem = mount?.FileSystem ?? "",
        Kind = mount?.Kind ?? VolumeKind.Unknown,
        Problems = [VolumeProblems.Stale(recorder.Id, mount?.Point ?? recorder.Path, why)],
    };

    static Answer Ask(string path)
    {
        try
        {
            var size = VolumeSize.Of(path);
            return new Answer(OperatingSystem.IsLinux() ? MountTable.Read().Of(WithoutLinks(path)) : MountOf(path), size, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Whether a folder is not there or may not be entered is told by the look at it.
            return new Answer(null, null, IsOfTheLine(e.HResult) ? e.HResult : 0);
        }
    }

    // EIO, ENXIO, ENODEV, ENOTCONN, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH, ESTALE: the volume, not the folder.
    static bool IsOfTheLine(int error) => OperatingSystem.IsLinux() && error is 5 or 6 or 19 or 107 or 110 or 112 or 113 or 116;

    static Mount MountOf(string path)
    {
        var drive = new DriveInfo(path);
        return new Mount(drive.Name, drive.DriveType == DriveType.Network ? "smb3" : drive.DriveFormat, drive.Name, IsReadOnly: drive.DriveType == DriveType.CDRom);
    }

    static string WithoutLinks(string path)
    {
        var real = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Join(real, part);
            real = new DirectoryInfo(real) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target ? target.FullName : real;
        }

        return real;
    }

    sealed record Answer(Mount? Mount, VolumeSize? Size, int? Error);
}
