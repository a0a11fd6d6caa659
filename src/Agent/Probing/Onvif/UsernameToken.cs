using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Agent.Recorders;

namespace Agent.Probing.Onvif;

/// <summary>
/// Proof of a password inside the message (OASIS UsernameToken Profile 1.0, PasswordDigest): Base64(SHA-1(nonce ‖ created ‖ password)).
/// </summary>
internal static class UsernameToken
{
    const int NonceBytes = 20;

    /// <summary>Writes a security header with a nonce of its own: devices take each once.</summary>
    /// <param name="xml">Inside the SOAP header.</param>
    /// <param name="login">Its password is not in it, only a number that proves it.</param>
    /// <param name="deviceTime">The device's own time: it refuses what is much older or younger.</param>
    public static void Write(XmlWriter xml, RecorderLogin login, DateTimeOffset deviceTime)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var created = deviceTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        xml.WriteStartElement("wsse", "Security", OnvifNames.Security);
        xml.WriteAttributeString("mustUnderstand", OnvifNames.Soap, "true");
        xml.WriteStartElement("UsernameToken", OnvifNames.Security);
        xml.WriteElementString("Username", OnvifNames.Security, login.Username);
        xml.WriteStartElement("Password", OnvifNames.Security);
        xml.WriteAttributeString("Type", OnvifNames.PasswordDigest);
        xml.WriteString(Digest(nonce, created, login.RevealPassword()));
        xml.WriteEndElement();
        xml.WriteStartElement("Nonce", OnvifNames.Security);
        xml.WriteAttributeString("EncodingType", OnvifNames.Base64Binary);
        xml.WriteString(Convert.ToBase64String(nonce));
        xml.WriteEndElement();
        xml.WriteElementString("wsu", "Created", OnvifNames.SecurityUtility, created);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    /// <summary>The digest of a token.</summary>
    /// <param name="nonce">Its bytes, not their Base64.</param>
    /// <param name="created">Exactly as in the message.</param>
    /// <param name="password">The password.</param>
    public static string Digest(ReadOnlySpan<byte> nonce, string created, string password) =>
#pragma warning disable CA5350 // The profile says SHA-1, and devices know nothing else.
        Convert.ToBase64String(SHA1.HashData([.. nonce, .. Encoding.UTF8.GetBytes(created), .. Encoding.UTF8.GetBytes(password)]));
#pragma warning restore CA5350
}
