using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace FakeRecorder.Soap;

/// <summary>Writes envelopes as the recorder of these manners does.</summary>
internal sealed class SoapWriter(Quirks quirks)
{
    /// <summary>The prefix that names in text are to use.</summary>
    public string Prefix(XNamespace name) =>
        quirks.Prefixes.TryGetValue(name.NamespaceName, out var own) && own.Length > 0 ? own : Namespaces.Usual.First(usual => usual.Namespace == name).Prefix;

    /// <summary>An attribute that declares the prefix of names in the text of an element.</summary>
    public XAttribute Declaration(XNamespace name) => new(XNamespace.Xmlns + Prefix(name), name.NamespaceName);

    public byte[] Write(XElement? content)
    {
        var envelope = new XElement(Namespaces.Envelope + "Envelope", new XElement(Namespaces.Envelope + "Body", content));
        if (!quirks.DeclaresLocally)
            envelope.Add(Namespaces.Usual.Select(usual => quirks.Prefixes.TryGetValue(usual.Namespace.NamespaceName, out var own)
                ? own.Length == 0 ? new XAttribute("xmlns", usual.Namespace.NamespaceName) : new XAttribute(XNamespace.Xmlns + own, usual.Namespace.NamespaceName)
                : new XAttribute(XNamespace.Xmlns + usual.Prefix, usual.Namespace.NamespaceName)));
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(quirks.ByteOrderMark), Indent = quirks.Indents, NewLineChars = "\r\n" };
        using (var writer = XmlWriter.Create(bytes, settings))
            envelope.Save(writer);
        return bytes.ToArray();
    }

    public byte[] Write(SoapFaultException fault)
    {
        XElement? code = null;
        foreach (var subcode in fault.Subcodes.Reverse())
            code = new(Namespaces.Envelope + "Subcode", new XElement(Namespaces.Envelope + "Value", Declaration(Namespaces.Errors), $"{Prefix(Namespaces.Errors)}:{subcode}"), code);
        return Write(new XElement(Namespaces.Envelope + "Fault",
            new XElement(Namespaces.Envelope + "Code",
                new XElement(Namespaces.Envelope + "Value", Declaration(Namespaces.Envelope), $"{Prefix(Namespaces.Envelope)}:{(fault.IsReceivers ? "Receiver" : "Sender")}"),
                code),
            new XElement(Namespaces.Envelope + "Reason", new XElement(Namespaces.Envelope + "Text", new XAttribute(XNamespace.Xml + "lang", "en"), fault.Message))));
    }
}
