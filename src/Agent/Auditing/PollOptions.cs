using System.ComponentModel.DataAnnotations;

namespace Agent.Auditing;

/// <summary>Where the audit server may ask, and who it must prove to be. Without <see cref="Listen"/> nothing listens.</summary>
internal sealed class PollOptions
{
    public const string Section = "poll";

    /// <summary>An address of this machine with its port, for example <c>0.0.0.0:8443</c> or <c>https://[::]:8443</c>.</summary>
    public string? Listen { get; set; }

    /// <summary>SHA-256 of each client certificate that may ask, in hex as <c>openssl x509 -fingerprint -sha256</c> prints it.</summary>
    public IList<string> ClientCertificates { get; set; } = [];

    /// <summary>SHA-256 of each bearer key that may ask, in hex. The key itself is never here.</summary>
    public IList<string> BearerKeys { get; set; } = [];

    /// <summary>How often one address may ask within a minute, with or without a key.</summary>
    [Range(1, 600)]
    public int RequestsPerMinute { get; set; } = 60;
}
