namespace Demo;

/// <summary>Everything the demo writes, below one folder of its own.</summary>
internal sealed class SiteFolder
{
    SiteFolder(string root)
    {
        Root = root;
        foreach (var folder in (string[])[Recordings, AgentData, Logs])
            Directory.CreateDirectory(folder);
    }

    public string Root { get; }

    public string Recordings => Path.Combine(Root, "recordings");

    public string Configuration => Path.Combine(Root, "agent.json");

    /// <summary>The audit server's public keys as the site keeps them.</summary>
    public string ReceiptKeys => Path.Combine(Root, "audit-server.jwks.json");

    public string AgentData => Path.Combine(Root, "agent");

    /// <summary>Where the agent publishes its public key at its first start.</summary>
    public string AgentKey => Path.Combine(AgentData, "agent.jwk.json");

    public string ServerData => Path.Combine(Root, "audit-server");

    public string PinnedAgents => Path.Combine(ServerData, "agents");

    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Makes the folder. One that holds anything is refused, because it will be wiped.</summary>
    /// <exception cref="DemoFailedException">It is not empty, or cannot be made.</exception>
    public static SiteFolder Create(string? directory)
    {
        try
        {
            if (directory is null)
                return new SiteFolder(Directory.CreateTempSubdirectory("retention-demo-").FullName);
            var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
            return Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()
                ? throw new DemoFailedException($"{root} is not empty; the demo wipes its folder when it ends and takes an empty one only.")
                : new SiteFolder(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DemoFailedException($"The folder of the made-up site cannot be made: {e.Message}");
        }
    }

    public void Wipe() => Directory.Delete(Root, recursive: true);
}
