namespace FakeRecorder.Rtsp;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Text">All of it.</param>
public sealed record SeenRtsp(string Text)
{
    public string Method => Text.Split(' ')[0];

    public string Url => Text.Split(' ') is [_, var url, ..] ? url : "";

    public string? Field(string name) =>
        Text.Split("\r\n").Where(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();
}
