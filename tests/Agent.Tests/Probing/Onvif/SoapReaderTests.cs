using System.Text;
using Agent.Probing;
using Agent.Probing.Onvif;
using NUnit.Framework;

namespace Agent.Tests.Probing.Onvif;

internal sealed class SoapReaderTests
{
    [TestCaseSource(typeof(CapturedReplies), nameof(CapturedReplies.All))]
    public void Every_captured_reply_is_read_or_is_a_named_failure(string name)
    {
        var reply = SoapReader.Read(CapturedReplies.Bytes(name));

        Assert.That(reply.Answer is null, Is.EqualTo(reply.Failure is not null));
        if (reply.Failure is { } failure)
        {
            Assert.That(failure.Code, Is.EqualTo(ProblemCode.MalformedReply).Or.EqualTo(ProblemCode.NotOnvif).Or.EqualTo(ProblemCode.RecorderFault));
            Assert.That(failure.Words, Is.Not.Empty);
        }
        else
        {
            Assert.That(reply.Answer!.Name, Does.EndWith("Response").Or.EqualTo("ProbeMatches").Or.EqualTo("Hello"), "the element inside the body");
        }
    }

    [Test]
    public void Most_captured_replies_are_read_in_whatever_prefixes_they_are()
    {
        var replies = CapturedReplies.All().Select(name => SoapReader.Read(CapturedReplies.Bytes(name))).ToList();

        TestContext.Out.WriteLine($"{replies.Count(r => r.Answer is not null)} of {replies.Count} read; {string.Join(", ", replies.Where(r => r.Failure is not null).CountBy(r => r.Failure!.Code))}");
        Assert.That(replies.Count(r => r.Answer is not null), Is.GreaterThan(replies.Count * 3 / 4));
        Assert.That(replies.Count(r => r.Failure is { Code: ProblemCode.MalformedReply }), Is.GreaterThan(5), "there are malformed ones among them");
    }

    [Test]
    public void A_fault_is_told_with_all_its_codes_and_its_reason()
    {
        var failure = SoapReader.Read(CapturedReplies.Bytes("hammeraj/replay__get_replay_uri__recording_not_found.xml")).Failure!;

        Assert.That(failure.Code, Is.EqualTo(ProblemCode.RecorderFault));
        Assert.That(failure.FaultCodes, Is.EqualTo(new[] { "Sender", "InvalidArgVal", "NoRecording" }));
        Assert.That(failure.Words, Does.Contain("Recording not found"));
        Assert.That(failure.Has("norecording"), Is.True);
    }

    [Test]
    public void The_oldest_form_of_a_fault_is_one_too()
    {
        var failure = CapturedReplies.Read("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body><e:Fault><faultcode>e:Client</faultcode><faultstring>no\u0007</faultstring></e:Fault></e:Body></e:Envelope>".Replace("\u0007", "", StringComparison.Ordinal)).Failure!;

        Assert.That(failure.FaultCodes, Is.EqualTo(new[] { "Client" }));
        Assert.That(failure.Words, Does.Contain("(no)"));
    }

    [Test]
    public void What_a_fault_says_is_cut_short_and_printable()
    {
        var failure = CapturedReplies.Read(InBody($"<s:Fault><s:Reason><s:Text>a\u202E{new string('x', 5000)}</s:Text></s:Reason></s:Fault>")).Failure!;

        Assert.That(failure.Words, Has.Length.LessThan(300).And.Contains("\\u202e"));
    }

    [Test]
    public void Elements_are_known_by_their_local_names_and_text_without_white_space()
    {
        var answer = CapturedReplies.Read(InBody("<a:R xmlns:a='u:1'><b:C xmlns:b='u:2' v=' 1 '>\n  one <![CDATA[two]]>\n</b:C><C>three</C></a:R>")).Answer!;

        Assert.That(answer.Name, Is.EqualTo("R"));
        Assert.That(answer.TextAt("C"), Is.EqualTo("one two"));
        Assert.That(answer["C"]!.Attribute("v"), Is.EqualTo("1"));
        Assert.That(answer.All("C").Select(c => c.Text), Is.EqualTo(new[] { "one two", "three" }));
        Assert.That(answer.At("C", "D"), Is.Null);
        Assert.That(answer.TextAt("D"), Is.Null);
    }

