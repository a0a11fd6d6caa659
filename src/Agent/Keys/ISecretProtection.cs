namespace Agent.Keys;

/// <summary>
/// How a secret of the agent lies at rest. What the platform offers differs; that a secret is one file that appears whole or not at
/// all, and is the agent's alone, does not.
/// </summary>
interface ISecretProtection
{
    /// <summary>Reads a secret.</summary>
    /// <param name="path">The secret's place in the data directory.</param>
    /// <returns>The secret itself; null when there is none.</returns>
    /// <exception cref="KeyFileException">Others than the agent may use it, or it was made on another machine.</exception>
    byte[]? Read(string path);

    /// <summary>What is written into the file instead of the secret itself.</summary>
    byte[] Seal(byte[] secret);

    /// <summary>Why the secret cannot be replaced, one clause; null when it can.</summary>
    string? WhyFixed(string path);
}
