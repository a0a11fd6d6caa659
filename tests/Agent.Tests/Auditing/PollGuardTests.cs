using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Agent.Auditing;
using Agent.Tests.Rounds;
using NUnit.Framework;

namespace Agent.Tests.Auditing;

/// <summary>Who is let in, what is refused before anything is answered, and what stands in the ledger afterwards.</summary>
internal sealed class PollGuardTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Test]
    public async Task A_pinned_certificate_is_enough_and_the_register_names_it()
    {
        await using var poll = await PollFixture.StartAsync();

        using var answer = await poll.Asker(key: null, poll.Officer).AskAsync(Attestation());

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(poll.Accesses(), Is.EqualTo(new[] { ($"cert:{PollCertificate.FingerprintOf(poll.Officer)[..16]}", "attestation") }));
    }

    [Test]
    public async Task A_pinned_key_is_enough_and_the_register_names_its_hash()
    {
        await using var poll = await PollFixture.StartAsync();

        using var answer = await poll.Asker().AskAsync(Attestation());

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(PollFixture.Key)));
        Assert.That(poll.Accesses(), Is.EqualTo(new[] { ($"bearer:{hash[..16]}", "attestation") }));
    }

    [TestCase("none", "NoCredentials")]
    [TestCase("key", "UnknownBearerKey")]
    [TestCase("stranger", "UnknownCertificate")]
    public async Task Nobody_else_gets_an_answer_and_the_refusal_is_registered_once_a_minute(string who, string code)
    {
        await using var poll = await PollFixture.StartAsync();
        using var stranger = PollFixture.CertificateOf("stranger", Reports.Now.AddDays(-1), Reports.Now.AddDays(1));
        var asker = poll.Asker(who == "key" ? PollFixture.Key + "x" : null, who == "stranger" ? stranger : null);

        foreach (var path in new[] { Attestation(), "/v1/heartbeats?after=0", "/v1/ledger?after=0", "/v1/cameras/cam-01/timeline", "/elsewhere" })
        {
            using var answer = await asker.AskAsync(path);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized), path);
            Assert.That(answer.Headers.WwwAuthenticate.Single().Scheme, Is.EqualTo("Bearer"));
            Assert.That(await PollFixture.CodeOf(answer), Is.EqualTo(code));
        }

        Assert.That(poll.Accesses().Select(a => a.What), Is.EqualTo(new[] { "refused" }));
        Assert.That(poll.Accesses()[0].By, Does.Not.Contain(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(PollFixture.Key + "x")))[..16]));
        poll.Agent.Time.Advance(AccessRegister.RefusalsApart);
        using var later = await asker.AskAsync(Attestation());
        Assert.That(poll.Accesses(), Has.Count.EqualTo(2));
    }

    [TestCase(1.5)]
    [TestCase(-1.5)]
    public async Task A_pinned_certificate_outside_its_dates_is_refused(double days)
    {
        await using var poll = await PollFixture.StartAsync();
        poll.Agent.Time.AdjustTime(poll.Agent.Time.GetUtcNow().AddDays(days));

        using var answer = await poll.Asker(key: null, poll.Officer).AskAsync(Attestation());

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await PollFixture.CodeOf(answer), Is.EqualTo("ExpiredCertificate"));
    }

    [Test]
    public async Task A_certificate_nobody_knows_does_not_lock_out_who_also_holds_the_key()
    {
        await using var poll = await PollFixture.StartAsync();
        using var stranger = PollFixture.CertificateOf("stranger", Reports.Now.AddDays(-1), Reports.Now.AddDays(1));

        using var answer = await poll.Asker(PollFixture.Key, stranger).AskAsync(Attestation());

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task What_cannot_be_registered_is_not_answered()
    {
        await using var poll = await PollFixture.StartAsync();
        poll.FillDisk();

        using var known = await poll.Asker().AskAsync("/v1/ledger?after=0");
        using var unknown = await poll.Asker(key: null).AskAsync("/v1/ledger?after=0");

        Assert.That((known.StatusCode, await PollFixture.CodeOf(known)), Is.EqualTo((HttpStatusCode.ServiceUnavailable, "LedgerUnavailable")));
        Assert.That(unknown.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
    }

    [Test]
    public async Task Too_many_requests_are_told_when_to_come_back()
    {
        await using var poll = await PollFixture.StartAsync(requestsPerMinute: 3);
        var asker = poll.Asker();
        for (var i = 0; i < 3; i++)
            Assert.That((await asker.AskAsync("/openapi.json")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        using var answer = await asker.AskAsync(Attestation());

        Assert.That((answer.StatusCode, await PollFixture.CodeOf(answer)), Is.EqualTo((HttpStatusCode.TooManyRequests, "TooManyRequests")));
        Assert.That(answer.Headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.Zero).And.LessThanOrEqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(poll.Accesses(), Is.Empty);
    }

    [Test]
    public async Task Refusals_from_many_addresses_do_not_fill_the_ledger()
    {
        await using var poll = await PollFixture.StartAsync();
        var register = new AccessRegister(poll.Agent.Ledger, poll.Agent.Time);
        for (byte i = 0; i < 200; i++)
            register.EnterRefusal("nobody", new IPAddress(new byte[] { 192, 0, 2, i }));

        Assert.That(poll.Accesses(), Has.Count.EqualTo(AccessRegister.MostRefusals));
        Assert.That(poll.Agent.Entries().Any(e => Encoding.UTF8.GetString(e.Body.Span).Contains("192.0.2", StringComparison.Ordinal)), Is.False);
    }

    [Test]
    public async Task A_request_with_a_body_another_method_or_an_unknown_path_is_refused()
    {
        await using var poll = await PollFixture.StartAsync();
        var asker = poll.Asker();

        using var body = await asker.PostAsync(new Uri("/v1/attestation", UriKind.Relative), new StringContent(new string('x', 100)));
        using var method = await asker.DeleteAsync(new Uri("/v1/attestation", UriKind.Relative));
        using var path = await asker.AskAsync("/v1/video");

        Assert.That((body.StatusCode, await PollFixture.CodeOf(body)), Is.EqualTo((HttpStatusCode.RequestEntityTooLarge, "BodyNotAllowed")));
        Assert.That((method.StatusCode, await PollFixture.CodeOf(method)), Is.EqualTo((HttpStatusCode.MethodNotAllowed, "MethodNotAllowed")));
        Assert.That((path.StatusCode, await PollFixture.CodeOf(path)), Is.EqualTo((HttpStatusCode.NotFound, "NotFound")));
        Assert.That(poll.Accesses().Select(a => a.What), Is.EqualTo(new[] { "unknown", "unknown" }));
    }

    [Test]
    public async Task Oversized_headers_and_request_lines_are_cut_off()
    {
        await using var poll = await PollFixture.StartAsync();
        using var large = new HttpRequestMessage(HttpMethod.Get, "/openapi.json");
        large.Headers.Add("X-Large", new string('x', 16384));

        using var header = await poll.Asker().SendAsync(large);
        using var line = await poll.Asker().AskAsync($"/v1/attestation?nonce={new string('n', 4096)}");

        Assert.That(header.StatusCode, Is.EqualTo(HttpStatusCode.RequestHeaderFieldsTooLarge));
        Assert.That(line.StatusCode, Is.EqualTo(HttpStatusCode.RequestUriTooLong));
        Assert.That(header.Headers.Server, Is.Empty);
    }

    [Test]
    public async Task A_client_that_never_finishes_its_request_is_cut_off()
    {
        await using var poll = await PollFixture.StartAsync();
        using var deadline = new CancellationTokenSource(Deadline);
        using var socket = new TcpClient();
        await socket.ConnectAsync(poll.Url.Host, poll.Url.Port, deadline.Token);
#pragma warning disable CA5359 // Who the server is is not what this is about.
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(poll.Url.Host);
        await tls.WriteAsync("GET /openapi.json HTTP/1.1\r\nHost: a\r\nX-Slow: "u8.ToArray(), deadline.Token);

        using var reader = new StreamReader(tls);
        Assert.That(await reader.ReadToEndAsync(deadline.Token), Does.StartWith("HTTP/1.1 408").Or.Empty);
    }

    [TestCase("-tls1_1", false)]
    [TestCase("-tls1_2", true)]
    [TestCase("-tls1_3", true)]
    public async Task Only_TLS_of_today_is_spoken(string version, bool spoken)
    {
        await using var poll = await PollFixture.StartAsync();
        using var openssl = Process.Start(new ProcessStartInfo(
            "openssl", ["s_client", "-connect", $"{poll.Url.Host}:{poll.Url.Port}", version, .. (version == "-tls1_3" ? Array.Empty<string>() : ["-cipher", "ALL:@SECLEVEL=0"])])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        openssl.StandardInput.Close();
        var said = await openssl.StandardOutput.ReadToEndAsync();
        await openssl.WaitForExitAsync();

        Assert.That(said.Contains("Cipher is (NONE)", StringComparison.Ordinal), Is.EqualTo(!spoken), said);
    }

    static string Attestation() => $"/v1/attestation?nonce={PollFixture.Nonce()}";
}
