using System.Buffers;
using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;

namespace Agent.Evidence.Statements;

/// <summary>
/// The bytes of an attestation: a JSON object with exactly the keys <c>v, site, agent, epoch, seq, head, iat, exp, eat_nonce, boot, mono,
/// pending, oldestPending, receipt, asOf, cameras</c> in this order. Source: FORMAT.md, "Attestation".
/// </summary>
public static class AttestationCodec
{
    /// <summary>The largest attestation, in bytes.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>The longest nonce, in characters of <c>A-Z a-z 0-9 . _ : @ -</c>.</summary>
    public const int LongestNonce = 128;

    /// <summary>The shortest nonce, in characters: 16 random bytes in base64url are 22.</summary>
    public const int ShortestNonce = 22;

    const string What = "Attestation";

    /// <summary>Writes an attestation as the payload to sign.</summary>
    /// <param name="attestation">The attestation.</param>
    /// <returns>UTF-8 JSON.</returns>
    /// <exception cref="FormatException">A reader would refuse it.</exception>
    public static byte[] Encode(Attestation attestation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, StatementFields.WriterOptions))
            Write(json, attestation);

        var bytes = buffer.WrittenSpan.ToArray();
        Decode(bytes);
        return bytes;
    }

    /// <summary>Reads the payload of an attestation whose signature was checked.</summary>
    /// <param name="utf8">The payload.</param>
    /// <returns>The attestation. Whether it is fresh is for <see cref="StatementVerifier.VerifyAttestation"/> to say.</returns>
    /// <exception cref="FormatException">It is not exactly this JSON object.</exception>
    public static Attestation Decode(ReadOnlyMemory<byte> utf8)
    {
        using var document = StrictJson.Parse(utf8, MaxBytes, What);
        var fields = new OrderedFields(document.RootElement, What);
        fields.NextVersion(Attestation.Version);
        var attestation = new Attestation
        {
            Site = fields.NextToken("site"),
            Agent = fields.NextToken("agent"),
            Epoch = fields.NextGuid("epoch"),
            Seq = fields.NextWhole("seq", least: 0),
            Head = fields.NextHash("head"),
            IssuedAt = IssuedAtOf(fields),
            Nonce = NonceOf(fields),
            Boot = fields.NextToken("boot"),
            MonotonicMilliseconds = fields.NextWhole("mono", least: 0),
            Pending = fields.NextWhole("pending", least: 0),
            OldestPending = fields.NextWholeOrNull("oldestPending", least: 1),
            Receipt = fields.NextHashOrNull("receipt"),
            AsOf = fields.NextInstantOrNull("asOf"),
            Cameras = [.. fields.NextArray("cameras", HeartbeatCodec.MostCameras, "cameras").Select(CameraOf)],
        };
        fields.End();
        return attestation;
    }

    static DateTimeOffset IssuedAtOf(OrderedFields fields)
    {
        var issued = fields.NextWhole("iat", least: 0);
        if (StatementFields.RangeOf(0, (issued + 1) * 1000) is null)
            throw fields.Wrong("iat", "seconds since 1970 up to 2199");
        if (fields.NextWhole("exp", least: 0) != issued + (long)Attestation.Lifetime.TotalSeconds)
            throw fields.Wrong("exp", $"{Attestation.Lifetime.TotalSeconds:0} s after \"iat\"");

        return DateTimeOffset.FromUnixTimeSeconds(issued);
    }

    static string? NonceOf(OrderedFields fields)
    {
        if (fields.NextStringOrNull("eat_nonce") is not { } nonce)
            return null;
        return IsNonce(nonce) ? nonce : throw fields.Wrong("eat_nonce", $"null or {ShortestNonce} to {LongestNonce} characters of A-Z a-z 0-9 _ -");
    }

    /// <summary>Whether a text can be a nonce.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>True for <see cref="ShortestNonce"/> to <see cref="LongestNonce"/> characters of <c>A-Z a-z 0-9 _ -</c>.</returns>
    public static bool IsNonce(string text) =>
        text.Length is >= ShortestNonce and <= LongestNonce && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    static CameraVerdict CameraOf(JsonElement element)
    {
        var fields = new OrderedFields(element, $"{What} camera");
        var camera = new CameraVerdict(
            fields.NextToken("camera"), fields.NextWord<TrackKind>("kind"), fields.NextCount("days", 1, 400), fields.NextWord<Verdict>("verdict"));
        fields.End();
        return camera;
    }

    static void Write(Utf8JsonWriter json, Attestation attestation)
    {
        json.WriteStartObject();
        json.WriteNumber("v", Attestation.Version);
        json.WriteString("site", attestation.Site);
        json.WriteString("agent", attestation.Agent);
        json.WriteString("epoch", attestation.Epoch);
        json.WriteNumber("seq", attestation.Seq);
        json.WriteString("head", attestation.Head);
        json.WriteNumber("iat", attestation.IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("exp", (attestation.IssuedAt + Attestation.Lifetime).ToUnixTimeSeconds());
        json.WriteString("eat_nonce", attestation.Nonce);
        json.WriteString("boot", attestation.Boot);
        json.WriteNumber("mono", attestation.MonotonicMilliseconds);
        json.WriteNumber("pending", attestation.Pending);
        if (attestation.OldestPending is { } oldest)
            json.WriteNumber("oldestPending", oldest);
        else
            json.WriteNull("oldestPending");
        json.WriteString("receipt", attestation.Receipt);
        json.WriteInstant("asOf", attestation.AsOf);
        json.WriteStartArray("cameras");
        foreach (var camera in attestation.Cameras)
        {
            json.WriteStartObject();
            json.WriteString("camera", camera.Camera);
            json.WriteString("kind", StatementFields.Word(camera.Kind));
            json.WriteNumber("days", camera.Days);
            json.WriteString("verdict", StatementFields.Word(camera.Verdict));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
