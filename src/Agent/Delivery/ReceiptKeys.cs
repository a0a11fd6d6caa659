using Agent.Evidence.Statements;
using Agent.Keys;

namespace Agent.Delivery;

/// <summary>
/// The keys whose receipts are believed: those of the file that the configuration names, otherwise those kept at enrolment, which count
/// as soon as they are there.
/// </summary>
sealed class ReceiptKeys
{
    readonly string _directory;
    readonly JwkSet? _configured;
    readonly Lock _reading = new();
    JwkSet? _kept;
    (long Length, DateTime Written)? _seen;

    ReceiptKeys(string directory, JwkSet? configured) => (_directory, _configured) = (directory, configured);

    /// <summary>Whether there are keys at all. Without them no receipt can be believed, and nothing needs to be sent.</summary>
    public bool Any => Current() is not null;

    /// <summary>The key to which commitments are sealed; null when the audit server gave none.</summary>
    public EncryptionJwk? Encryption => Current()?.Encryption;

    /// <param name="options">Validated.</param>
    /// <param name="directory">The data directory.</param>
    public static ReceiptKeys Open(UpstreamOptions options, string directory) => new(
        directory, string.IsNullOrEmpty(options.ReceiptKeys) ? null : JwkSet.Parse(File.ReadAllText(options.ReceiptKeys)));

    public static ReceiptKeys Of(JwkSet keys) => new("", keys);

    /// <summary>Finds a key by its name.</summary>
    /// <exception cref="KeyFileException">What was kept at enrolment cannot be read.</exception>
    public Jwk? Find(string kid) => Current()?.Find(kid);

    JwkSet? Current()
    {
        if (_configured is not null)
            return _configured;

        lock (_reading)
        {
            var file = new FileInfo(EnrolledServer.PathIn(_directory));
            (long, DateTime)? now = file.Exists ? (file.Length, file.LastWriteTimeUtc) : null;
            if (now != _seen)
                (_kept, _seen) = (EnrolledServer.Read(_directory) is { } server ? new JwkSet(server.Keys) { Encryption = server.Encryption } : null, now);
            return _kept;
        }
    }
}
