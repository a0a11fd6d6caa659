using System.Buffers;

namespace Agent.Probing.Rtsp;

/// <summary>Collects the units of a video stream with start codes between them (ITU-T H.264 and H.265, annex B), up to a limit.</summary>
/// <param name="most">Bytes it holds; what comes after is left out, whole unit by whole unit.</param>
internal sealed class AnnexB(int most)
{
    static readonly byte[] StartCode = [0, 0, 0, 1];

    readonly ArrayBufferWriter<byte> _bytes = new();
    readonly ArrayBufferWriter<byte> _piece = new();

    bool _isOpen;

    /// <summary>Every complete unit.</summary>
    public ReadOnlyMemory<byte> Content => _bytes.WrittenMemory;

    /// <summary>There is no room for more.</summary>
    public bool IsFull { get; private set; }

    public void Add(ReadOnlySpan<byte> unit)
    {
        Begin(unit);
        End();
    }

    /// <summary>Begins a unit that comes in pieces.</summary>
    public void Begin(ReadOnlySpan<byte> piece)
    {
        Drop();
        _isOpen = true;
        Continue(StartCode);
        Continue(piece);
    }

    /// <summary>Goes on with the unit that was begun; without one, the piece is of no use.</summary>
    public void Continue(ReadOnlySpan<byte> piece)
    {
        if (!_isOpen)
            return;
        _piece.Write(piece);
        if (_bytes.WrittenCount + _piece.WrittenCount > most)
        {
            IsFull = true;
            Drop();
        }
    }

    /// <summary>Completes the unit that was begun.</summary>
    public void End()
    {
        if (_isOpen && !IsFull)
            _bytes.Write(_piece.WrittenSpan);
        Drop();
    }

    /// <summary>Forgets the unit that was begun: a piece of it is missing.</summary>
    public void Drop()
    {
        _piece.ResetWrittenCount();
        _isOpen = false;
    }
}
