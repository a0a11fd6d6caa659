using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Agent.Probing.Rtsp;

/// <summary>Cuts what arrives on a connection into messages, and never holds more of one than it may be long.</summary>
/// <param name="stream">The connection.</param>
internal sealed class RtspReader(Stream stream)
{
    /// <summary>Start line and fields of one message, in bytes.</summary>
    public const int LongestHead = 16 * 1024;

    /// <summary>In bytes.</summary>
    public const int LongestBody = 256 * 1024;

    const int MostFields = 128;
    const int MostStrayBytes = 16;
    const byte FrameMark = (byte)'$';

    readonly byte[] _buffer = new byte[32 * 1024];
    int _from;
    int _to;

    /// <summary>All bytes taken from the connection so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Nothing of a message has been taken whose rest has not. A wait that ended otherwise has lost the thread for good.</summary>
    public bool IsBetweenMessages { get; private set; } = true;

    /// <exception cref="RtspFailedException">The connection ended, or carries something else.</exception>
    /// <exception cref="OperationCanceledException">Nothing came in time.</exception>
    public async ValueTask<RtspMessage> NextAsync(CancellationToken cancel)
    {
        var first = await ByteAsync(cancel);
        // Some end a body with a line break that its length does not count.
        for (var stray = 0; first is (byte)'\r' or (byte)'\n'; stray++)
        {
            if (stray == MostStrayBytes)
                throw new RtspFailedException(RtspFailure.NotRtsp, "it sends empty lines");
            first = await ByteAsync(cancel);
        }

        IsBetweenMessages = false;
        var message = first == FrameMark ? new RtspMessage(await FrameAsync(cancel), null, null) : await TextAsync(first, cancel);
        IsBetweenMessages = true;
        return message;
    }

    async ValueTask<InterleavedFrame> FrameAsync(CancellationToken cancel)
    {
        var channel = await ByteAsync(cancel);
        var length = new byte[2];
        await FillAsync(length, cancel);
        var content = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await FillAsync(content, cancel);
        return new InterleavedFrame(channel, content);
    }

    async ValueTask<RtspMessage> TextAsync(byte first, CancellationToken cancel)
    {
        if (!char.IsAsciiLetter((char)first))
            throw new RtspFailedException(RtspFailure.NotRtsp, "what it sends is not RTSP");

        var room = LongestHead;
        var start = await LineAsync(first, room, cancel);
        room -= start.Length;
        var words = start.Split(' ', 3);
        var isReply = start.StartsWith("RTSP/", StringComparison.OrdinalIgnoreCase);
        if (!isReply && !(words.Length == 3 && words[2].StartsWith("RTSP/", StringComparison.OrdinalIgnoreCase)))
            throw new RtspFailedException(RtspFailure.NotRtsp, "what it sends is not RTSP");

        var fields = new List<KeyValuePair<string, string>>();
        for (string line; (line = await LineAsync(null, room, cancel)).Length > 0; room -= line.Length + 1)
            Add(line, fields);

        var body = await BodyAsync(fields, cancel);
        if (!isReply)
            return new RtspMessage(null, null, words[0]);
        return words.Length >= 2 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 100 and < 1000
            ? new RtspMessage(null, new RtspReply(status, words.Length > 2 ? words[2] : "", fields, body), null)
            : throw new RtspFailedException(RtspFailure.NotRtsp, "its reply has no status");
    }

    static void Add(string line, List<KeyValuePair<string, string>> fields)
    {
        if (fields.Count == MostFields)
            throw new RtspFailedException(RtspFailure.TooMuch, $"its reply has more than {MostFields} header fields");
        if (line[0] is ' ' or '\t' && fields.Count > 0)
        {
            // A long field goes on in the next line.
            var (name, begun) = fields[^1];
            fields[^1] = new KeyValuePair<string, string>(name, $"{begun} {line.Trim()}");
            return;
        }
        // A line without a colon is nothing we need, and some firmware writes one.
        if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            fields.Add(new KeyValuePair<string, string>(line[..colon].Trim(), line[(colon + 1)..].Trim()));
    }

    async ValueTask<byte[]> BodyAsync(List<KeyValuePair<string, string>> fields, CancellationToken cancel)
    {
        if (fields.Find(field => field.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value is not { } said)
            return [];
        if (!long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            throw new RtspFailedException(RtspFailure.NotRtsp, "the length of its reply is not a number");
        if (length > LongestBody)
            throw new RtspFailedException(RtspFailure.TooMuch, $"its reply is longer than {LongestBody} bytes");
        var body = new byte[length];
        await FillAsync(body, cancel);
        return body;
    }

    /// <summary>Up to the next line feed, which is not part of it, nor is a carriage return before it.</summary>
    async ValueTask<string> LineAsync(byte? first, int most, CancellationToken cancel)
    {
        var line = new StringBuilder(64);
        if (first is { } begun)
            line.Append((char)begun);
        for (byte next; (next = await ByteAsync(cancel)) != (byte)'\n';)
        {
            if (line.Length >= most)
                throw new RtspFailedException(RtspFailure.TooMuch, $"the head of its reply is longer than {LongestHead} bytes");
            line.Append((char)next);
        }
        if (line.Length > 0 && line[^1] == '\r')
            line.Length--;
        return line.ToString();
    }

    async ValueTask<byte> ByteAsync(CancellationToken cancel)
    {
        if (_from == _to)
            await MoreAsync(cancel);
        return _buffer[_from++];
    }

    async ValueTask FillAsync(Memory<byte> target, CancellationToken cancel)
    {
        while (!target.IsEmpty)
        {
            if (_from == _to)
                await MoreAsync(cancel);
            var count = Math.Min(target.Length, _to - _from);
            _buffer.AsMemory(_from, count).CopyTo(target);
            _from += count;
            target = target[count..];
        }
    }

    async ValueTask MoreAsync(CancellationToken cancel)
    {
        int count;
        try
        {
            count = await stream.ReadAsync(_buffer, cancel);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw new RtspFailedException(RtspFailure.Ended, "it broke the connection off");
        }
        if (count == 0)
            throw new RtspFailedException(RtspFailure.Ended, "it closed the connection");
        (_from, _to) = (0, count);
        BytesRead += count;
    }
}
