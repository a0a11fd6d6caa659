using System.Text.Json;
using Agent.Keys;

namespace Agent.Delivery;

/// <summary>
/// How a command hands carried receipts to the service, which alone takes them: files in the data directory, where only those may write
/// who may also read the key. A file goes when everything in it is done.
/// </summary>
static class ReceiptInbox
{
    const string Pattern = "receipts-*.import";

    /// <summary>Leaves receipts for the service, on the disk when this returns.</summary>
    public static void Leave(string directory, IEnumerable<string> receipts)
    {
        using var content = new MemoryStream();
        foreach (var receipt in receipts)
        {
            JsonSerializer.Serialize(content, new Dictionary<string, string> { ["receipt"] = receipt });
            content.WriteByte((byte)'\n');
        }

        KeyFile.WritePrivate(Path.Combine(directory, $"receipts-{Guid.CreateVersion7():N}.import"), content.ToArray());
    }

    /// <summary>What waits, in the order in which it was left.</summary>
    public static IReadOnlyList<string> Waiting(string directory) => [.. Directory.GetFiles(directory, Pattern).Order(StringComparer.Ordinal)];
}
