using System.Globalization;

namespace AuditServer.Intake;

/// <summary>A place in the history of a site, so that a page can go on where the one before ended, whatever came meanwhile.</summary>
/// <param name="Received">When the statement came, as stored.</param>
/// <param name="Chain">The id of its chain.</param>
/// <param name="Seq">Its number.</param>
sealed record HistoryPlace(string Received, long Chain, long Seq)
{
    /// <summary>The place as it stands in a link; null when the text is none.</summary>
    public static HistoryPlace? Parse(string text) => text.Split('_') is [{ Length: > 0 } received, var chain, var seq]
        && long.TryParse(chain, NumberStyles.None, CultureInfo.InvariantCulture, out var c) && long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
        ? new HistoryPlace(received, c, s)
        : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Received}_{Chain}_{Seq}");
}
