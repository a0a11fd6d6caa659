using System.Buffers;
using Agent.Probing.Files.Layouts;

namespace Agent.Probing.Files.Indexing;

/// <summary>What a recorder's layout makes of the path of a file.</summary>
/// <param name="layout">The layout.</param>
/// <param name="rootName">Name of the recorder's own folder, for a camera whose files lie in it.</param>
/// <param name="zone">Zone of local times in names.</param>
internal sealed class FilePlacing(Layout layout, string rootName, TimeZoneInfo zone)
{
    const int Usual = 512;

    // One string for each camera rather than one for each file.
    string _lastCamera = "";

    /// <summary>Whether a file is the recorder's own and no footage; of an index of its footage, why it could not be taken.</summary>
    public FileRecord? OfRecorder(string full, string folder, string name)
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
            _ = layout.Index.Read(Path.Join(full, name), null, rootName, zone);
            return new FileRecord { Name = name, State = FileState.UntakenIndex, Detail = "what it lists is not taken yet" };
        }
        catch (InvalidDataException damage)
        {
            return new FileRecord { Name = name, State = FileState.UntakenIndex, Detail = damage.Message };
        }
    }

    /// <summary>Whether a file is the recorder's own and no footage.</summary>
    public bool IsBeside(string folder, string name) =>
        layout is not { Index: null, InitFile: null, Beside.Count: 0 } && layout.IsBeside(folder.Length == 0 ? name : $"{folder}/{name}");

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
