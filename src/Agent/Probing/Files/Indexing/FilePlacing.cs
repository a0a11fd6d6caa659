using System.Buffers;
using Agent.Probing.Files.Containers;
using Agent.Probing.Files.Layouts;

namespace Agent.Probing.Files.Indexing;

/// <summary>What a recorder's layout makes of the path of a file.</summary>
/// <param name="layout">The layout.</param>
/// <param name="rootName">Name of the recorder's own folder, for a camera whose files lie in it.</param>
/// <param name="zone">Zone of local times in names.</param>
internal sealed class FilePlacing(Layout layout, string rootName, TimeZoneInfo zone)
{
    const int Usual = 512;

    public string RootName => rootName;

    // One string for each camera rather than one for each file.
    string _lastCamera = "";

    // More than any movie header without its samples needs.
    const int MostOfInit = 64 * 1024;

    /// <summary>The head of the file in a folder that holds the header of its fragments; empty where each file has its own.</summary>
    public ReadOnlyMemory<byte> InitOf(string full)
    {
        if (layout.InitFile is not { } init)
            return default;
        try
        {
            using var file = QuietFile.Open(Path.Join(full, init));
            var head = new byte[Math.Min(MostOfInit, RandomAccess.GetLength(file))];
            return head.AsMemory(0, RandomAccess.Read(file, head, 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return default; // then the fragments beside it say that they cannot be read
        }
    }

    /// <summary>Whether a file is the recorder's own and no footage of itself: what stands beside footage, or an index of it and what that lists.</summary>
    public FileRecord? OfRecorder(string full, string folder, string name, FileStamp stamp, CancellationToken cancel)
    {
        // A path for each file is made only where a layout has files beside its footage.
        if (layout is { Index: null, InitFile: null, Beside.Count: 0 })
            return null;
        var path = folder.Length == 0 ? name : $"{folder}/{name}";
        if (layout.IsBeside(path))
            return new FileRecord { Name = name, State = FileState.Beside };
        if (layout.Index?.Is(path) != true)
            return null;
        try
        {
            using var file = QuietFile.Open(Path.Join(full, name));
            using var reader = new BoundedReader(file, RandomAccess.GetLength(file), cancel);
            var listed = layout.Index.Read(Path.Join(full, name), reader, zone);
            return new FileRecord
            {
                Name = name, State = FileState.Index, Stamp = stamp,
                Listed = [.. listed.Select(l => l with { Camera = layout.NameOf(l.Camera, layout.Index.PrefixOf(path), rootName) })],
            };
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new FileRecord { Name = name, State = FileState.UntakenIndex, Detail = e is InvalidDataException ? e.Message : "it cannot be read" };
        }
    }

    /// <summary>Whether a file is the recorder's own and no footage.</summary>
    public bool IsBeside(string folder, string name) =>
        layout is not { Index: null, InitFile: null, Beside.Count: 0 } && layout.IsBeside(folder.Length == 0 ? name : $"{folder}/{name}");

    /// <summary>The camera of a file by its relative path; null when the layout does not tell.</summary>
    public string? CameraOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return TryPlace(slash < 0 ? "" : path[..slash], path[(slash + 1)..], out var camera, out _) ? camera : null;
    }

    /// <summary>The camera and the start a path tells; false when the layout does not explain it.</summary>
    public bool TryPlace(string folder, string name, out string camera, out StartTime start)
    {
        char[]? rented = null;
        var length = folder.Length + 1 + name.Length;
        var buffer = length <= Usual ? stackalloc char[Usual] : rented = ArrayPool<char>.Shared.Rent(length);
        try
        {
            folder.CopyTo(buffer);
            var at = folder.Length;
            if (at > 0)
                buffer[at++] = '/';
            var withoutExtension = name.AsSpan(0, name.Length - Path.GetExtension(name.AsSpan()).Length);
            withoutExtension.CopyTo(buffer[at..]);
            if (!layout.TryPlace(buffer[..(at + withoutExtension.Length)], rootName, zone, out camera, out start))
                return false;
            camera = _lastCamera = camera == _lastCamera ? _lastCamera : camera;
            return true;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<char>.Shared.Return(rented);
        }
    }
}
