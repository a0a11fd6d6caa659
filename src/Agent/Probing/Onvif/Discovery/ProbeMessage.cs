using System.Text;
using System.Xml;

namespace Agent.Probing.Onvif.Discovery;

/// <summary>Asks whoever hears it whether it is a recorder (WS-Discovery, April 2005, "Probe").</summary>
/// <param name="Id">By which an answer says that it is one to this.</param>
/// <param name="Type">Local name of the type asked for.</param>
/// <param name="TypeSpace">Its namespace.</param>
internal sealed record ProbeMessage(string Id, string Type, string TypeSpace)
{
    const string ToAll = "urn:schemas-xmlsoap-org:ws:2005:04:discovery";
    const string Anonymous = OnvifNames.Addressing + "/role/anonymous";

    static readonly XmlWriterSettings Plain = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    /// <summary>Asks for what sends video, as all cameras and most recorders do.</summary>
    public static ProbeMessage ForTransmitters() => new($"uuid:{Guid.NewGuid()}", "NetworkVideoTransmitter", OnvifNames.Network);

    /// <summary>Asks for any ONVIF device: recorders that send none answer only to this.</summary>
    public static ProbeMessage ForDevices() => new($"uuid:{Guid.NewGuid()}", "Device", OnvifNames.Device);

    /// <summary>
    /// The datagram. Old firmware drops a message with newer addressing without a word, and one whose headers need not be understood.
    /// </summary>
    public byte[] Datagram()
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, Plain))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("s", "Envelope", OnvifNames.Soap);
            xml.WriteAttributeString("xmlns", "a", null, OnvifNames.Addressing);
            xml.WriteStartElement("Header", OnvifNames.Soap);
            Understood(xml, "Action", $"{OnvifNames.Discovery}/Probe");
            xml.WriteElementString("MessageID", OnvifNames.Addressing, Id);
            xml.WriteStartElement("ReplyTo", OnvifNames.Addressing);
            xml.WriteElementString("Address", OnvifNames.Addressing, Anonymous);
            xml.WriteEndElement();
            Understood(xml, "To", ToAll);
            xml.WriteEndElement();
            xml.WriteStartElement("Body", OnvifNames.Soap);
            xml.WriteStartElement("Probe", OnvifNames.Discovery);
            xml.WriteStartElement("d", "Types", OnvifNames.Discovery);
            xml.WriteAttributeString("xmlns", "t", null, TypeSpace);
            xml.WriteString($"t:{Type}");
        }

        return bytes.ToArray();
    }

    static void Understood(XmlWriter xml, string name, string text)
    {
        xml.WriteStartElement(name, OnvifNames.Addressing);
        xml.WriteAttributeString("mustUnderstand", OnvifNames.Soap, "1");
        xml.WriteString(text);
        xml.WriteEndElement();
    }
}
