namespace Agent.Probing.Files;

/// <summary>A footage file as a listing shows it, unread.</summary>
/// <param name="Camera">The camera, as the recorder names it.</param>
/// <param name="Start">Begin, from its path.</param>
/// <param name="Path">To open it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="LastWritten">When it was last written.</param>
internal readonly record struct ListedSegment(string Camera, DateTimeOffset Start, string Path, long Size, DateTimeOffset LastWritten);
