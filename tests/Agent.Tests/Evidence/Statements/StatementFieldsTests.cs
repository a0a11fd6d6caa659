using System.Text.Json;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Evidence.Timelines;
using Agent.Evidence.Verdicts;
using NUnit.Framework;

namespace Agent.Tests.Evidence.Statements;

/// <summary>Every kind of value at its bounds: what is just inside is read, what is just outside is refused by the name of its key.</summary>
sealed class StatementFieldsTests
{
    const string Latest = "7258118400000";
    const string LongestSeconds = "51840000";

    static readonly string LongToken = new('a', 128);

    [TestCase("\"a\"", "a")]
    [TestCase("\"A.b_1:@-\"", "A.b_1:@-")]
    public void A_token_is_read(string json, string expected) => Assert.That(
        (Read(json, f => f.NextToken("k")), Read(json, f => f.NextTokenOrNull("k"))), Is.EqualTo((expected, expected)));

    [Test]
    public void The_longest_token_is_read_and_a_longer_one_is_not()
    {
        Assert.That((Read($"\"{LongToken}\"", f => f.NextToken("k")), Read($"\"{LongToken}\"", f => f.NextTokenOrNull("k"))), Is.EqualTo((LongToken, LongToken)));
        Refused($"\"{LongToken}a\"", f => f.NextToken("k"), "1 to 128");
        Refused($"\"{LongToken}a\"", f => f.NextTokenOrNull("k"), "null or 1 to 128");
    }

    [TestCase("\"\"")]
    [TestCase("\"a b\"")]
    [TestCase("\"前\"")]
    [TestCase("7")]
    public void What_is_no_token_is_refused(string json)
    {
        Refused(json, f => f.NextToken("k"));
        Refused(json, f => f.NextTokenOrNull("k"));
    }

    [Test]
    public void Null_is_an_answer_only_where_it_may_be_one()
    {
        Assert.That(Read("null", f => f.NextTokenOrNull("k")), Is.Null);
        Assert.That(Read("null", f => f.NextHashOrNull("k")), Is.Null);
        Assert.That(Read("null", f => f.NextWholeOrNull("k", 0)), Is.Null);
        Assert.That(Read("null", f => f.NextInstantOrNull("k")), Is.Null);
        Assert.That(Read("null", f => f.NextRangeOrNull("k")), Is.Null);
        Assert.That(Read("null", f => f.NextSecondsOrNull("k")), Is.Null);
        Assert.That(Read("null", f => f.NextWordOrNull<Basis>("k")), Is.Null);
        Refused("null", f => f.NextToken("k"));
        Refused("null", f => f.NextHash("k"));
        Refused("null", f => f.NextInstant("k"));
        Refused("null", f => f.NextRange("k"));
        Refused("null", f => f.NextSeconds("k"));
        Refused("null", f => f.NextWord<Basis>("k"));
        Refused("null", f => f.NextArray("k", 9, "things"));
        Refused("null", f => f.NextBoolean("k"), "true or false");
    }

    [Test]
    public void A_hash_is_sixty_four_lower_case_digits()
    {
        var hash = new string('0', 63) + 'f';
        Assert.That((Read($"\"{hash}\"", f => f.NextHash("k")), Read($"\"{hash}\"", f => f.NextHashOrNull("k"))), Is.EqualTo((hash, hash)));
        foreach (var wrong in new[] { hash[1..], hash + '0', hash.ToUpperInvariant(), hash[1..] + 'g' })
        {
            Refused($"\"{wrong}\"", f => f.NextHash("k"), "64 lower-case hex digits");
            Refused($"\"{wrong}\"", f => f.NextHashOrNull("k"), "null or 64 lower-case hex digits");
        }
    }

    [TestCase("3", true)]
    [TestCase("9007199254740991", true)]
    [TestCase("2", false)]
    [TestCase("9007199254740992", false)]
    [TestCase("3.5", false)]
    [TestCase("\"3\"", false)]
    [TestCase("true", false)]
    public void A_whole_number_keeps_its_bounds(string json, bool sound)
    {
        if (sound)
            Assert.That((Read(json, f => f.NextWholeOrNull("k", 3)), (long?)Read(json, f => f.NextWhole("k", 3))), Is.EqualTo((JsonSerializer.Deserialize<long?>(json), JsonSerializer.Deserialize<long?>(json))));
        else
        {
            Refused(json, f => f.NextWholeOrNull("k", 3), "null or a whole number from 3");
            Refused(json, f => f.NextWhole("k", 3), "a whole number from 3");
        }
    }

