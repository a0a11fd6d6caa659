using System.Net.Http.Headers;
using System.Text;
using FakeRecorder;

namespace Agent.Tests.FakeRecorders;

/// <summary>Asks a made-up recorder with nothing of the agent's in between.</summary>
internal static class RawClient
{
    public const string Device = "http://www.onvif.org/ver10/device/wsdl";
    public const string Search = "http://www.onvif.org/ver10/search/wsdl";
    public const string Recording = "http://www.onvif.org/ver10/recording/wsdl";
    public const string Replay = "http://www.onvif.org/ver10/replay/wsdl";

    const string Security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    const string Utility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    /// <summary>Sends one operation and returns status, body and what the body is called; what went wrong on the way is the exception's.</summary>
    public static async Task<(int Status, string Body, string? Type)> AskAsync(RunningRecorder recorder, string service, string operation, string content = "", string header = "", string? authorization = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = 3_000_000 };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(recorder.Address, $"/onvif/{service.Split('/')[^2]}_service"));
        request.Content = new StringContent(
            $"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:tt=\"http://www.onvif.org/ver10/schema\"><s:Header>{header}</s:Header><s:Body><x:{operation} xmlns:x=\"{service}\">{content}</x:{operation}></s:Body></s:Envelope>",
            Encoding.UTF8, MediaTypeHeaderValue.Parse("application/soap+xml; charset=utf-8"));
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>A token for the SOAP header, as the recorder wants it.</summary>
    public static string Token(RecorderLogin login, string nonce, string created)
    {
#pragma warning disable CA5350 // It is what recorders speak.
        var digest = Convert.ToBase64String(System.Security.Cryptography.SHA1.HashData([.. Encoding.UTF8.GetBytes(nonce), .. Encoding.UTF8.GetBytes(created + login.Password)]));
#pragma warning restore CA5350
        return $"<o:Security xmlns:o=\"{Security}\" xmlns:u=\"{Utility}\"><o:UsernameToken><o:Username>{login.User}</o:Username><o:Password Type=\"x#PasswordDigest\">{digest}</o:Password>" +
            $"<o:Nonce>{Convert.ToBase64String(Encoding.UTF8.GetBytes(nonce))}</o:Nonce><u:Created>{created}</u:Created></o:UsernameToken></o:Security>";
    }

    public static string FindEvents(DateTimeOffset from, DateTimeOffset to) =>
        $"<x:StartPoint>{from:yyyy-MM-dd'T'HH:mm:ss'Z'}</x:StartPoint><x:EndPoint>{to:yyyy-MM-dd'T'HH:mm:ss'Z'}</x:EndPoint><x:Scope/><x:SearchFilter/><x:IncludeStartState>true</x:IncludeStartState><x:KeepAliveTime>PT60S</x:KeepAliveTime>";

    public static string Results(string token) => $"<x:SearchToken>{token.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)}</x:SearchToken>";
}
