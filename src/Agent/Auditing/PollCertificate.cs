using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Agent.Keys;

namespace Agent.Auditing;

/// <summary>
/// The certificate of the poll API: made by the agent itself at first start and kept with its key like every other secret. Nobody signs
/// for it; whoever asks pins its fingerprint, which <c>status</c> shows.
/// </summary>
internal static class PollCertificate
{
    public const string FileName = "poll.pem";

    const int Years = 10;

    // A machine without a clock battery may start in 1970; a certificate that ended in 1980 would be of no use to anybody.
    static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Opens the certificate of a data directory, making it when there is none.</summary>
    /// <exception cref="KeyFileException">Others may use it, or it is no certificate with its key.</exception>
    public static X509Certificate2 Open(string directory, IPAddress listen, TimeProvider time, ISecretProtection? protection = null)
    {
        var path = Path.Combine(directory, FileName);
        var pem = KeyFile.ReadOrMakeSecret(path, () => Make(listen, time.GetUtcNow()), protection);
        try
        {
            var text = Encoding.ASCII.GetString(pem);
            return OperatingSystem.IsWindows() ? WithKeyForWindows(text) : X509Certificate2.CreateFromPem(text, text);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new KeyFileException(path, "it does not hold a certificate and its key; restore it, or take it away and have the new one pinned", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
        }
    }

    /// <summary>What the asker pins: SHA-256 of the certificate, lower-case hex.</summary>
    public static string FingerprintOf(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));

    static byte[] Make(IPAddress listen, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=retention-agent", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(NamesOf(listen));
        var from = now > Earliest ? now : Earliest;
        using var certificate = request.CreateSelfSigned(from.AddDays(-1), from.AddYears(Years));
        return Encoding.ASCII.GetBytes($"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    static X509Extension NamesOf(IPAddress listen)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in new[] { "localhost", Dns.GetHostName() }.Where(n => Uri.CheckHostName(n) == UriHostNameType.Dns).Distinct(StringComparer.OrdinalIgnoreCase))
            names.AddDnsName(name);
        foreach (var address in AddressesOf(listen).Distinct())
            names.AddIpAddress(address);
        return names.Build();
    }

    static IEnumerable<IPAddress> AddressesOf(IPAddress listen)
    {
        yield return IPAddress.Loopback;
        yield return IPAddress.IPv6Loopback;
        if (!listen.Equals(IPAddress.Any) && !listen.Equals(IPAddress.IPv6Any))
            yield return listen;
        foreach (var card in NetworkInterface.GetAllNetworkInterfaces().Where(c => c.OperationalStatus == OperationalStatus.Up))
            foreach (var address in card.GetIPProperties().UnicastAddresses.Select(u => u.Address).Where(a => !a.IsIPv6LinkLocal))
                yield return address;
    }

    // Windows does not take a key that is only in memory for TLS.
    static X509Certificate2 WithKeyForWindows(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem, pem);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