    [TestCase("<!DOCTYPE s:Envelope [<!ENTITY a \"aaaaaaaaaa\">]>", "document type")]
    [TestCase("<!DOCTYPE s:Envelope SYSTEM \"file:///etc/passwd\">", "document type")]
    public void A_document_type_is_never_read(string type, string words)
    {
        var failure = CapturedReplies.Read(type + InBody("<r/>")).Failure!;

        Assert.That(failure.Code, Is.EqualTo(ProblemCode.MalformedReply));
        Assert.That(failure.Words, Does.Contain(words).And.Not.Contain("passwd"));
    }

    [TestCase("<html><body>401</body></html>")]
    [TestCase("<!DOCTYPE html><html></html>")]
    [TestCase("  \r\n<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">")]
    [TestCase("HTTP error 404")]
    [TestCase("")]
    [TestCase("<a><Body/></a>")]
    public void What_is_no_soap_says_so(string text) =>
        Assert.That(CapturedReplies.Read(text).Failure!.Code, Is.EqualTo(ProblemCode.NotOnvif));

    [TestCase("<s:Envelope xmlns:s='u'><s:Body><r></s:Body></s:Envelope>")]
    [TestCase("<s:Envelope xmlns:s='u'><s:Body><x:r/></s:Body></s:Envelope>")]
    [TestCase("<s:Envelope xmlns:s='u'><s:Body><r>&nothing;</r></s:Body></s:Envelope>")]
    [TestCase("<s:Envelope xmlns:s='u'><s:Body/></s:Envelope>")]
    [TestCase("<s:Envelope xmlns:s='u'><s:Bo")]
    public void What_is_not_well_formed_says_so(string text) =>
        Assert.That(CapturedReplies.Read(text).Failure!.Code, Is.EqualTo(ProblemCode.MalformedReply));

    [Test]
    public void The_words_of_a_failure_hold_nothing_of_what_was_read() =>
        Assert.That(CapturedReplies.Read("<s:Envelope xmlns:s='u'><s:Body><secret></wrong></s:Body></s:Envelope>").Failure!.Words, Does.Not.Contain("secret").And.Not.Contain("wrong"));

    [Test]
    public void Depth_has_an_end()
    {
        string Nested(int levels) => InBody(string.Concat(Enumerable.Repeat("<a>", levels)) + string.Concat(Enumerable.Repeat("</a>", levels)));

        Assert.That(CapturedReplies.Read(Nested(60)).Failure, Is.Null);
        Assert.That(CapturedReplies.Read(Nested(63)).Failure!.Code, Is.EqualTo(ProblemCode.MalformedReply));
        Assert.That(CapturedReplies.Read(Nested(100_000)).Failure!.Code, Is.EqualTo(ProblemCode.MalformedReply));
    }

    [Test]
    public void Size_has_an_end_and_what_is_just_under_it_is_read()
    {
        Assert.That(CapturedReplies.Read(InBody($"<r>{new string('x', 1_000_000)}</r>")).Failure, Is.Null);
        Assert.That(CapturedReplies.Read(InBody($"<r>{new string('x', SoapReader.Largest)}</r>")).Failure!.Code, Is.EqualTo(ProblemCode.ReplyTooLarge));
    }

    [Test]
    public void A_wrong_word_about_the_encoding_hides_nothing()
    {
        var utf8 = Encoding.UTF8.GetBytes("<?xml version='1.0' encoding='utf-16'?>" + InBody("<r>大门</r>"));
        var utf16 = Encoding.Unicode.GetBytes("<?xml version='1.0' encoding='utf-8'?>" + InBody("<r>大门</r>"));
        var gbk = System.Text.CodePagesEncodingProvider.Instance.GetEncoding("gb2312")!.GetBytes("<?xml version='1.0' encoding='GB2312'?>" + InBody("<r>大门</r>"));
        var broken = Encoding.UTF8.GetBytes(InBody("<r>a?b</r>"));
        broken[Array.IndexOf(broken, (byte)'?')] = 0xB4;

        Assert.That(SoapReader.Read(utf8).Answer!.Text, Is.EqualTo("大门"));
        Assert.That(SoapReader.Read(utf16).Answer!.Text, Is.EqualTo("大门"));
        Assert.That(SoapReader.Read(gbk).Answer!.Text, Is.EqualTo("大门"));
        Assert.That(SoapReader.Read(gbk, "utf-8").Answer!.Text, Is.EqualTo("大门"), "of the two the one that says something decides");
        Assert.That(SoapReader.Read(broken).Answer!.Text, Is.EqualTo("a\uFFFDb"));
        Assert.That(SoapReader.Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(InBody("<r>大门</r>"))]).Answer!.Text, Is.EqualTo("大门"));
    }

    static string InBody(string xml) => $"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body>{xml}</s:Body></s:Envelope>";
}
