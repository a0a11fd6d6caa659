namespace Agent.Probing.Files.Containers;

/// <summary>
/// Counts the pictures of an AVI, which all last equally long. Writers fill time without pictures with empty ones, so
/// a row of those is a pause.
/// </summary>
sealed class AviFrames(uint scale, uint rate)
{
    ulong frames;
    ulong lastFull;

    internal MediaHoles Holes { get; } = new(rate);

    internal ulong Count => frames;

    internal void Add(bool isEmpty)
    {
        if (!isEmpty)
        {
            Settle();
            lastFull = frames;
        }

        frames++;
    }

    /// <summary>Behind the last picture.</summary>
    internal void Settle()
    {
        if (frames > 0)
            Holes.Step(lastFull * scale, (frames - lastFull) * scale);
    }
}
