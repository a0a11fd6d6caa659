using System.Net;
using System.Text;
using Agent.Cli;
using Agent.Hosting;
using Agent.Probing.Onvif;
using Agent.Probing.Onvif.Discovery;
using FakeRecorder;
using NUnit.Framework;

namespace Agent.Tests.Probing.Onvif;

internal sealed class DiscoverySweepTests : IDisposable
{
    const int FreeOfOthers = 37020;

    readonly OnvifTransport _transport = new();
    readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _transport.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Recorders_answer_on_a_network_each_once_and_the_clock_of_each_is_known()
    {
        await using var right = await StartAsync(FreeOfOthers);
        await using var ahead = await StartAsync(FreeOfOthers, s => s with { ClockOffset = TimeSpan.FromMinutes(7), DiscoveredAs = "tds:Device" });

        var found = await SweepAsync(DiscoveryTarget.OnNetworkOf(IPAddress.Loopback, FreeOfOthers));

        Assert.That(found.Select(f => f.Address), Is.EquivalentTo(new[] { right.Address, ahead.Address }));
        Assert.That(found.Single(f => f.Address == right.Address).ClockOffset!.Value.TotalSeconds, Is.EqualTo(0).Within(2));
        Assert.That(found.Single(f => f.Address == ahead.Address).ClockOffset!.Value.TotalSeconds, Is.EqualTo(420).Within(2));
        Assert.That(found.Select(f => f.SearchesRecordings), Has.All.True);
        Assert.That(found.Select(f => f.Model), Has.All.Not.Null);
        Assert.That(found.Select(f => f.Profiles), Has.All.Contains("G"));
    }

    [Test]
    public async Task An_address_that_is_another_hosts_is_not_asked()
    {
        await using var fake = await StartAsync(0, s => s with { Fault = Fault.XAddrsElsewhere, Elsewhere = new Uri("http://127.0.0.9:9/onvif/device_service") });

        var found = await SweepAsync(DiscoveryTarget.OneHost(fake.Discovery!));

        Assert.That(found.Single().Address, Is.EqualTo(new Uri("http://127.0.0.1:9/onvif/device_service")), "the host that answered");
        Assert.That(found.Single().ClockOffset, Is.Null);
    }

    [Test]
    public async Task An_answer_to_somebody_elses_question_is_none()
    {
        await using var fake = await StartAsync(0, s => s with { Fault = Fault.WrongRelatesTo });

        Assert.That(await SweepAsync(DiscoveryTarget.OneHost(fake.Discovery!)), Is.Empty);
    }

    [Test]
    public async Task Where_nobody_listens_nobody_is_found() =>
        Assert.That(await SweepAsync(DiscoveryTarget.OneHost(new IPEndPoint(IPAddress.Loopback, 9))), Is.Empty);

    [Test]
    public void A_captured_answer_is_read()
    {
        var datagram = CapturedReplies.Bytes("agsh-v0.x/Probe.xml");
        var related = SoapReader.Envelope(datagram)?.TextAt("Header", "RelatesTo");

        var matches = ProbeMatch.In(datagram, IPAddress.Parse("192.0.2.7"), new HashSet<string> { ProbeMatch.IdIn(related ?? "") }).ToList();

        Assert.That(matches.Single().Endpoint, Is.EqualTo("uuid:c9790c3a-701b-464d-a189-0060351c8ada"));
        Assert.That(DiscoveryScopes.First(matches[0].Scopes, "hardware"), Is.EqualTo("HD_PREDATOR"));
        Assert.That(matches[0].Address(), Is.Null, "a placeholder stands where the address belongs");
        Assert.That(ProbeMatch.In(datagram, IPAddress.Loopback, new HashSet<string> { "another" }), Is.Empty);
    }

