using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Agent.Auditing;

/// <summary>
/// Nonces are answered once. The newest of them are remembered, for as long as this process runs: an attestation is good for a minute
/// anyway, and at the highest rate that can be configured the memory reaches back most of an hour.
/// </summary>
internal sealed class AnsweredNonces(int most = 32768)
{
    readonly Lock _turn = new();
    readonly HashSet<UInt128> _known = [];
    readonly Queue<UInt128> _order = [];

    /// <summary>Takes a nonce for an answer; false when it was taken before.</summary>
    public bool Take(string nonce)
    {
        var mark = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(nonce)));
        lock (_turn)
        {
            if (!_known.Add(mark))
                return false;

            _order.Enqueue(mark);
            if (_order.Count > most)
                _known.Remove(_order.Dequeue());
            return true;
        }
    }
}
