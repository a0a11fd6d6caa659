using System.Security.Cryptography;
using Agent.Probing.Files.Containers;
using Agent.Probing.Files.Layouts;
using Agent.Probing.Files.Volumes;

namespace Agent.Probing.Files.Indexing;

/// <summary>Brings what is known of one folder up to date: reads what is new or changed, keeps the rest.</summary>
/// <param name="placing">How its files are placed.</param>
/// <param name="times">When the look is.</param>
/// <param name="notes">Takes what has gone and what must be told.</param>
/// <param name="opinions">Offered what was read.</param>
/// <param name="cancel">Ends it early.</param>
internal sealed class FolderLook(FilePlacing placing, LookTimes times, LookNotes notes, SecondOpinionSample opinions, CancellationToken cancel)
{
    // Fewer are read sooner than a second thread has begun; of more than a piece not all is held at once.
    const int WorthSharing = 32;
    const int Piece = 1024;

    readonly ParallelOptions _twoReaders = new() { MaxDegreeOfParallelism = 2, CancellationToken = cancel, TaskScheduler = QuietScheduler.Shared };

    /// <summary>The files of the folder as they are now, in the order of names.</summary>
    /// <param name="folder">It, open.</param>
    /// <param name="full">Its full path.</param>
    /// <param name="relative">Its path below the recorder's.</param>
    /// <param name="listed">What it was just listed to hold; null when it was not listed, because it cannot have changed.</param>
    /// <param name="known">What was known of its files, in the order of names; null when nothing was, or nothing that can be believed.</param>
    /// <param name="everyFile">Hold every file against its record, not only those that are open.</param>
    /// <param name="doubted">One that is read again although it seems unchanged; negative for none.</param>
    /// <param name="isNew">The folder was not there before, so that its files are met for the first time.</param>
    /// <param name="unsettled">Whether something went away meanwhile.</param>
    public List<FileRecord> Update(
        OpenFolder folder, string full, string relative, FolderContent? listed, List<FileRecord>? known, bool everyFile, int doubted, bool isNew, out bool unsettled)
    {
        var (now, toRead) = Compare(folder, listed, known ?? [], everyFile, doubted);
        unsettled = false;
        for (var from = 0; from < toRead.Count; from += Piece)
        {
            var piece = toRead.GetRange(from, Math.Min(Piece, toRead.Count - from));
            unsettled |= Read(folder, full, relative, listed, now, piece, meetsFirst: isNew || known is not null);
        }

        notes.Passed(now.Count - toRead.Count, relative);
        now.RemoveAll(static file => file.Name.Length == 0);
        return now;
    }

    /// <summary>One of the files, to be read again, so that an index somebody edited is not believed for long; negative when there is none.</summary>
    public static int Doubt(List<FileRecord> known) => known.Count > 0 ? RandomNumberGenerator.GetInt32(known.Count) : -1;

    /// <summary>Whether a file of the folder, read again, says what is known of it.</summary>
    public bool Holds(OpenFolder folder, string full, string relative, in FileRecord known)
    {
        if (known.IsNobodys)
            return true;
        if (!placing.TryPlace(relative, known.Name, out var camera, out var start))
            return false;
        var look = folder.Look(known.Name, placing.InitOf(full), cancel);
        var now = RecordOf(folder, known.Name, camera, start, look, known.FirstSeen);
        Offer(now, camera, full, relative, look);
        return !look.Gone && SaysTheSame(known, now);
    }

    (List<FileRecord> Now, List<ToRead> ToRead) Compare(OpenFolder folder, FolderContent? listed, List<FileRecord> known, bool everyFile, int doubted)
    {
        var count = listed?.Files.Count ?? known.Count;
        var now = new List<FileRecord>(count);
        var toRead = new List<ToRead>();
        for (int i = 0, j = 0; i < count || j < known.Count;)
        {
            var order = listed is null ? 0 : i == count ? 1 : j == known.Count ? -1 : string.CompareOrdinal(listed.Files[i], known[j].Name);
            if (order > 0)
            {
                notes.Went(known[j++]);
                continue;
            }

            if (order < 0)
            {
                toRead.Add(new ToRead(now.Count, default, IsKnown: false));
                now.Add(new FileRecord { Name = listed!.Files[i++], State = FileState.UnrecognisedName });
                continue;
            }

            var before = known[j];
            if ((j == doubted && !before.IsNobodys) || HasChanged(folder, before, everyFile))
                toRead.Add(new ToRead(now.Count, before, IsKnown: true));
            now.Add(before);
            i++;
            j++;
        }

        return (now, toRead);
    }

    bool HasChanged(OpenFolder folder, in FileRecord record, bool everyFile)
    {
        // An index lists more without its folder's doing, and a database without its own file's: what lies in its log is not in its stamp.
        if (record.IsIndex)
            return true;
        if (record.IsNobodys || record.Detail == SegmentReader.NameNotUtf8 || (!everyFile && !OpenFile.Is(record, times)))
            return false;
        // What could not be read is tried again: the reason may have passed without a trace on the file.
        return record.State is FileState.UnreadableFile or FileState.UnplacedUnreadable || folder.StatFile(record.Name, out _) is not { } stamp || !stamp.IsSame(record.Stamp);
    }

