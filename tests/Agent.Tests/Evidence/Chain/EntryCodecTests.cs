using System.Text;
using Agent.Evidence.Chain;
using CsCheck;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Chain;

sealed class EntryCodecTests
{
    const string Sound =
        """{"v":1,"agent":"HZ-0001-a","epoch":"0b6c7a1e-4f0d-4c1b-9a53-5d2e8f7a6c01","seq":1,"t":"2026-11-23T10:00:00.000Z","boot":"boot-1","mono":5,"prev":"0000000000000000000000000000000000000000000000000000000000000000","type":"tick","body":{}}""";

    static readonly Gen<string> Token = Gen.String[Gen.Char["abcXYZ019._:@-"], 1, 128];

    static readonly Gen<string> Body = Gen.OneOfConst(
        "{}", """{"a":1}""", """{ "spaced" : [ 1, 2.50, -3e7 ] }""", """{"text":"前门\n\u00e9\"\\/"}""", """{"deep":[[[[{"x":null}]]]]}""");

    static readonly Gen<LedgerEntry> Entry =
        from agent in Token
        from epoch in Gen.Guid
        from seq in Gen.Long[1, (1L << 53) - 1]
        from time in Gen.DateTime[new DateTime(2000, 1, 1), new DateTime(2100, 1, 1)]
        from boot in Token
        from mono in Gen.Long[0, (1L << 53) - 1]
        from previous in Gen.Byte.Array[32]
        from type in Token
        from body in Body
        select new LedgerEntry
        {
            Agent = agent,
            Epoch = epoch,
            Seq = seq,
            Time = new DateTimeOffset(time.Ticks, TimeSpan.Zero),
            Boot = boot,
            MonotonicMilliseconds = mono,
            Previous = Convert.ToHexStringLower(previous),
            Type = type,
            Body = Encoding.UTF8.GetBytes(body),
        };

    [Test]
    public void An_entry_is_written_as_the_documented_bytes() =>
        Assert.That(Encoding.UTF8.GetString(EntryCodec.Encode(TestLedger.Entry())), Is.EqualTo(Sound));

    [Test]
    public void What_is_written_reads_back_as_the_same_entry() => Entry.Sample(entry =>
    {
        var bytes = EntryCodec.Encode(entry);
        var read = EntryCodec.Decode(bytes);
        return read == entry && read.GetHashCode() == entry.GetHashCode() && EntryCodec.Encode(read).AsSpan().SequenceEqual(bytes);
    });

