namespace Agent.Probing.Onvif;

/// <summary>Why a recorder gave no usable answer. A value: the world may do all of this at any time.</summary>
/// <param name="Code">What.</param>
/// <param name="Words">In plain words, printable, without a name or a secret of the recorder.</param>
internal sealed record SoapFailure(ProblemCode Code, string Words)
{
    /// <summary>The fault's codes from the outermost to the innermost, without prefixes; empty when it was no fault.</summary>
    public IReadOnlyList<string> FaultCodes { get; init; } = [];

    /// <summary>Nobody will answer anything else either: the recorder is away, or does not let us in.</summary>
    public bool IsFinal => Code is ProblemCode.RecorderUnreachable or ProblemCode.RecorderTimedOut or ProblemCode.LoginRefused or ProblemCode.WantsBasic
        or ProblemCode.RecorderRedirects or ProblemCode.UntrustedCertificate;

    public bool Has(string faultCode) => FaultCodes.Contains(faultCode, StringComparer.OrdinalIgnoreCase);
}
