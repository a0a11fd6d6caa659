using System.Net;
using System.Net.Sockets;
using Agent.Keys;
using Agent.Probing;
using Agent.Probing.Onvif;
using FakeRecorder;
using FakeRecorder.Logins;
using NUnit.Framework;
using RecorderLogin = Agent.Recorders.RecorderLogin;

namespace Agent.Tests.Probing.Onvif;

internal sealed class SoapClientTests : IDisposable
{
    const string Password = "pässwörd: \"quoted\"";

    static readonly SoapCall Question = new(OnvifNames.Device, "GetDeviceInformation"); // which is told to nobody who has not signed in

    readonly OnvifTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Test]
    public async Task Every_way_in_is_found_and_remembered([Values] LoginMode mode)
    {
        await using var fake = await StartAsync(q => q with { Login = mode, LocksAfter = 3 });
        var client = Client(fake);
        client.ClockOffset = TimeSpan.FromMinutes(10);

        for (var i = 0; i < 3; i++)
            Assert.That((await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None)).Failure, Is.Null);

        Assert.That(fake.Requests, Has.Count.LessThanOrEqualTo(mode == LoginMode.DigestQuotedQop ? 5 : 4), "what was learnt at the first call is known at the second");
        Assert.That(fake.WrongLogins, Is.LessThanOrEqualTo(mode == LoginMode.DigestQuotedQop ? 1 : 0));
    }

    [Test]
    public async Task Nonces_that_are_good_once_cost_a_round_trip_and_no_wrong_login()
    {
        await using var fake = await StartAsync(q => q with { OneShotNonces = true, LocksAfter = 1 });
        var client = Client(fake);

        for (var i = 0; i < 4; i++)
            Assert.That((await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None)).Failure, Is.Null);

        Assert.That(fake.WrongLogins, Is.Zero);
    }

    [Test]
    public async Task A_nonce_of_one_path_is_not_used_on_another()
    {
        await using var fake = await StartAsync(q => q with { NoncesBelongToPaths = true, LocksAfter = 1 });
        var client = Client(fake);

        Assert.That((await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None)).Failure, Is.Null);
        Assert.That((await client.AskAsync("/onvif/search_service", new SoapCall(OnvifNames.Search, "GetRecordingSummary"), CancellationToken.None)).Failure, Is.Null);

        Assert.That(fake.WrongLogins, Is.Zero);
    }

    [Test]
    public async Task Every_token_has_a_nonce_of_its_own_and_the_recorders_time()
    {
        await using var fake = await StartAsync(q => q with { Login = LoginMode.Token, TokenWindow = TimeSpan.FromSeconds(20), OneShotNonces = true }, TimeSpan.FromDays(-400));
        var client = Client(fake);
        var failed = await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None);
        client = Client(fake);
        client.ClockOffset = (await OnvifClock.ReadAsync(client, TimeProvider.System, CancellationToken.None)).Offsets!.Stated;

        Assert.That(failed.Failure!.Code, Is.EqualTo(ProblemCode.LoginRefused));
        for (var i = 0; i < 3; i++)
            Assert.That((await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None)).Failure, Is.Null);
    }

    [Test]
    public async Task A_wrong_password_is_tried_twice_and_never_again([Values] LoginMode mode)
    {
        await using var fake = await StartAsync(q => q with { Login = mode });
        var client = Client(fake, "wrong");

        for (var i = 0; i < 5; i++)
            Assert.That((await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None)).Failure!.Code, Is.EqualTo(ProblemCode.LoginRefused));

        Assert.That(fake.WrongLogins, Is.InRange(1, 2));
    }

    [Test]
    public async Task Without_a_login_nothing_is_tried()
    {
        await using var fake = await StartAsync(q => q);
        var client = new SoapClient(_transport, new RecorderAddress(fake.Address), null, new OnvifOptions(), TimeProvider.System);

        var failure = (await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None)).Failure!;

        Assert.That((failure.Code, failure.Words), Is.EqualTo((ProblemCode.LoginRefused, "it wants a login, and none is configured")));
        Assert.That(fake.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(Fault.AsksForBasic, ProblemCode.WantsBasic)]
    [TestCase(Fault.RedirectsElsewhere, ProblemCode.RecorderRedirects)]
    [TestCase(Fault.XAddrsElsewhere, null)]
    public async Task A_hostile_recorder_gets_no_password_and_no_connection_elsewhere(Fault fault, ProblemCode? code)
    {
        using var elsewhere = new TcpListener(IPAddress.Parse("127.0.0.3"), 0);
        elsewhere.Start();
        await using var fake = await RunningRecorder.StartAsync(new RecorderScript
        {
            Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset, DateTimeOffset)>> { ["door"] = [] }, Fault = fault,
            Login = new FakeRecorder.RecorderLogin("agent", Password), Elsewhere = new Uri($"http://127.0.0.3:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/onvif/device_service"),
        });
        var client = Client(fake);

        var (services, failure) = await OnvifServices.ReadAsync(client, CancellationToken.None);
        if (services?.Search is { } search)
            Assert.That((await client.AskAsync(search, new SoapCall(OnvifNames.Search, "GetRecordingSummary"), CancellationToken.None)).Failure, Is.Null);

        Assert.That(failure?.Code, Is.EqualTo(code));
        Assert.That(elsewhere.Pending(), Is.False);
        var sent = fake.Requests.SelectMany(r => r.Headers.Select(h => h.Value).Append(r.Body)).ToList();
        Assert.That(sent, Has.None.Contains("pässwörd").And.None.Contains("Basic "));
        Assert.That(sent, Has.None.Contains(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"agent:{Password}"))));
    }

    [Test]
    public async Task A_request_has_its_length_and_nothing_that_old_devices_stumble_over()
    {
        await using var fake = await StartAsync(q => q);
        var client = Client(fake);
        await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None);

        foreach (var request in fake.Requests)
        {
            Assert.That(request.Header("Content-Length"), Is.Not.Null);
            Assert.That(request.Header("Content-Type"), Is.EqualTo("application/soap+xml; charset=utf-8; action=\"http://www.onvif.org/ver10/device/wsdl/GetDeviceInformation\""));
            Assert.That(request.Headers.Select(h => h.Key.ToLowerInvariant()), Has.None.EqualTo("expect").And.None.EqualTo("transfer-encoding").And.None.EqualTo("cookie").And.None.EqualTo("traceparent"));
        }
    }

    [Test]
    public async Task A_certificate_that_nobody_trusts_is_named()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest("CN=recorder", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddDays(1));
        await using var fake = await RunningRecorder.StartAsync(new RecorderScript
        {
            Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset, DateTimeOffset)>>(), Login = new FakeRecorder.RecorderLogin("agent", Password), Certificate = certificate,
        });
        var client = Client(fake);

        Assert.That((await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None)).Failure!.Code, Is.EqualTo(ProblemCode.UntrustedCertificate));
        Assert.That(fake.Requests, Is.Empty);
    }

    [Test]
    public async Task Nobody_there_is_named()
    {
        var client = new SoapClient(_transport, new RecorderAddress(new Uri("http://127.0.0.1:1")), null, new OnvifOptions(), TimeProvider.System);

        Assert.That((await client.AskAsync(client.Address.DevicePath, Question, CancellationToken.None)).Failure!.Code, Is.EqualTo(ProblemCode.RecorderUnreachable));
    }

    // The example of the UsernameToken profile does not exist; this one was computed with: printf | openssl dgst -sha1 -binary | base64
    [Test]
    public void A_token_digests_nonce_time_and_password() =>
        Assert.That(UsernameToken.Digest("12345678901234567890"u8, "2026-11-24T04:00:00.000Z", "correct horse"), Is.EqualTo(Expected));

    [TestCase("http://192.0.2.1/onvif/search_service", "/onvif/search_service")]
    [TestCase("http://192.0.2.1:8080/a/b?c=d&e=f http://[fe80::1]/x", "/a/b?c=d&e=f")]
    [TestCase("  https://nvr.example ", "/")]
    [TestCase("/onvif/media", "/onvif/media")]
    [TestCase("//evil.example/x", null)]
    [TestCase("ftp://192.0.2.1/x", null)]
    [TestCase("nonsense", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void Of_an_address_that_a_recorder_names_path_and_query_are_taken(string? stated, string? path) =>
        Assert.That(RecorderAddress.PathOf(stated), Is.EqualTo(path));

    [TestCase("http://192.0.2.1", "/@evil.example/", "http://192.0.2.1/@evil.example/")]
    [TestCase("https://192.0.2.1:8443/other", "/a?b", "https://192.0.2.1:8443/a?b")]
    public void A_path_leads_to_the_configured_host(string configured, string path, string full) =>
        Assert.That(new RecorderAddress(new Uri(configured)).At(path).AbsoluteUri, Is.EqualTo(full));

    [TestCase("http://192.0.2.1", "/onvif/device_service")]
    [TestCase("http://192.0.2.1/other/service?x", "/other/service?x")]
    public void The_device_service_has_a_usual_path(string configured, string path) =>
        Assert.That(new RecorderAddress(new Uri(configured)).DevicePath, Is.EqualTo(path));

    const string Expected = "4OTFrpkm+63vRUDAw6Beqp51VY0=";

    static Task<RunningRecorder> StartAsync(Func<Quirks, Quirks> adjust, TimeSpan clock = default) => RunningRecorder.StartAsync(new RecorderScript
    {
        Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset, DateTimeOffset)>> { ["door"] = [] },
        Login = new FakeRecorder.RecorderLogin("agent", Password),
        Adjust = adjust,
        ClockOffset = clock == default ? TimeSpan.FromMinutes(10) : clock,
    });

    SoapClient Client(RunningRecorder fake, string password = Password) =>
        new(_transport, new RecorderAddress(fake.Address), new RecorderLogin("agent", new Secret(password)), new OnvifOptions(), TimeProvider.System);
}
