using System.Globalization;
using Agent.Evidence.Timelines;

namespace Agent.Tests.Probing.Files.Generators;

/// <summary>
/// The index beside Hikvision's hivNNNNN.mp4 files, from what is publicly known of it and was checked on a real one.
/// <c>info.bin</c>, 68 bytes: serial number 48, MAC address 4, reserved 4, block size 4, blocks 4, u32 data folders.
/// <c>index00.bin</c>, little endian. Head of 1280 bytes: u64 times changed, u32 version, u32 files, u32 next file
/// record, u32 last file record, 49 slots of 24 bytes for the open file of each channel (u16 file, FFFF for none;
/// u16 segments, u32 start, u32 end), u32 checksum in the last four. From 1280 one record of 32 bytes a file (u32 file,
/// u16 channel, u16 segments, u32 start, u32 end, u8 status). Behind those, for each file 256 records of 80 bytes, one
/// a segment (u8 type, u8 status, u16, u32, u64 start, u64 end, u64 first key picture, u32, u32, u32 start and u32 end
/// of its bytes in the file). <c>index01.bin</c> is a copy.
/// </summary>
/// <remarks>
/// Segment records of an earlier use of a file are never cleared; only the count says how many are of today. The
/// record of an open file is stale, and the slot of its channel in the head is what holds. Uncertain: how the checksum
/// is made (the sum of the bytes before it, here, so no reader may rely on it), whether the head's 76 reserved bytes lie before the
/// checksum (they do here), what is in the slot and the segment of an open file for an end (zero, or the newest
/// moment: <see cref="HikvisionIndexShape.OpenEndsAreZero"/>), and the upper half of the 64-bit times (zero here).
/// </remarks>
static class HikvisionIndexGenerator
{
    const int HeadLength = 1280, Channels = 49, SlotLength = 24, FileLength = 32, SegmentsPerFile = 256, SegmentLength = 80;

    /// <summary>Writes the tree of one medium: info.bin, and a data folder with both indexes and a file for each record.</summary>
    /// <returns>The folder with the indexes.</returns>
    internal static string Write(string root, IReadOnlyList<HikvisionFile> files, HikvisionIndexShape? shape = null, int number = 0)
    {
        shape ??= new HikvisionIndexShape();
        var folder = Directory.CreateDirectory(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"datadir{number}"))).FullName;
        File.WriteAllBytes(Path.Combine(root, "info.bin"), Info());
        var index = Index(files, shape);
        File.WriteAllBytes(Path.Combine(folder, "index00.bin"), index);
        File.WriteAllBytes(Path.Combine(folder, "index01.bin"), index);
        foreach (var (at, file) in files.Index())
        {
            // As a recorder lays it out, but no block of the disk is used for what is not there.
            using var footage = File.Create(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"hiv{at:D5}.mp4")));
            if (file.Segments.Count > 0)
                footage.Write(HikvisionProgramStream.File(file.Segments.Take(1).Select(s => new TimeRange(s.From, s.From.AddSeconds(2))).ToList(), TimeZoneInfo.Utc));
            footage.SetLength(shape.FileLength);
        }

        return folder;
    }

    internal static byte[] Info() =>
        new GeneratedBytes().Text("DS-0000000000000000000000".PadRight(48, '\0')).Zeros(8).U32Little(4096).U32Little(1 << 20).U32Little(1).ToArray();

    internal static byte[] Index(IReadOnlyList<HikvisionFile> files, HikvisionIndexShape? shape = null)
    {
        shape ??= new HikvisionIndexShape();
        var index = new GeneratedBytes().U64Little(shape.TimesChanged).U32Little(shape.Version).U32Little(files.Count)
            .U32Little(files.Count == 0 ? 0 : shape.TimesChanged % files.Count).U32Little(Math.Max(0, files.Count - 1));
        for (var channel = 0; channel < Channels; channel++)
            AppendSlot(index, files, channel, shape);
        index.Zeros(HeadLength - 4 - index.Count);
        index.U32Little(index.ToArray().Sum(b => (long)b));
        foreach (var (number, file) in files.Index())
            AppendFile(index, number, file, shape);
        foreach (var file in files)
            AppendSegments(index, file, shape);
        return index.ToArray()[..^shape.CutFromTail];
    }

    static void AppendSlot(GeneratedBytes index, IReadOnlyList<HikvisionFile> files, int channel, HikvisionIndexShape shape)
    {
        var (number, open) = files.Index().FirstOrDefault(f => f.Item.IsOpen && f.Item.Channel == channel);
        if (open is null)
            index.U16Little(0xFFFF).Zeros(SlotLength - 2);
        else
            index.U16Little(number).U16Little(open.Segments.Count).U32Little(shape.Stated(open.Segments[0].From))
                .U32Little(shape.OpenEndsAreZero ? 0 : shape.Stated(open.Segments[^1].To)).Zeros(SlotLength - 12);
    }

    // The record of an open file still tells of the use before.
    static void AppendFile(GeneratedBytes index, int number, HikvisionFile file, HikvisionIndexShape shape)
    {
        var told = file.IsOpen ? file.Before : file.Segments;
        index.U32Little(number).U16Little(file.Channel).U16Little(told.Count)
            .U32Little(told.Count == 0 ? 0 : shape.Stated(told[0].From)).U32Little(told.Count == 0 ? 0 : shape.Stated(told[^1].To))
            .U8(file.IsOpen ? 1 : 0).Zeros(FileLength - 17);
    }

    // Today's segments over those of the use before: what was in the higher slots stays there.
    static void AppendSegments(GeneratedBytes index, HikvisionFile file, HikvisionIndexShape shape)
    {
        for (var slot = 0; slot < SegmentsPerFile; slot++)
        {
            if (slot < file.Segments.Count)
                AppendSegment(index, file.Segments[slot], slot, file.IsOpen && shape.OpenEndsAreZero && slot == file.Segments.Count - 1, shape);
            else if (slot < file.Before.Count)
                AppendSegment(index, file.Before[slot], slot, isRunning: false, shape);
            else
                index.Zeros(SegmentLength);
        }
    }

    static void AppendSegment(GeneratedBytes index, TimeRange range, int slot, bool isRunning, HikvisionIndexShape shape)
    {
        var start = shape.Stated(range.From);
        index.U8(1).U8(0).U16Little(0).U32Little(0).U64Little(start).U64Little(isRunning ? 0 : shape.Stated(range.To)).U64Little(start)
            .Zeros(8).U32Little(slot * 1_000_000L).U32Little((slot + 1) * 1_000_000L - 1).Zeros(SegmentLength - 48);
    }
}
