using System.Text;
using System.Xml;

namespace Agent.Probing.Onvif;

/// <summary>Writes SOAP 1.2 messages.</summary>
internal static class SoapEnvelope
{
    static readonly XmlWriterSettings Plain = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    /// <summary>The bytes of a message.</summary>
    /// <param name="call">What is asked.</param>
    /// <param name="header">Writes what stands in the header; null for none.</param>
    public static byte[] Write(SoapCall call, Action<XmlWriter>? header)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Plain))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("s", "Envelope", OnvifNames.Soap);
            if (header is not null)
            {
                xml.WriteStartElement("Header", OnvifNames.Soap);
                header(xml);
                xml.WriteEndElement();
            }

            xml.WriteStartElement("Body", OnvifNames.Soap);
            xml.WriteStartElement("o", call.Operation, call.Service);
            call.Content?.Invoke(xml);
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return bytes.ToArray();
    }
}
