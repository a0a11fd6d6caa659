using Agent.Evidence.Statements;
using Agent.Keys;

namespace Agent.Delivery;

/// <summary>The audit server that took this agent in, as it answered: a file of the data directory, which is also a JWK set of its keys.</summary>
static class EnrolledServer
{
    public const string FileName = "audit-server.json";

    public static string PathIn(string directory) => Path.Combine(directory, FileName);

    /// <summary>Keeps an answer whose proof was checked.</summary>
    public static void Keep(string directory, ReadOnlyMemory<byte> answer) => KeyFile.Publish(PathIn(directory), [.. answer.Span, (byte)'\n']);

    /// <summary>The answer kept last; null when the agent was never enrolled.</summary>
    /// <exception cref="KeyFileException">The file does not hold one.</exception>
    public static EnrolmentAnswer? Read(string directory)
    {
        var path = PathIn(directory);
        if (!File.Exists(path))
            return null;

        try
        {
            return EnrolmentAnswerCodec.Decode(File.ReadAllBytes(path));
        }
        catch (FormatException e)
        {
            throw new KeyFileException(path, "it does not hold what the audit server answered; restore it, or enrol anew", e);
        }
    }
}
