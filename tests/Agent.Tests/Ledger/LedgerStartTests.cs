using System.Text;
using NUnit.Framework;

namespace Agent.Tests.Ledger;

sealed class LedgerStartTests : IDisposable
{
    readonly LedgerFixture _fixture = new();

    [Test]
    public void The_first_start_has_nothing_to_tell()
    {
        Start(("a", "1"));

        Assert.That(Types(), Is.EqualTo(new[] { "start" }));
    }

    [Test]
    public void A_quick_restart_in_order_is_no_finding()
    {
        Start();
        _fixture.Ledger.AppendStop();
        Pass(TimeSpan.FromMinutes(2));
        Start();

        Assert.That(Types(), Is.EqualTo(new[] { "start", "stop", "start" }));
    }

    [Test]
    public void Time_down_is_a_finding_even_in_order()
    {
        Start();
        _fixture.Ledger.AppendStop();
        Pass(TimeSpan.FromMinutes(3));
        Start();

        Assert.That(Newest(), Is.EqualTo("""finding {"code":"AgentDown","from":"2026-11-23T10:00:00.000Z","to":"2026-11-23T10:03:00.000Z","orderly":true}"""));
    }

    [Test]
    public void An_end_without_a_stop_is_a_finding_however_short()
    {
        Start();
        Pass(TimeSpan.FromSeconds(1));
        Start();

        Assert.That(Newest(), Is.EqualTo("""finding {"code":"AgentDown","from":"2026-11-23T10:00:00.000Z","to":"2026-11-23T10:00:01.000Z","orderly":false}"""));
    }

    [Test]
    public void Settings_that_differ_from_the_last_start_are_named()
    {
        Start(("kept", "1"), ("changed", "2"), ("gone", "3"));
        _fixture.Ledger.AppendStop();
        Start(("kept", "1"), ("changed", "9"), ("new", "4"));

        Assert.That(Newest(), Is.EqualTo(
            """config-change {"changed":[{"key":"changed","before":"2","after":"9"},{"key":"gone","before":"3","after":null},{"key":"new","before":null,"after":"4"}]}"""));

        _fixture.Ledger.AppendStop();
        _fixture.Reopen();
        Start(("kept", "1"), ("changed", "9"), ("new", "4"));
        Assert.That(Types()[^1], Is.EqualTo("start"), "told once");
    }

    public void Dispose() => _fixture.Dispose();

    void Start(params (string Key, string Fingerprint)[] settings) =>
        _fixture.Ledger.AppendStart("0.1.0", new string('a', 64), new string('b', 64), settings.ToDictionary(s => s.Key, s => s.Fingerprint));

    void Pass(TimeSpan time) => _fixture.Time.Advance(time);

    List<string> Types() => [.. _fixture.Entries().Select(e => e.Type)];

    string Newest()
    {
        var entry = _fixture.Entries()[^1];
        return $"{entry.Type} {Encoding.UTF8.GetString(entry.Body.Span)}";
    }
}
