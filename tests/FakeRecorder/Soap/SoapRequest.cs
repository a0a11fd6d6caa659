using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace FakeRecorder.Soap;

/// <summary>What a SOAP 1.2 envelope asks for.</summary>
internal sealed record SoapRequest(XElement? Header, XElement Operation)
{
    public string Name => Operation.Name.LocalName;

    public XNamespace Service => Operation.Name.Namespace;

    /// <summary>Reads an envelope, or throws the fault that a strict server answers with.</summary>
    public static SoapRequest Parse(byte[] body)
    {
        XDocument document;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            document = XDocument.Load(reader);
        }
        catch (XmlException e)
        {
            throw new SoapFaultException(e.Message, "WellFormed");
        }

        var root = document.Root!;
        if (root.Name != Namespaces.Envelope + "Envelope")
            throw new SoapFaultException($"{root.Name} is not the envelope of SOAP 1.2", "WellFormed");
        if (root.Element(Namespaces.Envelope + "Body")?.Elements().FirstOrDefault() is not { } operation)
            throw new SoapFaultException("The body is empty", "WellFormed");
        return new(root.Element(Namespaces.Envelope + "Header"), operation);
    }

    public string? Text(string name) => Operation.Element(Service + name)?.Value.Trim();

    public string RequiredText(string name) => Text(name) ?? throw new SoapFaultException($"{name} is missing", "InvalidArgs");

    public int? Number(string name) =>
        Text(name) is { } text ? int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new SoapFaultException($"{name} is no number", "InvalidArgs") : null;

    public DateTimeOffset? Time(string name) => Text(name) is { } text ? XmlConvert.ToDateTimeOffset(text) : null;

    public TimeSpan? Duration(string name) => Text(name) is { } text ? XmlConvert.ToTimeSpan(text) : null;
}
