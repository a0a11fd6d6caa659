namespace FakeRecorder;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Connection">Counts the connections from 1.</param>
/// <param name="Operation">What the SOAP body asks for; empty where there is none.</param>
public sealed record SeenRequest(int Connection, string Method, string Path, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body, string Operation)
{
    /// <summary>The first header of this name, or null.</summary>
    public string? Header(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();
}
