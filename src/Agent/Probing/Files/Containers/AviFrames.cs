namespace Agent.Probing.Files.Containers;

/// <summary>
/// Counts the pictures of an AVI, which all last equally long. Writers fill time without pictures with empty ones, so
/// a row of those is a pause.
/// </summary>
sealed class AviFrames(uint scale, uint rate)
{
    ulong frames;
    ulong lastFull;
    ulong? firstFull;

    internal MediaHoles Holes { get; } = new(rate);

    /// <summary>All of them, empty ones too.</summary>
    internal ulong Count => frames;

    /// <summary>From the first picture to the last, which is all that is footage.</summary>
    internal ulong Lasting => firstFull is { } first ? lastFull - first + 1 : 0;

    internal void Add(bool isEmpty)
    {
        if (!isEmpty)
        {
            if (firstFull is { } first)
                Holes.Step((lastFull - first) * scale, (frames - lastFull) * scale);
            firstFull ??= frames;
            lastFull = frames;
        }

        frames++;
    }
}
