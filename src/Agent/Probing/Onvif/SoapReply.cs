using System.Diagnostics.CodeAnalysis;

namespace Agent.Probing.Onvif;

/// <summary>What came of one call: the element inside the reply's body, or why there is none.</summary>
internal sealed class SoapReply
{
    SoapReply(SoapElement? answer, SoapFailure? failure) => (Answer, Failure) = (answer, failure);

    /// <summary>Such as GetServicesResponse; null exactly when there is a failure.</summary>
    public SoapElement? Answer { get; }

    public SoapFailure? Failure { get; }

    public static SoapReply Of(SoapElement answer) => new(answer, null);

    public static SoapReply Failed(SoapFailure failure) => new(null, failure);

    public bool Succeeded([NotNullWhen(true)] out SoapElement? answer, [NotNullWhen(false)] out SoapFailure? failure)
    {
        (answer, failure) = (Answer, Failure);
        return answer is not null;
    }
}