    [Test]
    public void A_count_keeps_its_bounds()
    {
        Assert.That((Read("2", f => f.NextCount("k", 2, 4)), Read("4", f => f.NextCount("k", 2, 4))), Is.EqualTo((2, 4)));
        Refused("1", f => f.NextCount("k", 2, 4), "a whole number from 2");
        Refused("5", f => f.NextCount("k", 2, 4), "a whole number from 2 to 4");
    }

    [TestCase("AQ", false)]
    [TestCase("AQI", true)]
    [TestCase("AQID", true)]
    [TestCase("AQIDBA", false)]
    [TestCase("AQI=", false)]
    public void Bytes_keep_their_bounds(string text, bool sound)
    {
        if (sound)
            Assert.That(StrictBase64Url.Encode(Read($"\"{text}\"", f => f.NextBytes("k", 2, 3))), Is.EqualTo(text));
        else
            Refused($"\"{text}\"", f => f.NextBytes("k", 2, 3), "base64url of 2 to 3 bytes");
    }

    [Test]
    public void Another_version_is_refused_by_its_number()
    {
        Assert.That(() => ReadWhole("{\"v\":4}", f => { f.NextVersion(4); return 0; }), Throws.Nothing);
        Assert.That(() => ReadWhole("{\"v\":5}", f => { f.NextVersion(4); return 0; }), Throws.TypeOf<FormatException>().With.Message.Contains("version 5 is not known"));
        Assert.That(() => ReadWhole("{\"v\":0}", f => { f.NextVersion(4); return 0; }), Throws.TypeOf<FormatException>().With.Message.Contains("whole number from 1"));
    }

    [TestCase("1970-01-01T00:00:00.000Z", true)]
    [TestCase("1969-12-31T23:59:59.999Z", false)]
    [TestCase("2200-01-01T00:00:00.000Z", true)]
    [TestCase("2200-01-01T00:00:00.001Z", false)]
    public void An_instant_keeps_its_bounds(string text, bool sound)
    {
        if (sound)
            Assert.That((OrderedFields.FormatTime(Read($"\"{text}\"", f => f.NextInstant("k"))), OrderedFields.FormatTime(Read($"\"{text}\"", f => f.NextInstantOrNull("k"))!.Value)), Is.EqualTo((text, text)));
        else
        {
            Refused($"\"{text}\"", f => f.NextInstant("k"), "a time from 1970 to 2199");
            Refused($"\"{text}\"", f => f.NextInstantOrNull("k"), "null or a time from 1970 to 2199");
        }
    }

    [TestCase("\"yesterday\"")]
    [TestCase("7")]
    public void What_is_no_time_is_refused(string json)
    {
        Refused(json, f => f.NextInstant("k"));
        Refused(json, f => f.NextInstantOrNull("k"));
    }

    [TestCase("[0,1]")]
    [TestCase("[7258118399999," + Latest + "]")]
    public void A_range_is_read(string json)
    {
        var numbers = JsonSerializer.Deserialize<long[]>(json)!;
        var expected = new TimeRange(DateTimeOffset.FromUnixTimeMilliseconds(numbers[0]), DateTimeOffset.FromUnixTimeMilliseconds(numbers[1]));
        Assert.That((Read(json, f => f.NextRange("k")), Read(json, f => f.NextRangeOrNull("k"))), Is.EqualTo((expected, (TimeRange?)expected)));
        Assert.That(Read($"[{json}]", f => f.NextRanges("k")), Is.EqualTo(new[] { expected }));
    }

    [TestCase("[1,1]")]
    [TestCase("[2,1]")]
    [TestCase("[-1,1]")]
    [TestCase("[1,7258118400001]")]
    [TestCase("[" + Latest + ",7258118400001]")]
    [TestCase("[1]")]
    [TestCase("[1,2,3]")]
    [TestCase("[\"1\",2]")]
    [TestCase("[1,\"2\"]")]
    [TestCase("[1,2.5]")]
    [TestCase("[0.5,2]")]
    [TestCase("7")]
    public void What_is_no_range_is_refused(string json)
    {
        Refused(json, f => f.NextRange("k"), "a range [from,to]");
        Refused(json, f => f.NextRangeOrNull("k"), "null or a range [from,to]");
        Refused($"[{json}]", f => f.NextRanges("k"), "an array of ranges [from,to]");
    }