    [Test]
    public void Random_damage_is_refused_or_reads_as_another_entry() =>
        Gen.Select(Entry, Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample((entry, at, flip) =>
        {
            var bytes = EntryCodec.Encode(entry);
            bytes[at % bytes.Length] ^= flip;
            try
            {
                return EntryCodec.Decode(bytes) != entry;
            }
            catch (FormatException)
            {
                return true;
            }
        });

    [Test]
    public void Random_bytes_are_refused_with_a_format_exception() => Gen.Byte.Array[0, 200].Sample(bytes =>
        Assert.That(() => EntryCodec.Decode(bytes), Throws.TypeOf<FormatException>()));

    [Test]
    public void Time_is_kept_in_utc_to_the_millisecond()
    {
        var entry = TestLedger.Entry() with { Time = new DateTimeOffset(2026, 11, 23, 18, 0, 0, 123, 456, TimeSpan.FromHours(8)) };

        Assert.That(entry.Time, Is.EqualTo(new DateTimeOffset(2026, 11, 23, 10, 0, 0, 123, TimeSpan.Zero)));
        Assert.That(EntryCodec.Decode(EntryCodec.Encode(entry)).Time.Offset, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void The_hash_is_plain_sha256_in_lower_case() =>
        Assert.That(EntryCodec.Hash("abc"u8), Is.EqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));

    [TestCase("""{"v":1""", """{"v":2""", "version 2")]
    [TestCase("""{"v":1,""", "{", "expected \"v\"")]
    [TestCase("\"seq\":1,", "", "expected \"seq\"")]
    [TestCase("\"seq\":1,", "\"seq\":1,\"seq\":1,", "uplicate")]
    [TestCase("\"seq\":1", "\"seq\":\"1\"", "\"seq\" is not a whole number")]
    [TestCase("\"seq\":1", "\"seq\":0", "\"seq\" is not a whole number")]
    [TestCase("\"seq\":1", "\"seq\":1.5", "\"seq\" is not a whole number")]
    [TestCase("\"seq\":1", "\"seq\":9007199254740992", "\"seq\" is not a whole number")]
    [TestCase("\"mono\":5", "\"mono\":-1", "\"mono\" is not a whole number")]
    [TestCase("\"mono\":5", "\"mono\":5.0", "\"mono\" is not a whole number")]
    [TestCase("\"mono\":5", "\"mono\":-0", "one encoding")]
    [TestCase("\"mono\":5", "\"mono\": 5", "one encoding")]
    [TestCase("HZ-0001-a", "HZ-0001-\\u0061", "one encoding")]
    [TestCase("0b6c7a1e", "0B6C7A1E", "one encoding")]
    [TestCase("0b6c7a1e-", "0b6c7a1e", "UUID")]
    [TestCase("HZ-0001-a", "", "\"agent\" is not 1 to 128 characters")]
    [TestCase("HZ-0001-a", "HZ 0001", "\"agent\" is not 1 to 128 characters")]
    [TestCase("HZ-0001-a", "杭州", "\"agent\" is not 1 to 128 characters")]
    [TestCase("10:00:00.000Z", "10:00:00Z", "\"t\" is not a time")]
    [TestCase("10:00:00.000Z", "10:00:00.000+00:00", "\"t\" is not a time")]
    [TestCase("2026-11-23T", "2026-11-31T", "\"t\" is not a time")]
    [TestCase(":\"0000", ":\"000g", "\"prev\" is not 64 lower-case hex")]
    [TestCase(":\"0000", ":\"000A", "\"prev\" is not 64 lower-case hex")]
    [TestCase("\"body\":{}", "\"body\":[]", "\"body\" is not a JSON object")]
    [TestCase("\"body\":{}", "\"body\":{\"a\":1,\"b\":{\"a\":1,\"a\":2}}", "uplicate")]
    [TestCase("\"body\":{}", "\"body\":{\"a\":\"\\ud800\"}", "not Unicode")]
    [TestCase("\"body\":{}", "\"body\":{\"\\udc00\":1}", "not Unicode")]
    [TestCase("\"body\":{}", "\"body\":{},\"more\":1", "unknown key \"more\"")]
    [TestCase(",\"body\":{}", "", "\"body\" is missing")]
    [TestCase("{}}", "{}}\n", "one encoding")]
    [TestCase("{}}", "{}}}", "not strict JSON")]
    [TestCase("{}}", "{}", "not strict JSON")]
    [TestCase("\"body\":{}", "\"body\":{/* */}", "not strict JSON")]
    [TestCase("\"type\":\"tick\",\"body\":{}", "\"body\":{},\"type\":\"tick\"", "expected \"type\"")]
    public void Anything_but_the_one_form_is_refused_with_its_reason(string from, string to, string reason) =>
        Assert.That(() => EntryCodec.Decode(Encoding.UTF8.GetBytes(Sound.Replace(from, to, StringComparison.Ordinal))),
            Throws.TypeOf<FormatException>().With.Message.Contains(reason));

    [Test]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        var bytes = EntryCodec.Encode(TestLedger.Entry(body: """{"a":"x"}"""));
        bytes[^4] = 0xFF;

        Assert.That(() => EntryCodec.Decode(bytes), Throws.TypeOf<FormatException>().With.Message.Contains("UTF-8"));
    }

    [Test]
    public void A_byte_order_mark_is_refused() =>
        Assert.That(() => EntryCodec.Decode(Encoding.UTF8.GetBytes("\uFEFF" + Sound)), Throws.TypeOf<FormatException>());

    [TestCase("")]
    [TestCase("1")]
    [TestCase("{")]
    [TestCase(" {}")]
    [TestCase("{} ")]
    [TestCase("{},\"more\":{}")]
    [TestCase("{}}{")]
    [TestCase("{\"a\":1,\"a\":1}")]
    public void A_body_that_is_not_exactly_one_object_is_not_written(string body) =>
        Assert.That(() => EntryCodec.Encode(TestLedger.Entry(body: body)), Throws.TypeOf<FormatException>());

    [Test]
    public void What_no_reader_would_take_is_not_written()
    {
        var sound = TestLedger.Entry();
        Assert.That(() => EntryCodec.Encode(sound with { Boot = "b 1" }), Throws.TypeOf<FormatException>().With.Message.StartsWith("Ledger entry: \"boot\" is not 1 to 128"));
        Assert.That(() => EntryCodec.Encode(sound with { Type = "" }), Throws.TypeOf<FormatException>().With.Message.StartsWith("Ledger entry: \"type\" is not 1 to 128"));
        Assert.That(() => EntryCodec.Encode(sound with { Seq = 0 }), Throws.TypeOf<FormatException>().With.Message.EqualTo("Ledger entry: \"seq\" 0 is outside 1 to 9007199254740991."));
        Assert.That(() => EntryCodec.Encode(sound with { MonotonicMilliseconds = -1 }), Throws.TypeOf<FormatException>().With.Message.EqualTo("Ledger entry: \"mono\" -1 is outside 0 to 9007199254740991."));
        Assert.That(() => EntryCodec.Encode(sound with { Body = default }), Throws.TypeOf<FormatException>().With.Message.Contains("\"body\" is empty"));
        LedgerEntry[] faulty =
        [
            sound with { Agent = "" }, sound with { Agent = new string('a', 129) }, sound with { Boot = "b 1" }, sound with { Type = "前" },
            sound with { Seq = 0 }, sound with { Seq = 1L << 53 }, sound with { MonotonicMilliseconds = -1 }, sound with { MonotonicMilliseconds = 1L << 53 },
            sound with { Previous = new string('0', 63) }, sound with { Previous = new string('G', 64) }, sound with { Body = default },
        ];

        Assert.That(() => EntryCodec.Encode(sound with { Seq = (1L << 53) - 1, MonotonicMilliseconds = (1L << 53) - 1, Previous = new string('a', 64) }), Throws.Nothing);
        foreach (var entry in faulty)
            Assert.That(() => EntryCodec.Encode(entry), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void An_entry_above_one_mebibyte_is_neither_written_nor_read()
    {
        var largest = EntryCodec.Encode(TestLedger.Entry(body: Padded(EntryCodec.MaxBytes - Sound.Length - 6)));
        Assert.That(largest, Has.Length.EqualTo(EntryCodec.MaxBytes));
        Assert.That(EntryCodec.Decode(largest).Seq, Is.EqualTo(1));

        Assert.That(() => EntryCodec.Encode(TestLedger.Entry(body: Padded(EntryCodec.MaxBytes - Sound.Length - 5))),
            Throws.TypeOf<FormatException>().With.Message.Contains("at most 1048576"));

        static string Padded(int length) => $$"""{"a":"{{new string('x', length)}}"}""";
    }

    [Test]
    public void What_is_too_deep_to_read_is_not_written()
    {
        Assert.That(() => EntryCodec.Encode(TestLedger.Entry(body: Nested(30))), Throws.Nothing);
        Assert.That(() => EntryCodec.Encode(TestLedger.Entry(body: Nested(31))), Throws.TypeOf<FormatException>());

        static string Nested(int arrays) => $$"""{"a":{{new string('[', arrays)}}{{new string(']', arrays)}}}""";
    }
}
