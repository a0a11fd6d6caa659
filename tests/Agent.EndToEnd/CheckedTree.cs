using System.Text.Json;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>What <c>check --json</c> said, read as another program would read it.</summary>
internal sealed class CheckedTree
{
    CheckedTree(EndedProcess ended)
    {
        Assert.That(ended.Errors, Does.Not.Contain("Unhandled exception"));
        Ended = ended;
        Root = JsonDocument.Parse(ended.Output).RootElement;
    }

    public EndedProcess Ended { get; }

    public int ExitCode => Ended.ExitCode;

    public JsonElement Root { get; }

    public string Verdict => Root.GetProperty("verdict").GetString()!;

    public IReadOnlyList<string> Cameras => [.. Root.GetProperty("cameras").EnumerateArray().Select(c => c.GetProperty("camera").GetString()!)];

    /// <summary>"code path: message" of every problem.</summary>
    public IReadOnlyList<string> Problems =>
    [
        .. Root.GetProperty("problems").EnumerateArray().Select(p => $"{p.GetProperty("code").GetString()} {p.GetProperty("path").GetString()}: {p.GetProperty("message").GetString()}"),
    ];

    public static async Task<CheckedTree> OfAsync(string folder, params string[] more) =>
        new(await Programs.RunAgentAsync(["check", folder, "--json", .. more]));

    public static CheckedTree Of(EndedProcess ended) => new(ended);

    public JsonElement Camera(string name) => Root.GetProperty("cameras").EnumerateArray().Single(c => c.GetProperty("camera").GetString() == name);

    public DateTimeOffset? Newest(string camera) => Camera(camera).GetProperty("newest").Deserialize<DateTimeOffset?>();

    public DateTimeOffset? Oldest(string camera) => Camera(camera).GetProperty("oldest").Deserialize<DateTimeOffset?>();

    /// <summary>Holes between footage; what is missing between the newest footage and now is not one of them.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Holes(string camera) =>
    [
        .. Camera(camera).GetProperty("gaps").EnumerateArray()
            .Select(g => (From: g.GetProperty("from").GetDateTimeOffset(), To: g.GetProperty("to").GetDateTimeOffset()))
            .Where(g => g.From < Newest(camera)),
    ];
}