    [Test]
    public void Ranges_ascend_with_time_between_them()
    {
        Assert.That(Read("[[1,2],[3,4],[9,10]]", f => f.NextRanges("k")).Select(r => r.From.ToUnixTimeMilliseconds()), Is.EqualTo(new[] { 1, 3, 9 }));
        Assert.That(Read("[]", f => f.NextRanges("k")), Is.Empty);
        Refused("[[1,2],[2,4]]", f => f.NextRanges("k"), "ascending with time between the ranges: number 1 does not begin after the one before it ends");
        Refused("[[1,2],[4,5],[3,4]]", f => f.NextRanges("k"), "ascending with time between the ranges: number 2 does not begin");
        Refused("{}", f => f.NextRanges("k"), "an array of ranges");
    }

    [Test]
    public void An_array_has_at_most_so_many()
    {
        Assert.That(Read("[1,2]", f => f.NextArray("k", 2, "things")), Has.Length.EqualTo(2));
        Refused("[1,2,3]", f => f.NextArray("k", 2, "things"), "an array of at most 2 things");
        Refused("{}", f => f.NextArray("k", 2, "things"), "an array of at most 2 things");
    }

    [TestCase("0", 0)]
    [TestCase("0.001", 0.001)]
    [TestCase("1.5", 1.5)]
    [TestCase(LongestSeconds, 51840000)]
    public void Seconds_are_read(string json, double expected) => Assert.That(
        (Read(json, f => f.NextSeconds("k")), Read(json, f => f.NextSecondsOrNull("k"))), Is.EqualTo((TimeSpan.FromSeconds(expected), (TimeSpan?)TimeSpan.FromSeconds(expected))));

    [TestCase("-0.001")]
    [TestCase("51840000.001")]
    [TestCase("0.0001")]
    [TestCase("1e60")]
    [TestCase("\"1\"")]
    public void What_is_no_duration_is_refused(string json)
    {
        Refused(json, f => f.NextSeconds("k"), "seconds from 0 to 51840000 with at most three decimals");
        Refused(json, f => f.NextSecondsOrNull("k"), "null or seconds from 0 to 51840000");
    }

    [Test]
    public void A_word_is_one_of_those_that_are_written()
    {
        foreach (var basis in Enum.GetValues<CommissioningBasis>())
            Assert.That(Read($"\"{StatementFields.Word(basis)}\"", f => f.NextWord<CommissioningBasis>("k")), Is.EqualTo(basis));
        Assert.That(StatementFields.Word(CommissioningBasis.FirstSeen), Is.EqualTo("first-seen"));
        Assert.That(Read("\"listed\"", f => f.NextWordOrNull<Basis>("k")), Is.EqualTo(Basis.Listed));
        foreach (var wrong in new[] { "Listed", "seen", "" })
        {
            Refused($"\"{wrong}\"", f => f.NextWord<Basis>("k"), "one of claimed, listed, measured, decoded");
            Refused($"\"{wrong}\"", f => f.NextWordOrNull<Basis>("k"), "null or one of claimed, listed, measured, decoded");
        }
    }

    [Test]
    public void A_code_is_written_as_its_name()
    {
        Assert.That(StatementFields.CodeOf<FindingCode>("EarlyLoss"), Is.EqualTo(FindingCode.EarlyLoss));
        Assert.That(StatementFields.CodeOf<FindingCode>("early-loss"), Is.Null);
        Assert.That(StatementFields.CodeOf<FindingCode>(null), Is.Null);
    }

    [Test]
    public void True_and_false_are_read() => Assert.That(
        (Read("true", f => f.NextBoolean("k")), Read("false", f => f.NextBoolean("k"))), Is.EqualTo((true, false)));

    static T Read<T>(string json, Func<OrderedFields, T> read) => ReadWhole($$"""{"k":{{json}}}""", read);

    static T ReadWhole<T>(string document, Func<OrderedFields, T> read)
    {
        using var parsed = JsonDocument.Parse(document);
        return read(new OrderedFields(parsed.RootElement, "Test"));
    }

    static void Refused<T>(string json, Func<OrderedFields, T> read, string expected = "") => Assert.That(
        () => Read(json, read), Throws.TypeOf<FormatException>().With.Message.StartsWith($"Test: \"k\" is not {expected}"), json);
}
