using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;

namespace Agent.Keys;

/// <summary>
/// Who this agent is: its site, its name for life, the key it signs with now, and the keys it signed with before. A change of key goes
/// <see cref="BeginRotation"/>, the ledger entry with <see cref="SignRotation"/> in it, <see cref="CompleteRotation"/>; what a crash leaves
/// between them is settled by what the ledger says.
/// </summary>
sealed class AgentIdentity : IDisposable
{
    /// <summary>Holds the agent's name. Apart from the key, because the name outlives a change of key.</summary>
    public const string NameFile = "agent.id";

    /// <summary>What an officer carries to the audit server to pin this agent: site, agent and public key.</summary>
    public const string PinFile = "agent.jwk.json";

    const int NameDigits = 16;
    const int LongestName = 128;

    readonly string _directory;
    readonly KeyHandover _handover;
    SigningKey? _next;

    AgentIdentity(string directory, string site, string agent, SigningKey key, KeyHandover handover)
    {
        (_directory, Site, Agent, Key, _handover) = (directory, site, agent, key, handover);
        Retired = RetiredKeys.Read(directory);
    }

    /// <summary>The site's id as the authority issued it.</summary>
    public string Site { get; }

    /// <summary>The agent's name in every ledger entry: "a-" and the beginning of its first key's thumbprint.</summary>
    public string Agent { get; }

    /// <summary>The key that signs now. Stays the same object when the key changes.</summary>
    public SigningKey Key { get; }

    /// <summary>The keys it signed with before, newest first.</summary>
    public ImmutableArray<RetiredKey> Retired { get; private set; }

    /// <summary>Every public key it has signed with, newest first.</summary>
    public JwkSet PublicKeys => new([Key.Public, .. Retired.Select(r => r.Key)]);

    /// <summary>Why the key cannot be changed, one clause; null when it can.</summary>
    public string? RotationObstacle => _handover.Obstacle;

    /// <summary>Whether a change of key was begun that <see cref="SettleRotation"/> has to finish or drop.</summary>
    public bool HasUnsettledRotation => _handover.IsPending;

    /// <summary>Opens the identity of a data directory, making it at first start, and brings the pin file up to date.</summary>
    /// <exception cref="KeyFileException">One of its files is exposed to others or unreadable.</exception>
    public static AgentIdentity Open(string directory, string site, ISecretProtection? protection = null)
    {
#pragma warning disable CA2000 // Goes over to the identity; disposed of below when there will be none.
        var key = SigningKey.Open(directory, protection);
#pragma warning restore CA2000
        try
        {
            var handover = new KeyHandover(directory, protection);
            handover.FinishDestroying();
            var identity = new AgentIdentity(directory, site, NameOf(directory, key.Public), key, handover);
            identity.PublishPin();
            return identity;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>Makes the next key and has it on the disk, before anything speaks of it.</summary>
    /// <exception cref="KeyFileException">The key cannot be changed.</exception>
    public void BeginRotation()
    {
        if (RotationObstacle is { } obstacle)
            throw new KeyFileException(Path.Combine(_directory, SigningKey.FileName), $"the key cannot be changed: {obstacle}");

        _next?.Dispose();
        _next = _handover.MakeNext();
    }

    /// <summary>The current key's word for the next one.</summary>
    /// <param name="epoch">The ledger's epoch.</param>
    /// <param name="seq">Of the entry that will hold it.</param>
    /// <returns>A JWS of type <see cref="StatementTypes.KeyRotation"/>.</returns>
    public string SignRotation(Guid epoch, long seq) => Key.Sign(
        KeyRotationCodec.Encode(new KeyRotation(Agent, epoch, seq, Next.Public)), StatementTypes.KeyRotation);

    /// <summary>The next key is the current one from here on; the old private half is destroyed and its public half published.</summary>
    /// <param name="entry">The ledger entry that holds the word for it, committed.</param>
    public void CompleteRotation(LedgerEntry entry)
    {
        // A crash may have fallen between this and the step after; the same key never retires twice.
        if (Retired.All(r => r.Key != Key.Public))
            RetiredKeys.Publish(_directory, Retired = Retired.Insert(0, new RetiredKey(Key.Public, entry.Time, entry.Epoch, entry.Seq)));
        _handover.Complete();
        Key.Become(Next);
        _next = null;
        PublishPin();
    }

    /// <summary>Finishes the change of key a crash interrupted when the ledger holds it, and drops it when it does not.</summary>
    /// <param name="newest">The ledger's newest entry of type <see cref="EntryTypes.KeyRotate"/>; null when there is none.</param>
    public void SettleRotation(LedgerEntry? newest)
    {
        if (!_handover.IsPending)
            return;

        _next?.Dispose();
        _next = null;
        var agreed = newest is null ? null : KeyRotationCodec.Verify(newest, kid => kid == Key.Public.Thumbprint ? Key.Public : null).Succession?.New;
        if (agreed is null)
        {
            _handover.DropNext();
            return;
        }

        _next = _handover.OpenNext();
        if (_next.Public == agreed)
            CompleteRotation(newest!);
        else
            throw new KeyFileException(Path.Combine(_directory, KeyHandover.NextFile), "it is not the key that the ledger names as the next one; restore it, or enrol anew");
    }

    public void Dispose()
    {
        _next?.Dispose();
        Key.Dispose();
    }

    SigningKey Next => _next ?? throw new InvalidOperationException("No change of key was begun.");

    static string NameOf(string directory, Jwk first)
    {
        var path = Path.Combine(directory, NameFile);
        var made = $"a-{first.Thumbprint[..NameDigits]}\n";
        var name = Encoding.ASCII.GetString(KeyFile.ReadOrMake(path, () => Encoding.ASCII.GetBytes(made))).TrimEnd('\n');
        return name.StartsWith("a-", StringComparison.Ordinal) && name.Length <= LongestName && name.All(IsNameCharacter)
            ? name
            : throw new KeyFileException(path, "it does not hold the name of an agent; restore it");
    }

    static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    void PublishPin() => KeyFile.Publish(Path.Combine(_directory, PinFile), PinOf(Site, Agent, Key.Public));

    static byte[] PinOf(string site, string agent, Jwk key)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("site", site);
            json.WriteString("agent", agent);
            json.WritePropertyName("key");
            json.WriteRawValue(key.ToJson());
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
