namespace Agent.Probing.Onvif;

/// <summary>Namespaces of ONVIF and of what it is built on (ONVIF Core specification, "Namespaces"). They are names, nothing is fetched from them.</summary>
internal static class OnvifNames
{
    public const string Soap = "http://www.w3.org/2003/05/soap-envelope";
    public const string Device = "http://www.onvif.org/ver10/device/wsdl";
    public const string Media = "http://www.onvif.org/ver10/media/wsdl";
    public const string Recording = "http://www.onvif.org/ver10/recording/wsdl";
    public const string Search = "http://www.onvif.org/ver10/search/wsdl";
    public const string Replay = "http://www.onvif.org/ver10/replay/wsdl";
    public const string Schema = "http://www.onvif.org/ver10/schema";
    public const string Topics = "http://www.onvif.org/ver10/topics";
    public const string Network = "http://www.onvif.org/ver10/network/wsdl";
    public const string Notification = "http://docs.oasis-open.org/wsn/b-2";

    /// <summary>How a topic is written out in full, without wildcards.</summary>
    public const string ConcreteTopics = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet";

    public const string Security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    public const string SecurityUtility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    public const string PasswordDigest = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest";
    public const string Base64Binary = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

    /// <summary>WS-Discovery of April 2005 with the addressing of August 2004: the pair that all devices know, whatever came later.</summary>
    public const string Discovery = "http://schemas.xmlsoap.org/ws/2005/04/discovery";

    /// <inheritdoc cref="Discovery"/>
    public const string Addressing = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
}
