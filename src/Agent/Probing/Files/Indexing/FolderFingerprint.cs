using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Agent.Probing.Files.Indexing;

/// <summary>
/// What a folder holds, in sixteen bytes: the name and stamp of every footage file, the names of the folders, the number of links, in whatever order they come.
/// It tells change, not forgery: whoever can write the index can write its records as well.
/// </summary>
internal struct FolderFingerprint
{
    const int StampLength = 3 * sizeof(long);
    const int Usual = 512;

    // A folder and a link have no stamp; these stand for what no file's can be.
    static readonly FileStamp OfFolder = new(-1, 0, 0, 0), OfLink = new(-2, 0, 0, 0);

    /// <summary>The sum of what was added.</summary>
    public UInt128 Sum { get; private set; }

    /// <summary>The same of what is known of a folder; null when some of it is known by name only.</summary>
    public static UInt128? Of(IReadOnlyList<FileRecord> files, FolderMemory folder)
    {
        var print = default(FolderFingerprint);
        foreach (var file in files)
        {
            if (file.IsNobodys || file.Detail == SegmentReader.NameNotUtf8 || file.Stamp == default)
                return null;
            print.Add(file.Name, file.Stamp);
        }

        if (folder.UnspeakableBelow.Count > 0)
            return null;
        foreach (var below in folder.Below)
            print.Add(below, OfFolder);
        for (var i = 0; i < folder.Links; i++)
            print.AddLink();
        return print.Sum;
    }

    public void AddFile(ReadOnlySpan<byte> name, FileStamp stamp) => Add(name, stamp);

    public void AddFolder(ReadOnlySpan<byte> name) => Add(name, OfFolder);

    public void AddLink() => Add(default(ReadOnlySpan<byte>), OfLink);

    void Add(string name, FileStamp stamp)
    {
        var length = Encoding.UTF8.GetMaxByteCount(name.Length);
        var bytes = length <= Usual ? stackalloc byte[Usual] : new byte[length];
        Add(bytes[..Encoding.UTF8.GetBytes(name, bytes)], stamp);
    }

    void Add(ReadOnlySpan<byte> name, FileStamp stamp)
    {
        var length = StampLength + name.Length;
        var bytes = length <= Usual ? stackalloc byte[Usual] : new byte[length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, stamp.Size);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], stamp.Modified);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], stamp.Changed);
        name.CopyTo(bytes[StampLength..]);
        Sum += XxHash128.HashToUInt128(bytes[..length]);
    }
}
