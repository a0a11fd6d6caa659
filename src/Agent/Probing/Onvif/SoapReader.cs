using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Agent.Probing.Files;

namespace Agent.Probing.Onvif;

/// <summary>
/// Reads what claims to be a SOAP envelope. Hostile until shown otherwise: no document type, no resolver, so many characters and so
/// deep and no further; what is anything else is a named failure.
/// </summary>
internal static partial class SoapReader
{
    /// <summary>Of a reply, in bytes and in characters. 200 KB of profiles is normal.</summary>
    public const int Largest = 1 << 20;

    const int Deepest = 64;
    const int LongestReason = 200;

    /// <summary>Reads a whole reply.</summary>
    /// <param name="bytes">The body of the HTTP reply or the datagram.</param>
    /// <param name="charset">What the transport says of its encoding; null when nothing.</param>
    public static SoapReply Read(ReadOnlySpan<byte> bytes, string? charset = null)
    {
        if (bytes.Length > Largest)
            return TooLarge();
        var text = Decoded(bytes, charset).TrimStart('\uFEFF', ' ', '\t', '\r', '\n', '\0');
        if (text.Length == 0 || text[0] != '<' || Html().IsMatch(text))
            return SoapReply.Failed(new SoapFailure(ProblemCode.NotOnvif, text.Length == 0 ? "the answer is empty" : "the answer is no SOAP message, as of a page for people"));
        try
        {
            return InBody(Tree(text));
        }
        catch (XmlException e)
        {
            // The reader's own words may quote what it read: only its place is told.
            return SoapReply.Failed(new SoapFailure(ProblemCode.MalformedReply, text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)
                ? "the answer brings a document type, which is never read"
                : $"the answer is no well-formed XML (line {e.LineNumber}, character {e.LinePosition})"));
        }
    }

    /// <summary>The envelope of a message with its header, read as carefully; null when it is none.</summary>
    public static SoapElement? Envelope(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return bytes.Length <= Largest && Tree(Decoded(bytes, null).TrimStart('\uFEFF', ' ', '\t', '\r', '\n', '\0')) is { Name: "Envelope" } envelope ? envelope : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>What any reply above the limit is called.</summary>
    public static SoapReply TooLarge() =>
        SoapReply.Failed(new SoapFailure(ProblemCode.ReplyTooLarge, $"the answer is larger than {Largest / 1024} KiB"));

    /// <exception cref="XmlException">It is no well-formed document, or asks for too much.</exception>
    static SoapElement Tree(string text)
    {
        using var characters = new StringReader(text);
        using var xml = XmlReader.Create(characters, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = Largest,
            MaxCharactersFromEntities = 1024,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        });
        SoapElement? root = null;
        var open = new Stack<SoapElement>();
        while (xml.Read())
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    if (xml.Depth >= Deepest)
                        throw new XmlException("too deep");
                    var element = Element(xml);
                    if (open.TryPeek(out var parent))
                        parent.Add(element);
                    root ??= element;
                    if (!xml.IsEmptyElement)
                        open.Push(element);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    open.Peek().AddText(xml.Value);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                default:
                    break;
            }
        }

        return root ?? throw new XmlException("no element");
    }

    static SoapElement Element(XmlReader xml)
    {
        var element = new SoapElement(xml.LocalName, xml.Depth);
        while (xml.MoveToNextAttribute())
            if (xml.Prefix != "xmlns" && xml.LocalName != "xmlns")
                element.Add(xml.LocalName, xml.Value);
        xml.MoveToElement();
        return element;
    }

    static SoapReply InBody(SoapElement root)
    {
        if (root is not { Name: "Envelope" } || root["Body"] is not { } body)
            return SoapReply.Failed(new SoapFailure(ProblemCode.NotOnvif, "the answer is XML, and no SOAP message"));
        if (body["Fault"] is { } fault)
            return SoapReply.Failed(Fault(fault));
        return body.Children is [var answer, ..] ? SoapReply.Of(answer) : SoapReply.Failed(new SoapFailure(ProblemCode.MalformedReply, "the answer has nothing in its body"));
    }

    /// <summary>SOAP 1.2 nests its codes; SOAP 1.1, which some devices fall back to, has one and other names.</summary>
    static SoapFailure Fault(SoapElement fault)
    {
        var codes = fault.Everything().Where(e => e.Name is "Value" or "faultcode" && e.Text.Length > 0).Select(e => e.Text[(e.Text.LastIndexOf(':') + 1)..]).ToList();
        var reason = fault.TextAt("Reason", "Text") ?? fault.TextAt("faultstring") ?? "";
        var words = $"it answers with the fault {(codes.Count == 0 ? "without a code" : string.Join("/", codes))}{(reason.Length == 0 ? "" : $" ({reason})")}";
        return new SoapFailure(ProblemCode.RecorderFault, Printable.Text(words.Length > LongestReason ? words[..LongestReason] : words)) { FaultCodes = codes };
    }

    /// <summary>
    /// A byte order mark decides, then the transport, then the declaration; where they name what the bytes cannot be, it is UTF-8, with
    /// a sign in the place of what is none: one camera's name in a wrong encoding must not hide a recorder.
    /// </summary>
    static string Decoded(ReadOnlySpan<byte> bytes, string? charset)
    {
        if (bytes is [0xFF, 0xFE, ..] or [(byte)'<', 0, ..])
            return Encoding.Unicode.GetString(bytes);
        if (bytes is [0xFE, 0xFF, ..] or [0, (byte)'<', ..])
            return Encoding.BigEndianUnicode.GetString(bytes);
        if (bytes is [0xEF, 0xBB, 0xBF, ..])
            return Encoding.UTF8.GetString(bytes);
        var declared = Declaration().Match(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 200)])).Groups[1].Value;
        return (Named(charset?.Trim('"', ' ')) ?? Named(declared) ?? Encoding.UTF8).GetString(bytes);
    }

    static Encoding? Named(string? name)
    {
        if (string.IsNullOrEmpty(name) || name.StartsWith("utf", StringComparison.OrdinalIgnoreCase))
            return null;
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^\s*(?:<!--.{0,200}?-->\s*)?(?:<!DOCTYPE\s+html|<html\b|<head\b|<body\b)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Html();

    [GeneratedRegex("""^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")]
    private static partial Regex Declaration();
}
