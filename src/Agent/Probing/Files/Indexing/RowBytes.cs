using System.Buffers;
using System.Text;

namespace Agent.Probing.Files.Indexing;

/// <summary>How numbers and texts lie in a row: seven bits a byte, the least first; of differences the sign is the lowest bit; a text is its length and its UTF-8.</summary>
internal static class RowBytes
{
    public static void Texts(ArrayBufferWriter<byte> buffer, IReadOnlyList<string> texts)
    {
        Number(buffer, texts.Count);
        foreach (var text in texts)
            Text(buffer, text);
    }

    public static List<string> Texts(ReadOnlySpan<byte> packed, ref int at)
    {
        var texts = new List<string>();
        for (var count = Number(packed, ref at); count > 0; count--)
            texts.Add(Text(packed, ref at));
        return texts;
    }

    public static void Text(ArrayBufferWriter<byte> buffer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Number(buffer, length);
        buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(length)));
    }

    public static string Text(ReadOnlySpan<byte> packed, ref int at)
    {
        var length = (int)Number(packed, ref at);
        var text = Encoding.UTF8.GetString(packed.Slice(at, length));
        at += length;
        return text;
    }

    public static void Difference(ArrayBufferWriter<byte> buffer, long value, long from)
    {
        var difference = value - from;
        Number(buffer, (difference << 1) ^ (difference >> 63));
    }

    public static long Difference(ReadOnlySpan<byte> packed, ref int at, long from)
    {
        var folded = (ulong)Number(packed, ref at);
        return from + ((long)(folded >> 1) ^ -(long)(folded & 1));
    }

    public static void Number(ArrayBufferWriter<byte> buffer, long number)
    {
        var span = buffer.GetSpan(10);
        var length = 0;
        for (var rest = (ulong)number; ; rest >>= 7)
        {
            span[length++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
            if (rest < 0x80)
                break;
        }

        buffer.Advance(length);
    }

    public static long Number(ReadOnlySpan<byte> packed, ref int at)
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = packed[at++];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)number;
        }

        throw new OverflowException();
    }
}
