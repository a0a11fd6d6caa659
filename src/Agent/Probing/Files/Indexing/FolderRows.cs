using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Agent.Evidence.Timelines;
using Agent.Probing.Files.IndexFiles;
using static Agent.Probing.Files.Indexing.RowBytes;

namespace Agent.Probing.Files.Indexing;

/// <summary>
/// A folder and its files packed into one value: a checksum, what is known of the folder, then for every file its name and numbers, each as the difference to the
/// file before. A segment of a camera takes about forty bytes.
/// </summary>
internal static class FolderRows
{
    const int ChecksumLength = 8;
    const long Late = 64;

    /// <summary>Packs a folder and its files.</summary>
    public static byte[] Pack(FolderMemory folder, IReadOnlyList<FileRecord> files)
    {
        var buffer = new ArrayBufferWriter<byte>(128 + files.Count * 48);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(ChecksumLength), 0);
        buffer.Advance(ChecksumLength);
        Text(buffer, folder.Path); // so that one folder's row is not another's
        Number(buffer, folder.Stamp.Modified);
        Number(buffer, folder.Stamp.Changed);
        Number(buffer, (long)folder.Stamp.Volume);
        Number(buffer, folder.Listed.UtcTicks);
        Number(buffer, folder.NextListing.UtcTicks);
        Number(buffer, folder.Links);
        Number(buffer, (folder.IsMount ? 1 : 0) | (folder.IsUnsettled ? 2 : 0) | (folder.Fingerprint is null ? 0 : 4));
        Number(buffer, (long)(ulong)(folder.Fingerprint ?? 0));
        Number(buffer, (long)(ulong)((folder.Fingerprint ?? 0) >> 64));
        Texts(buffer, folder.Below);
        Texts(buffer, folder.UnspeakableBelow);
        Files(buffer, files);
        var packed = buffer.WrittenSpan.ToArray();
        Checksum(packed).CopyTo(packed, 0);
        return packed;
    }

    /// <summary>The folder, without what its files come to, and its files; null when it is not as it was packed.</summary>
    public static (FolderMemory Folder, List<FileRecord> Files)? Unpack(string path, ReadOnlySpan<byte> packed)
    {
        if (packed.Length < ChecksumLength || !packed[..ChecksumLength].SequenceEqual(Checksum(packed)))
            return null;
        var at = ChecksumLength;
        try
        {
            if (Text(packed, ref at) != path)
                return null;
            var stamp = new FileStamp(0, Number(packed, ref at), Number(packed, ref at), (ulong)Number(packed, ref at));
            var (listed, next) = (new DateTimeOffset(Number(packed, ref at), TimeSpan.Zero), new DateTimeOffset(Number(packed, ref at), TimeSpan.Zero));
            var (links, flags) = ((int)Number(packed, ref at), Number(packed, ref at));
            var (low, high) = ((ulong)Number(packed, ref at), (ulong)Number(packed, ref at));
            var folder = new FolderMemory
            {
                Path = path, Stamp = stamp, Listed = listed, NextListing = next, Links = links, IsMount = (flags & 1) != 0, IsUnsettled = (flags & 2) != 0,
                Fingerprint = (flags & 4) == 0 ? null : new UInt128(high, low),
                Below = Texts(packed, ref at), UnspeakableBelow = Texts(packed, ref at),
            };
            return Files(packed, ref at) is { } files && at == packed.Length && folder.Below.All(IsName) ? (folder, files) : null;
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException or OutOfMemoryException)
        {
            return null; // a checksum can be computed by whoever edits; then the rest must hold too
        }
    }

    static void Files(ArrayBufferWriter<byte> buffer, IReadOnlyList<FileRecord> files)
    {
        var cameras = new List<string>();
        Number(buffer, files.Count);
        var before = default(FileRecord);
        foreach (var file in files)
        {
            Text(buffer, file.Name);
            Number(buffer, (long)file.State | (file.IsLate ? Late : 0));
            Number(buffer, file.Stamp.Size);
            Difference(buffer, file.Stamp.Modified, before.Stamp.Modified);
            Difference(buffer, file.Stamp.Changed, file.Stamp.Modified);
            Difference(buffer, file.FirstSeen, before.FirstSeen);
            Camera(buffer, file.Camera, cameras);
            Difference(buffer, file.Start, before.Start);
            Difference(buffer, file.End, file.Start);
            Text(buffer, file.Detail ?? "");
            Holes(buffer, file);
            Listed(buffer, file, cameras);
            before = file;
        }
    }

    static List<FileRecord>? Files(ReadOnlySpan<byte> packed, ref int at)
    {
        var cameras = new List<string>();
        var count = (int)Number(packed, ref at);
        if (count > packed.Length)
            return null;
        var files = new List<FileRecord>(count);
        var before = default(FileRecord);
        while (files.Count < count)
        {
            var name = Text(packed, ref at);
            var state = Number(packed, ref at);
            var size = Number(packed, ref at);
            var modified = Difference(packed, ref at, before.Stamp.Modified);
            var changed = Difference(packed, ref at, modified);
            var firstSeen = Difference(packed, ref at, before.FirstSeen);
            var camera = Camera(packed, ref at, cameras);
            var start = Difference(packed, ref at, before.Start);
            var end = Difference(packed, ref at, start);
            var detail = Text(packed, ref at);
            var holes = Holes(packed, ref at, start);
            var listed = Listed(packed, ref at, cameras);
            before = new FileRecord
            {
                Name = name, State = (FileState)(state & ~Late), IsLate = (state & Late) != 0, Stamp = new FileStamp(size, modified, changed, 0), FirstSeen = firstSeen,
                Camera = camera, Start = start, End = end, Detail = detail.Length == 0 ? null : detail, Holes = holes, Listed = (FileState)(state & ~Late) == FileState.Index ? listed : null,
            };
            if (!IsPlausible(before))
                return null;
            files.Add(before);
        }

        return files;
    }

    // Whoever edits can compute a checksum: what stands there must not lead out of the folder or the calendar either.
    static bool IsPlausible(in FileRecord file) =>
        IsName(file.Name) && Enum.IsDefined(file.State)
        && IsTime(file.Start) && IsTime(file.End) && IsTime(file.Stamp.Modified) && IsTime(file.FirstSeen) && ((!file.HasFootage && !file.HidesTime) || file.End >= file.Start)
        && (file.Camera is null) == file.IsNobodys && AreInside(file);

    static bool AreInside(in FileRecord file)
    {
        var from = file.Start;
        foreach (var hole in file.Holes ?? [])
        {
            if (hole.From < from || hole.To < hole.From || hole.To > file.End)
                return false;
            from = hole.To;
        }

        return true;
    }

    static void Holes(ArrayBufferWriter<byte> buffer, in FileRecord file)
    {
        Number(buffer, file.Holes?.Count ?? 0);
        var before = file.Start;
        foreach (var (from, to) in file.Holes ?? [])
        {
            Difference(buffer, from, before);
            Difference(buffer, to, from);
            before = to;
        }
    }

    static (long From, long To)[]? Holes(ReadOnlySpan<byte> packed, ref int at, long start)
    {
        var count = (int)Number(packed, ref at);
        if (count == 0)
            return null;
        if (count > packed.Length)
            throw new OverflowException();
        var holes = new (long From, long To)[count];
        for (var i = 0; i < count; i++)
        {
            holes[i].From = Difference(packed, ref at, start);
            start = holes[i].To = Difference(packed, ref at, holes[i].From);
        }

        return holes;
    }

    static void Listed(ArrayBufferWriter<byte> buffer, in FileRecord file, List<string> cameras)
    {
        Number(buffer, file.Listed?.Count ?? 0);
        var before = 0L;
        foreach (var (camera, range, bytes, state) in file.Listed ?? [])
        {
            Camera(buffer, camera, cameras);
            Difference(buffer, range.From.UtcTicks, before);
            Difference(buffer, range.To.UtcTicks, range.From.UtcTicks);
            Number(buffer, bytes);
            Number(buffer, (long)state);
            before = range.To.UtcTicks;
        }
    }

    static ListedFootage[] Listed(ReadOnlySpan<byte> packed, ref int at, List<string> cameras)
    {
        var count = (int)Number(packed, ref at);
        if (count > packed.Length)
            throw new OverflowException();
        var listed = new ListedFootage[count];
        var before = 0L;
        for (var i = 0; i < count; i++)
        {
            var camera = Camera(packed, ref at, cameras) ?? throw new ArgumentException("A camera is missing.");
            var from = Difference(packed, ref at, before);
            var to = Difference(packed, ref at, from);
            listed[i] = new ListedFootage(
                camera, new TimeRange(new DateTimeOffset(from, TimeSpan.Zero), new DateTimeOffset(to, TimeSpan.Zero)), Number(packed, ref at), (ListedState)Number(packed, ref at));
            before = to;
        }

        return listed;
    }

    static bool IsName(string name) => name.Length > 0 && name is not ("." or "..") && !name.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar, '\0');

    static bool IsTime(long ticks) => ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks;

    static byte[] Checksum(ReadOnlySpan<byte> packed) => SHA256.HashData(packed[ChecksumLength..])[..ChecksumLength];

    // A camera is its number among those of the folder; a new one is the next number and its name. No camera is zero.
    static void Camera(ArrayBufferWriter<byte> buffer, string? camera, List<string> cameras)
    {
        var number = camera is null ? 0 : cameras.IndexOf(camera) + 1;
        if (camera is null || number > 0)
        {
            Number(buffer, number);
            return;
        }

        cameras.Add(camera);
        Number(buffer, cameras.Count);
        Text(buffer, camera);
    }

    static string? Camera(ReadOnlySpan<byte> packed, ref int at, List<string> cameras)
    {
        var number = (int)Number(packed, ref at);
        if (number == 0)
            return null;
        if (number == cameras.Count + 1)
            cameras.Add(Text(packed, ref at));
        return cameras[number - 1];
    }
}
