using System.Xml;

namespace Agent.Probing.Onvif;

/// <summary>One operation of an ONVIF service, and what is put into its request.</summary>
/// <param name="Service">The service's namespace, which is that of the request's element too.</param>
/// <param name="Operation">Such as GetServices.</param>
/// <param name="Content">Writes what stands inside; null for an empty request.</param>
internal sealed record SoapCall(string Service, string Operation, Action<XmlWriter>? Content = null)
{
    /// <summary>What goes into the content type; devices of old find the operation by it.</summary>
    public string Action => $"{Service}/{Operation}";

    /// <summary>Writes one element of the service with a text in it. Order matters to strict devices.</summary>
    public static void Write(XmlWriter xml, string space, string name, string text) => xml.WriteElementString(name, space, text);
}
