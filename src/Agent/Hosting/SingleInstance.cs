namespace Agent.Hosting;

/// <summary>One service to a data directory. Held for the life of the process, and given back by the system however it ends.</summary>
internal sealed class SingleInstance : IDisposable
{
    public const string FileName = "agent.lock";

    readonly FileStream _file;

    SingleInstance(FileStream file) => _file = file;

    /// <summary>Takes the data directory.</summary>
    /// <exception cref="ConfigurationException">Another service has it, or it cannot be made or written.</exception>
    public static SingleInstance Take(AgentConfiguration configuration) => TakeIfFree(configuration)
        ?? throw new ConfigurationException(configuration.File, [$"dataDirectory: another agent runs on {configuration.Options.DataDirectory}"]);

    /// <summary>Takes the data directory, or gives null when another service has it.</summary>
    /// <exception cref="ConfigurationException">It cannot be made or written.</exception>
    public static SingleInstance? TakeIfFree(AgentConfiguration configuration)
    {
        var directory = configuration.Options.DataDirectory;
        var file = Open(configuration, directory);
        try
        {
            // A record lock, which unlike file sharing works on every platform we serve, with or without advisory locking.
            if (!OperatingSystem.IsMacOS())
                file.Lock(0, 1);
            return new SingleInstance(file);
        }
        catch (IOException)
        {
            file.Dispose();
            return null;
        }
    }

    static FileStream Open(AgentConfiguration configuration, string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(configuration.File, [$"dataDirectory: {directory} cannot be written ({e.Message})"]);
        }
    }

    public void Dispose() => _file.Dispose();
}
