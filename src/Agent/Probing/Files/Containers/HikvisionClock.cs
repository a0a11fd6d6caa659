using System.Buffers.Binary;

namespace Agent.Probing.Files.Containers;

/// <summary>The recorder's local time, which Hikvision writes into a descriptor of its own in the program stream map.</summary>
static class HikvisionClock
{
    const byte BasicDescriptor = 0x40;
    const int DescriptorsAt = 10;
    const int MostDescriptors = 32;

    /// <param name="map">From its start code on.</param>
    internal static DateTime? TryRead(ReadOnlySpan<byte> map)
    {
        if (map.Length < DescriptorsAt)
            return null;

        var descriptors = map[DescriptorsAt..];
        descriptors = descriptors[..Math.Min(descriptors.Length, BinaryPrimitives.ReadUInt16BigEndian(map[8..]))];
        for (var i = 0; i < MostDescriptors && descriptors.Length >= 2; i++)
        {
            var length = Math.Min(descriptors.Length, 2 + descriptors[1]);
            if (descriptors[0] == BasicDescriptor && length >= 11 && descriptors[2] == 'H' && descriptors[3] == 'K')
                return Clock(descriptors[6..]);
            descriptors = descriptors[length..];
        }

        return null;
    }

    /// <summary>Year since 2000 (8 bits), month (4), day (5), hour (5), minute (6), second (6).</summary>
    static DateTime? Clock(ReadOnlySpan<byte> field)
    {
        var bits = BinaryPrimitives.ReadUInt32BigEndian(field[1..]);
        return RecorderDate.TryMake(2000 + field[0], (int)(bits >> 28), (int)(bits >> 23 & 31), (int)(bits >> 18 & 31), (int)(bits >> 12 & 63), (int)(bits >> 6 & 63));
    }
}
