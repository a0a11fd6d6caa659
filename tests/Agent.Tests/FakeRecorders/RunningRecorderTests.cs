using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FakeRecorder;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Agent.Tests.FakeRecorders;

/// <summary>The manners and the faults of the made-up recorder are there: a test against a recorder that is better than it claims proves nothing.</summary>
internal sealed partial class RunningRecorderTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);
    static readonly RecorderLogin Login = new("admin", "secret");

    readonly FakeTimeProvider _clock = new(Now);

    // Those that strike elsewhere than in a search for events: in the answer about one recording, in the addresses, or in discovery.
    static readonly Dictionary<Fault, string> Elsewhere = new()
    {
        [Fault.LyingDataFrom] = "GetRecordingSummary",
        [Fault.DataFrom1970] = "GetRecordingSummary",
        [Fault.XAddrsElsewhere] = "GetServices",
    };

    // The one that is of discovery alone strikes in DiscoverySweepTests.
    static IEnumerable<Fault> FaultsOfReplies => Enum.GetValues<Fault>().Where(fault => fault != Fault.WrongRelatesTo);

    [Test]
    public async Task No_fault_leaves_a_recorder_as_it_was([ValueSource(nameof(FaultsOfReplies))] Fault fault)
    {
        var script = Script();
        // Results can be kept back only where there are many.
        if (fault == Fault.KeepsBackResults)
            script = script with { Cameras = script.Cameras.ToDictionary(camera => camera.Key, IReadOnlyList<(DateTimeOffset, DateTimeOffset)> (_) => [.. Enumerable.Range(1, 40).Select(hour => (Now.AddHours(-hour), Now.AddHours(-hour).AddMinutes(30)))]) };
        await using var good = await RunningRecorder.StartAsync(script);
        await using var bad = await RunningRecorder.StartAsync(script with { Fault = fault });
        Assert.That(await TranscriptAsync(bad, fault), Is.Not.EqualTo(await TranscriptAsync(good, fault)));
    }

    [Test]
    public async Task A_fault_at_one_operation_leaves_the_others_alone()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script() with { Fault = Fault.NotXml, FaultAt = "FindEvents" });
        await Assert.MultipleAsync(async () =>
        {
            Assert.That((await RawClient.AskAsync(recorder, RawClient.Search, "GetRecordingSummary")).Body, Does.Contain("NumberRecordings"));
            Assert.That((await RawClient.AskAsync(recorder, RawClient.Search, "FindEvents", RawClient.FindEvents(Now.AddDays(-3), Now))).Body, Does.StartWith("{"));
        });
    }

    [TestCase(0, true)]
    [TestCase(19, true)]
    [TestCase(-19, true)]
    [TestCase(21, false)]
    [TestCase(-21, false)]
    public async Task A_token_is_good_only_in_the_window_of_the_recorders_own_clock(int seconds, bool isGood)
    {
        await using var recorder = await RunningRecorder.StartAsync(Script() with
        {
            Personality = Personality.HikvisionOld, Login = Login, ClockOffset = TimeSpan.FromMinutes(3),
        });
        var created = Now.AddHours(8).AddMinutes(3).AddSeconds(seconds);
        var (status, body, _) = await RawClient.AskAsync(recorder, RawClient.Device, "GetDeviceInformation", header: RawClient.Token(Login, "n", $"{created:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        Assert.That(status, Is.EqualTo(isGood ? 200 : 400), body);
    }

    [Test]
    public async Task A_token_is_good_once()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script() with { Personality = Personality.GeoVision, Login = Login });
        var token = RawClient.Token(Login, "n", $"{Now:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        var first = await RawClient.AskAsync(recorder, RawClient.Device, "GetDeviceInformation", header: token);
        var second = await RawClient.AskAsync(recorder, RawClient.Device, "GetDeviceInformation", header: token);
        Assert.Multiple(() =>
        {
            Assert.That(first.Status, Is.EqualTo(200));
            Assert.That(second.Status, Is.EqualTo(400));
            Assert.That(second.Body, Does.Contain("NotAuthorized"));
        });
    }

    [Test]
    public async Task After_three_wrong_logins_the_right_one_is_refused_too()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script() with { Personality = Personality.Hikvision, Login = Login });
        var right = RawClient.Token(Login, "right", $"{Now:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        for (var i = 0; i < 3; i++)
            await RawClient.AskAsync(recorder, RawClient.Device, "GetDeviceInformation", header: RawClient.Token(Login with { Password = "guess" }, $"n{i}", $"{Now:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
        Assert.That((await RawClient.AskAsync(recorder, RawClient.Device, "GetDeviceInformation", header: right)).Status, Is.EqualTo(401));
        Assert.That(recorder.WrongLogins, Is.EqualTo(3));
    }

    [Test]
    public async Task A_digest_and_a_token_together_must_both_be_right()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script() with { Personality = Personality.Hikvision, Login = Login });
        var answer = await RawClient.AskAsync(recorder, RawClient.Device, "GetDeviceInformation", header: RawClient.Token(Login, "n", $"{Now:yyyy-MM-dd'T'HH:mm:ss'Z'}"), authorization: "Digest username=\"admin\", response=\"00\"");
        Assert.That(answer.Status, Is.EqualTo(401));
    }

    [Test]
    public async Task A_search_session_beyond_those_there_are_is_refused_until_one_ends_or_is_forgotten()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script() with { Personality = Personality.HikvisionOld });
        Task<(int Status, string Body, string? Type)> Find() => RawClient.AskAsync(recorder, RawClient.Search, "FindEvents", RawClient.FindEvents(Now.AddDays(-3), Now));
        var first = await Find();
        var second = await Find();
        _clock.Advance(TimeSpan.FromSeconds(61));
        var third = await Find();
        Assert.Multiple(() =>
        {
            Assert.That(first.Status, Is.EqualTo(200));
            Assert.That(second.Body, Does.Contain("ResourceProblem"));
            Assert.That(third.Status, Is.EqualTo(200));
        });
    }

    [Test]
    public async Task No_result_is_told_twice_and_all_are_told()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script() with { Adjust = quirks => quirks with { PageSize = 3 } });
        var pages = await PagesAsync(recorder);
        var times = pages.SelectMany(page => Time().Matches(page).Select(match => match.Groups[1].Value)).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(pages, Has.Count.GreaterThan(2));
            Assert.That(pages[^1], Does.Contain(">Completed<"));
            Assert.That(pages.SkipLast(1), Has.All.Contains(">Searching<"));
            // Two start states; then two runs, the second open: data, recording and parameters.
            Assert.That(times, Has.Count.EqualTo(2 + 3 + 3 + 2));
        });
    }

    [Test]
    public async Task A_question_out_of_order_is_refused_and_remembered()
    {
        await using var recorder = await RunningRecorder.StartAsync(Script());
        var (status, _, _) = await RawClient.AskAsync(recorder, RawClient.Search, "FindRecordings", "<x:KeepAliveTime>PT10S</x:KeepAliveTime><x:Scope/>");
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(400));
            Assert.That(recorder.Complaints, Has.One.Contains("occurrence constraint violation"));
        });
    }

    [TestCase("dn:NetworkVideoTransmitter", "http://schemas.xmlsoap.org/ws/2004/08/addressing", true)]
    [TestCase("tds:Device", "http://schemas.xmlsoap.org/ws/2004/08/addressing", true)]
    [TestCase("dn:Printer", "http://schemas.xmlsoap.org/ws/2004/08/addressing", false)]
    [TestCase("dn:NetworkVideoTransmitter", "http://www.w3.org/2005/08/addressing", false)]
    public async Task Discovery_answers_probes_for_its_types_in_the_addressing_of_2004(string type, string addressing, bool answers)
    {
        await using var recorder = await RunningRecorder.StartAsync(Script() with { DiscoveryPort = 0 });
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await socket.SendAsync(Encoding.UTF8.GetBytes(Probe(type, addressing)), recorder.Discovery!);
        // What is not answered is followed by something that is, so that nobody has to wait for silence.
        await socket.SendAsync(Encoding.UTF8.GetBytes(Probe("", "http://schemas.xmlsoap.org/ws/2004/08/addressing").Replace("uuid:1", "uuid:2", StringComparison.Ordinal)), recorder.Discovery!);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var first = Encoding.UTF8.GetString((await socket.ReceiveAsync(late.Token)).Buffer);
        Assert.That(first, Does.Contain(answers ? ">uuid:1<" : ">uuid:2<").And.Contain(recorder.Address.ToString()));
    }

    RecorderScript Script() => new()
    {
        Clock = _clock,
        Cameras = new Dictionary<string, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)>> { ["Gate"] = [(Now.AddDays(-3), Now.AddDays(-2)), (Now.AddDays(-1), Now.AddDays(1))] },
    };

    static string Probe(string type, string addressing) => $"""
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="{addressing}" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
            xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"><s:Header>
        <a:Action s:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action><a:MessageID>uuid:1</a:MessageID></s:Header>
        <s:Body><d:Probe><d:Types>{type}</d:Types></d:Probe></s:Body></s:Envelope>
        """;

    // What somebody hears who asks for services or the summary, and searches for events; addresses and nonces made equal.
    static async Task<string> TranscriptAsync(RunningRecorder recorder, Fault fault)
    {
        try
        {
            if (fault == Fault.StreamsElsewhere)
                return Neutral(recorder, await ReplayUriAsync(recorder));
            if (Elsewhere.TryGetValue(fault, out var operation))
                return Neutral(recorder, operation == "GetServices"
                    ? await RawClient.AskAsync(recorder, RawClient.Device, operation, "<x:IncludeCapability>false</x:IncludeCapability>")
                    : await RawClient.AskAsync(recorder, RawClient.Search, operation));
            return string.Join('\n', await PagesAsync(recorder));
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or InvalidOperationException)
        {
            return e.GetType().Name;
        }
    }

    static async Task<(int Status, string Body, string? Type)> ReplayUriAsync(RunningRecorder recorder)
    {
        var recordings = (await RawClient.AskAsync(recorder, RawClient.Recording, "GetRecordings")).Body;
        var token = System.Text.RegularExpressions.Regex.Match(recordings, "RecordingToken>([^<]+)<").Groups[1].Value;
        var answer = await RawClient.AskAsync(recorder, RawClient.Replay, "GetReplayUri", $"<x:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></x:StreamSetup><x:RecordingToken>{token}</x:RecordingToken>");
        Assert.That(answer.Body, Does.Contain("rtsp://"));
        return answer;
    }

    static string Neutral(RunningRecorder recorder, (int Status, string Body, string? Type) answer) => $"{answer.Status} {answer.Body.Replace(recorder.Address.Authority, "HOST", StringComparison.Ordinal)}";

    // Two searches, one after the other, at most a few pages of each.
    static async Task<List<string>> PagesAsync(RunningRecorder recorder)
    {
        var pages = new List<string>();
        var found = await RawClient.AskAsync(recorder, RawClient.Search, "FindEvents", RawClient.FindEvents(Now.AddDays(-30), Now));
        if (found.Status != 200 || TokenText().Match(found.Body) is not { Success: true } match)
            return [$"{found.Status} {found.Type} {found.Body}"];
        var token = WebUtility.HtmlDecode(match.Groups[1].Value);
        while (pages.Count < 6 && !(pages.Count > 0 && pages[^1].Contains(">Completed<", StringComparison.Ordinal)))
        {
            var (_, page, type) = await RawClient.AskAsync(recorder, RawClient.Search, "GetEventSearchResults", RawClient.Results(token));
            pages.Add($"{type}\n{page}");
        }

        return pages;
    }

    [GeneratedRegex("SearchToken>([^<]+)</")]
    private static partial Regex TokenText();

    [GeneratedRegex("<tt:Time>([^<]+)</")]
    private static partial Regex Time();
}
