namespace FakeRecorder.Soap;

/// <summary>Thrown where a question is answered with a SOAP fault.</summary>
/// <param name="subcodes">Of the ter: namespace, without prefix, the general one first.</param>
internal sealed class SoapFaultException(string text, params string[] subcodes) : Exception(text)
{
    public IReadOnlyList<string> Subcodes => subcodes;

    /// <summary>The recorder's fault, not the asker's: HTTP 500.</summary>
    public bool IsReceivers { get; init; }

    public static SoapFaultException NotAuthorized(string text = "Sender not authorized") => new(text, "NotAuthorized");

    public static SoapFaultException InvalidToken(string text) => new(text, "InvalidArgVal", "InvalidToken");

    public static SoapFaultException NoRecording(string token) => new($"No recording {token}", "InvalidArgVal", "NoRecording");

    public static SoapFaultException NotSupported(string operation) => new($"{operation} is not supported", "ActionNotSupported") { IsReceivers = true };

    public static SoapFaultException ResourceProblem() => new("No more search sessions", "Action", "ResourceProblem") { IsReceivers = true };
}
