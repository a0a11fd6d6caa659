namespace Agent.Hosting;

/// <summary>The operator's configuration cannot be used. Every mistake is listed, so that one edit can mend them all.</summary>
internal sealed class ConfigurationException(string file, IReadOnlyList<string> mistakes)
    : Exception($"{file} cannot be used:\n" + string.Join('\n', mistakes.Select(m => $"  {m}")))
{
    public IReadOnlyList<string> Mistakes => mistakes;
}
