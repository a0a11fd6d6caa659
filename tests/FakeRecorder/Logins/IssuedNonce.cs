namespace FakeRecorder.Logins;

/// <summary>A nonce that was given to somebody, and how often it has been used.</summary>
internal sealed class IssuedNonce(string path)
{
    public string Path => path;

    public int Count { get; set; }
}
