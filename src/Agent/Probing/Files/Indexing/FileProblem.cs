namespace Agent.Probing.Files.Indexing;

/// <summary>What a person is told of a file.</summary>
internal static class FileProblem
{
    /// <summary>The problem of a file; null when there is none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">Name of the layout.</param>
    /// <param name="isLeftAlone">Nobody has written to it for a while, so that it is not one at work.</param>
    public static (ProblemCode Code, string Message)? Of(in FileRecord file, string layout, bool isLeftAlone) => file.State switch
    {
        FileState.Truncated => (ProblemCode.TruncatedFile, "it holds less than its header promises; what is missing counts as not recorded"),
        FileState.NoEnd when isLeftAlone => (ProblemCode.UnreadableContainer, "its end was never written, as when a recorder is cut off; its time is unknown"),
        FileState.Empty when isLeftAlone => (ProblemCode.EmptyFile, "it has no bytes"),
        FileState.UnreadableContainer => (ProblemCode.UnreadableContainer, $"it is not a container that can be read ({file.Detail}); its time is unknown"),
        FileState.UnreadableFile => (ProblemCode.UnreadableFile, $"{file.Detail}; its time is unknown"),
        FileState.BeyondItsBytes => (ProblemCode.ImplausibleTime, $"it claims {new TimeSpan(file.End - file.Start).TotalDays:0.#} days in {file.Stamp.Size} bytes, which cannot be; its time is unknown"),
        FileState.LongerThanElapsed => (ProblemCode.ImplausibleTime,
            $"it claims {new TimeSpan(file.End - file.Start).TotalMinutes:0.#} minutes of footage and was last written {new TimeSpan(file.LastWritten - file.Start).TotalMinutes:0.#} minutes after it began; its time is unknown"),
        FileState.OutOfTime => (ProblemCode.ImplausibleTime, OutOfTime(file)),
        FileState.UnrecognisedName => (ProblemCode.UnrecognisedName, $"its name does not fit the layout {layout}; it counts for no camera"),
        FileState.NotOnItsDay => (ProblemCode.ImplausibleTime, $"it was last written at {file.Stamp.LastWritten:yyyy-MM-dd HH:mm:ss} UTC, which is not on the day its path tells; when it begins is unknown"),
        FileState.Unplaced when isLeftAlone => (ProblemCode.UnreadableContainer, $"nothing in it tells how long it is ({file.Detail}); its time is unknown"),
        FileState.UnplacedUnreadable => (ProblemCode.UnreadableFile, $"{file.Detail}; its time is unknown"),
        FileState.UntakenIndex => (ProblemCode.UnreadableIndex, $"{file.Detail}; what it lists is unknown"),
        _ => null,
    };

    public static string OutOfTime(in FileRecord file) => $"its name says it begins at {new DateTime(file.Start):yyyy-MM-dd HH:mm:ss} UTC, which cannot be; it is not evidence";
}
