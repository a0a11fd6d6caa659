using Agent.Keys;

namespace Agent.Recorders;

/// <summary>The logins of all recorders that have one, decrypted once at start, so that a service that starts can sign in.</summary>
sealed class RecorderLogins
{
    readonly Dictionary<string, RecorderLogin> _byRecorder = new(StringComparer.Ordinal);

    /// <exception cref="KeyFileException">A secret cannot be decrypted.</exception>
    public RecorderLogins(IEnumerable<RecorderOptions> recorders, KeptSecrets kept)
    {
        foreach (var recorder in recorders)
            if (RecorderPassword.LoginOf(recorder, kept) is { } login)
                _byRecorder[recorder.Id] = login;
    }

    /// <summary>The login of a recorder; null when it has none.</summary>
    public RecorderLogin? Of(string recorder) => _byRecorder.GetValueOrDefault(recorder);
}
