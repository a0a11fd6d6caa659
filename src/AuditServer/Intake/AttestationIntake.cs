using System.Buffers.Text;
using System.Data.Common;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Sites;

namespace AuditServer.Intake;

/// <summary>Takes a fresh statement of where an agent stands. It is remembered, and enters no chain.</summary>
sealed class AttestationIntake(BelievedKeys keys, EvidenceStore evidence, Serilog.ILogger log)
{
    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Why it was not taken; null when it was.</summary>
    public Refusal? Take(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            var (jws, payload) = Read(body);
            PinnedAgent? agent = null;
            var said = AttestationCodec.Decode(payload);
            // What the nonce must be is for the table of asks to say; here it only has to be the one that was signed.
            var check = StatementVerifier.VerifyAttestation(jws, kid => (agent = keys.Find(kid))?.Key, now, said.Nonce);
            var refusal = RefusalOf(check, agent) ?? evidence.Write(agent!.Agent, sql =>
                said.Nonce is { } nonce && Answer(sql, agent.Agent, nonce, now) is { } unasked ? unasked : Remember(sql, agent, said, jws, EntryCodec.Hash(payload), now));
            if (refusal is not null)
                log.Warning("Refused an attestation of {Agent}: {Code}, {Reason}", agent?.Agent ?? "an unknown sender", refusal.Code, refusal.Message);
            return refusal;
        }
        catch (FormatException e)
        {
            return new Refusal(RefusalCode.Malformed, e.Message);
        }
        catch (DbException e)
        {
            log.Error(e, "An attestation could not be stored");
            return new Refusal(RefusalCode.NotStored, "The attestation could not be stored. Send a fresh one later.");
        }
    }

    /// <summary>The same for one that this server fetched with a nonce of its own.</summary>
    /// <param name="jws">As it came.</param>
    /// <param name="asked">The agent that must have signed it.</param>
    /// <param name="nonce">What it was asked with.</param>
    /// <param name="now">When it came.</param>
    /// <returns>What it says, or why it was not taken.</returns>
    /// <exception cref="DbException">It could not be stored.</exception>
    public (Attestation? Said, Refusal? Refusal) TakeAsked(string jws, string asked, string nonce, DateTimeOffset now)
    {
        PinnedAgent? agent = null;
        var check = StatementVerifier.VerifyAttestation(jws, kid => (agent = keys.Find(kid))?.Key, now, nonce);
        if (RefusalOf(check, agent) is { } refusal)
            return (null, refusal);
        if (agent!.Agent != asked)
            return (null, new Refusal(RefusalCode.UnknownKey, $"The attestation is of agent {agent.Agent}; {asked} was asked."));

        var hash = EntryCodec.Hash(Base64Url.DecodeFromChars(jws.Split('.')[1]));
        return evidence.Write(asked, sql => Remember(sql, agent, check.Attestation!, jws, hash, now)) is { } refused ? (null, refused) : (check.Attestation, null);
    }

    static Refusal? RefusalOf(AttestationCheck check, PinnedAgent? agent)
    {
        if (check.Fault is { } fault)
            return new Refusal(
                fault.Kind switch
                {
                    StatementFaultKind.UnknownKey => RefusalCode.UnknownKey,
                    StatementFaultKind.BadSignature => RefusalCode.BadSignature,
                    StatementFaultKind.NotFresh => RefusalCode.NotFresh,
                    _ => RefusalCode.Malformed,
                },
                fault.Message);
        if (agent!.Revoked)
            return new Refusal(RefusalCode.RevokedKey, "The key that signed was revoked.");
        if (agent.Retired is not null)
            return new Refusal(RefusalCode.StaleKey, "The agent was enrolled anew with another key; only that one speaks now.");
        return check.Attestation!.Agent == agent.Agent && check.Attestation.Site == agent.Site
            ? null
            : new Refusal(RefusalCode.UnknownKey, $"The key that signed is not pinned for agent {check.Attestation.Agent} of site {check.Attestation.Site}.");
    }

    static Refusal? Remember(SqlSession sql, PinnedAgent agent, Attestation attestation, string jws, string hash, DateTimeOffset now)
    {
        if (sql.Scalar("SELECT count(*) FROM agent_keys WHERE signed_by = @kid", ("@kid", agent.Key.Thumbprint)) is not 0L)
            return new Refusal(RefusalCode.StaleKey, "The key that signed gave its word for its successor before; only that one speaks now.");

        sql.Run(
            """
            INSERT INTO attestations (site, agent, epoch, seq, nonce, hash, received, jws)
            VALUES (@site, @agent, @epoch, @seq, @nonce, @hash, @received, @jws) ON CONFLICT DO NOTHING
            """,
            ("@site", agent.Site), ("@agent", agent.Agent), ("@epoch", StoredText.Of(attestation.Epoch)), ("@seq", attestation.Seq), ("@nonce", attestation.Nonce),
            ("@hash", hash), ("@received", StoredText.Of(now)), ("@jws", jws));
        return null;
    }

    static Refusal? Answer(SqlSession sql, string agent, string nonce, DateTimeOffset now)
    {
        if (sql.Run(
            "UPDATE asks SET answered = @now WHERE agent = @agent AND nonce = @nonce AND seq IS NOT NULL AND answered IS NULL",
            ("@now", StoredText.Of(now)), ("@agent", agent), ("@nonce", nonce)) > 0)
            return null;

        return sql.Scalar("SELECT count(*) FROM asks WHERE agent = @agent AND nonce = @nonce AND answered IS NOT NULL", ("@agent", agent), ("@nonce", nonce)) is 0L
            ? new Refusal(RefusalCode.UnknownNonce, "This agent was not asked for an attestation with this nonce.")
            : new Refusal(RefusalCode.ReplayedNonce, "The nonce was answered before.");
    }

    static (string Jws, byte[] Payload) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("attestation", out var text)
                && text.ValueKind == JsonValueKind.String && text.GetString() is { } jws && jws.Split('.') is [_, var payload, _] && Base64Url.IsValid(payload)
                ? (jws, Base64Url.DecodeFromChars(payload))
                : throw new FormatException("The request is not {\"attestation\":\"…\"} with a compact JWS.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The request is not JSON: {e.Message}", e);
        }
    }
}