    [TestCase("http://[fe80::1]/x http://192.0.2.9:81/y http://192.0.2.7:82/z", "192.0.2.7", "http://192.0.2.7:82/z")]
    [TestCase("http://127.0.0.1/onvif/device_service", "192.0.2.7", "http://192.0.2.7/onvif/device_service")]
    [TestCase("http://[fe80::1]/x", "192.0.2.7", "http://192.0.2.7/x")]
    [TestCase("http://192.0.2.9/x", "2001:db8::5", "http://[2001:db8::5]/x")]
    public void Of_the_addresses_it_says_the_one_at_its_own_host_is_taken(string stated, string from, string address) =>
        Assert.That(
            new ProbeMatch("", [], [.. stated.Split(' ').Select(a => new Uri(a))], IPAddress.Parse(from)).Address(), Is.EqualTo(new Uri(address)));

    [Test]
    public void A_question_has_the_old_addressing_and_says_what_must_be_understood()
    {
        var text = Encoding.UTF8.GetString(ProbeMessage.ForTransmitters().Datagram());

        Assert.That(text, Does.Contain("http://schemas.xmlsoap.org/ws/2004/08/addressing").And.Not.Contain("2005/08/addressing"));
        Assert.That(text.Split("mustUnderstand=\"1\""), Has.Length.EqualTo(3));
        Assert.That(text, Does.Contain("t:NetworkVideoTransmitter").And.Contain("xmlns:t=\"http://www.onvif.org/ver10/network/wsdl\"").And.Contain("role/anonymous"));
    }

    [Test]
    public void Scopes_say_what_a_device_is()
    {
        string[] scopes = ["onvif://www.onvif.org/Profile/Streaming", "onvif://www.onvif.org/Profile/G", "onvif://www.onvif.org/name/HIKVISION%20DS%E2%80%AE", "onvif://www.onvif.org/hardware/DS-7608", "http://other/name/x"];

        Assert.That(DiscoveryScopes.Profiles(scopes), Is.EqualTo(new[] { "G", "S" }));
        Assert.That(DiscoveryScopes.First(scopes, "name"), Is.EqualTo("HIKVISION DS\\u202e"));
        Assert.That(DiscoveryScopes.First(scopes, "hardware"), Is.EqualTo("DS-7608"));
        Assert.That(DiscoveryScopes.First(scopes, "location"), Is.Null);
    }

    [Test]
    public void What_is_printed_can_be_pasted()
    {
        FoundRecorder[] found =
        [
            new(new Uri("http://192.0.2.7/onvif/device_service"), "HIKVISION", "DS-7608", ["G", "S"], TimeSpan.FromSeconds(-95), true),
            new(new Uri("http://192.0.2.7:8080/onvif/device_service"), null, null, [], null, null),
        ];
        var (output, errors) = (new StringWriter(), new StringWriter());

        Assert.That(new DiscoverNetworkText(output, errors).Write(found, 1), Is.True);

        var text = output.ToString();
        Assert.That(text, Does.StartWith("192.0.2.7       HIKVISION DS-7608; profiles G, S, can be asked what it has recorded; its clock is 1 min 35 s behind\n192.0.2.7       did not say what it is; no profile stated; did not tell its time\n"));
        var configuration = AgentConfiguration.Read(_folder.Write("agent.json", text[text.IndexOf("\n{", StringComparison.Ordinal)..]));
        Assert.That(configuration.Recorders.Select(r => (r.Id, r.Address!.AbsoluteUri, r.HasFolder)), Is.EqualTo(new[]
        {
            ("nvr-192-0-2-7", "http://192.0.2.7/onvif/device_service", false), ("nvr-192-0-2-7-8080", "http://192.0.2.7:8080/onvif/device_service", false),
        }));
        Assert.That(new DiscoverNetworkText(output, errors).Write([], 2), Is.False);
        Assert.That(errors.ToString(), Does.Contain("No recorder answered in 2 networks"));
    }

    Task<IReadOnlyList<FoundRecorder>> SweepAsync(DiscoveryTarget target) =>
        new DiscoverySweep(_transport, TimeProvider.System).RunAsync([target], TimeSpan.FromSeconds(1), CancellationToken.None);

    static Task<RunningRecorder> StartAsync(int port, Func<RecorderScript, RecorderScript>? change = null)
    {
        var script = new RecorderScript { Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset, DateTimeOffset)>> { ["door"] = [] }, DiscoveryPort = port };
        return RunningRecorder.StartAsync(change is null ? script : change(script));
    }
}