    bool Read(OpenFolder folder, string full, string relative, FolderContent? listed, List<FileRecord> now, List<ToRead> toRead, bool meetsFirst)
    {
        var placed = new (string? Camera, StartTime Start)[toRead.Count];
        for (var i = 0; i < placed.Length; i++)
            placed[i] = !placing.IsBeside(relative, now[toRead[i].At].Name) && placing.TryPlace(relative, now[toRead[i].At].Name, out var camera, out var start) ? (camera, start) : (null, default);
        var init = placing.InitOf(full);
        var looks = new FileLook[toRead.Count];
        if (looks.Length < WorthSharing || ReadBudget.IsSet) // one that keeps to a budget is in no hurry
            for (var i = 0; i < looks.Length; i++)
                LookAt(i);
        else
            Parallel.For(0, looks.Length, _twoReaders, LookAt);

        var unsettled = false;
        for (var i = 0; i < looks.Length; i++)
        {
            if (placed[i].Camera is not { } camera)
            {
                // Not the recorder's own either, it stays what it was put down as, a file without a place.
                now[toRead[i].At] = placing.OfRecorder(full, relative, now[toRead[i].At].Name, folder.StatFile(now[toRead[i].At].Name, out _) ?? default, cancel) ?? now[toRead[i].At];
                continue;
            }

            var (at, before, isKnown) = toRead[i];
            if (looks[i].Gone)
            {
                unsettled = true;
                notes.Went(before);
                now[at] = default(FileRecord) with { Name = "", State = FileState.Empty };
                continue;
            }

            now[at] = Take(folder, relative, now[at].Name, camera, placed[i].Start, looks[i], isKnown ? before : null, meetsFirst);
            Offer(now[at], camera, full, relative, looks[i]);
        }

        return unsettled;

        void LookAt(int i)
        {
            cancel.ThrowIfCancellationRequested();
            var name = now[toRead[i].At].Name;
            notes.Reading(relative, name);
            if (placed[i].Camera is not null)
                looks[i] = listed?.Unspeakable.Contains(name) == true ? FileLook.Failed(SegmentReader.NameNotUtf8) : folder.Look(name, init, cancel);
        }
    }

    void Offer(FileRecord read, string camera, string full, string relative, FileLook look)
    {
        if (read.State == FileState.Footage && !OpenFile.IsAhead(read, times) && look.Container.State == ContainerState.Whole)
            opinions.Offer(camera, () => new FootageFile(Path.Join(full, read.Name), relative.Length == 0 ? read.Name : $"{relative}/{read.Name}"), look);
    }

    static FileRecord RecordOf(OpenFolder folder, string name, string camera, StartTime starts, FileLook look, long firstSeen)
    {
        TimeSpan? length = look is { Failure: null, Container.State: ContainerState.Whole or ContainerState.Open or ContainerState.Truncated } ? look.Container.Duration : null;
        DateTimeOffset? placed = starts.ByEnd && length is null ? null : starts.Resolve(look.LastWritten, length ?? TimeSpan.Zero);
        var record = placed is { } start
            ? FileRecord.Of(name, camera, start, look, firstSeen)
            : FileRecord.Unplaced(name, camera, starts.MayLie(look.LastWritten, length), length, look, firstSeen);
        if (look.Failure is not null)
            record = record with { Stamp = folder.StatFile(name, out _) ?? default };
        return placed < SegmentPlausibility.Earliest ? record with { State = FileState.OutOfTime, End = 0, Detail = null } : record;
    }

    FileRecord Take(OpenFolder folder, string relative, string name, string camera, StartTime starts, FileLook look, FileRecord? before, bool meetsFirst)
    {
        var record = RecordOf(folder, name, camera, starts, look, before?.FirstSeen ?? times.Now.UtcTicks);
        if (before is not { } then)
            return record with { IsLate = meetsFirst && notes.IsLate(record) };

        if (!SaysTheSame(then, record))
            notes.Went(then);
        if (then.Stamp.IsSame(record.Stamp))
            notes.Contradictions += SaysTheSame(then, record) || MayComeAndGo(then) || MayComeAndGo(record) ? 0 : 1;
        else if (!OpenFile.Is(then, times) && (then.Stamp.Size != record.Stamp.Size || then.Stamp.Modified != record.Stamp.Modified))
            notes.Problems.Add(relative.Length == 0 ? name : $"{relative}/{name}", ProblemCode.ChangedInPlace,
                $"it changed after it had been left alone, from {then.Stamp.Size} to {record.Stamp.Size} bytes; it was read again");
        return record with { IsLate = then.IsLate || (then.HasFootage && record.End > then.End && notes.IsLate(record)) };
    }

    static bool SaysTheSame(in FileRecord one, in FileRecord other) =>
        one.State == other.State && one.Camera == other.Camera && one.Start == other.Start && one.End == other.End && (one.Holes ?? []).SequenceEqual(other.Holes ?? []);

    // Unreadable then and readable now, or the other way, is the world's doing; two readings of the same bytes are not.
    static bool MayComeAndGo(in FileRecord file) => file.State is FileState.UnreadableFile or FileState.UnreadableContainer or FileState.Unplaced or FileState.UnplacedUnreadable;

    readonly record struct ToRead(int At, FileRecord Before, bool IsKnown);
}
