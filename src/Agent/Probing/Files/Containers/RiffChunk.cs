using System.Buffers.Binary;
using System.Text;

namespace Agent.Probing.Files.Containers;

/// <summary>One chunk of a RIFF file. A list's content starts behind the type it names.</summary>
/// <param name="Id">Four characters as the little-endian number they are.</param>
/// <param name="ListType">Of a RIFF or LIST chunk; zero of others.</param>
/// <param name="End">Where it says it ends; a size that was never written ends nowhere.</param>
readonly record struct RiffChunk(uint Id, uint ListType, long Body, long End)
{
    internal const int HeaderLength = 8;

    internal static readonly uint Riff = Code("RIFF"), List = Code("LIST"), Avi = Code("AVI "), Avix = Code("AVIX"), Hdrl = Code("hdrl"),
        Strl = Code("strl"), Strh = Code("strh"), Avih = Code("avih"), Movi = Code("movi"), Idx1 = Code("idx1"), Indx = Code("indx"),
        Odml = Code("odml"), Dmlh = Code("dmlh"), Vids = Code("vids");

    /// <summary>Chunks are padded to even lengths.</summary>
    internal long Next => End >= long.MaxValue - 1 ? long.MaxValue : End + (End & 1);

    internal bool IsList(uint type) => ListType == type;

    internal static bool TryRead(BoundedReader reader, long offset, long limit, out RiffChunk chunk)
    {
        chunk = default;
        var header = reader.Peek(offset, 12);
        if (header.Length < HeaderLength || limit - offset < HeaderLength)
            return false;

        var id = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (id == 0)
            return false;
        var isList = (id == Riff || id == List) && header.Length == 12;
        var isOpen = isList && size is 0 or uint.MaxValue;
        if (isList && !isOpen && size < 4)
            return false;
        chunk = new RiffChunk(id, isList ? BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) : 0, offset + (isList ? 12 : 8), isOpen ? long.MaxValue : offset + 8 + size);
        return true;
    }

    static uint Code(string text) => BinaryPrimitives.ReadUInt32LittleEndian(Encoding.ASCII.GetBytes(text));
}
