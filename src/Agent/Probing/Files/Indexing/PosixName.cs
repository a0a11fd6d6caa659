using System.Buffers;
using System.Text;

namespace Agent.Probing.Files.Indexing;

/// <summary>A name as the C library takes it: UTF-8 with a zero behind. Short ones live in the caller's buffer.</summary>
internal readonly ref struct PosixName : IDisposable
{
    /// <summary>Room that an ordinary path needs.</summary>
    public const int Usual = 512;

    readonly byte[]? _rented;

    public PosixName(string name, Span<byte> buffer)
    {
        if (name.Length * 3 + 1 > buffer.Length)
            buffer = _rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(name.Length) + 1);
        var length = Encoding.UTF8.GetBytes(name, buffer);
        buffer[length] = 0;
        Bytes = buffer[..(length + 1)];
    }

    public ReadOnlySpan<byte> Bytes { get; }

    public void Dispose()
    {
        if (_rented is not null)
            ArrayPool<byte>.Shared.Return(_rented);
    }
}
