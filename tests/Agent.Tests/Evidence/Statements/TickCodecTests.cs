using System.Text;
using Agent.Evidence.Statements;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

sealed class TickCodecTests
{
    static readonly Tick Sound = new() { After = 3, Site = "HZ-0001", Receipt = new string('a', 64), Pending = 2, SetAside = 1 };

    [Test]
    public void A_tick_is_written_as_the_documented_bytes_and_read_back()
    {
        var bytes = TickCodec.Encode(Sound);

        Assert.That(Encoding.UTF8.GetString(bytes), Is.EqualTo($$"""{"after":3,"site":"HZ-0001","receipt":"{{new string('a', 64)}}","pending":2,"setAside":1}"""));
        Assert.That(TickCodec.Decode(bytes), Is.EqualTo(Sound));
        Assert.That(TickCodec.Decode(TickCodec.Encode(Sound with { After = 0, Receipt = null, Pending = 0, SetAside = 0 })).Receipt, Is.Null);
    }

    [TestCase("\"after\":3", "\"after\":-1", "\"after\"")]
    [TestCase("\"after\":3,", "", "expected \"after\"")]
    [TestCase("HZ-0001", "", "\"site\"")]
    [TestCase("\"receipt\":\"a", "\"receipt\":\"A", "\"receipt\"")]
    [TestCase("\"pending\":2", "\"pending\":-1", "\"pending\"")]
    [TestCase("\"setAside\":1", "\"setAside\":-1", "\"setAside\"")]
    [TestCase("\"setAside\":1", "\"setAside\":1,\"more\":1", "unknown key \"more\"")]
    [TestCase("\"setAside\":1", "\"setAside\": 1", "not in its one encoding")]
    [TestCase("\"pending\":2", "\"pending\":-0", "not in its one encoding")]
    [TestCase("HZ-0001", "HZ-000\\u0031", "not in its one encoding")]
    [TestCase("{\"after\"", "[{\"after\"", "not strict JSON")]
    public void Anything_but_the_one_form_is_refused_with_its_reason(string from, string to, string reason)
    {
        var sound = Encoding.UTF8.GetString(TickCodec.Encode(Sound));
        Assert.That(() => TickCodec.Decode(Encoding.UTF8.GetBytes(sound.Replace(from, to, StringComparison.Ordinal))),
            Throws.TypeOf<FormatException>().With.Message.StartsWith("Tick body").And.Message.Contains(reason));
    }

    [Test]
    public void What_no_reader_would_take_is_not_written()
    {
        Assert.That(() => TickCodec.Encode(Sound with { Site = "前门" }), Throws.TypeOf<FormatException>());
        Assert.That(() => TickCodec.Encode(Sound with { After = -1 }), Throws.TypeOf<FormatException>());
        Assert.That(() => TickCodec.Decode(new byte[TickCodec.MaxBytes + 1]), Throws.TypeOf<FormatException>().With.Message.Contains("512"));
    }
}
