using Agent.Cli;
using Agent.Evidence.Statements;
using Agent.Tests.Evidence;

namespace Agent.Tests.Cli;

/// <summary>Keys as <c>--jwks</c> gives them: a set of both test keys, or the agent's pinned for a site.</summary>
static class CheckKeys
{
    public static async Task<PinnedKeys> BothAsync()
    {
        using var agent = TestKeys.Agent();
        using var server = TestKeys.Server();
        return await ReadAsync(new JwkSet([Jwk.FromKey(agent), Jwk.FromKey(server)]).ToJson());
    }

    public static async Task<PinnedKeys> PinnedAsync(string site = "HZ-0001", string agent = "HZ-0001-a")
    {
        using var key = TestKeys.Agent();
        return await ReadAsync($$"""{"site":"{{site}}","agent":"{{agent}}","key":{{Jwk.FromKey(key).ToJson()}}}""");
    }

    static async Task<PinnedKeys> ReadAsync(string json)
    {
        using var folder = new TemporaryFolder();
        return await PinnedKeys.ReadAsync(folder.Write("keys.json", json), CancellationToken.None);
    }
}
