namespace Agent.Tests.Auditing;

/// <summary>Paths as they are written.</summary>
static class PollRequests
{
    public static Task<HttpResponseMessage> AskAsync(this HttpClient asker, string path) => asker.GetAsync(new Uri(path, UriKind.Relative));

    public static Task<string> ReadAsync(this HttpClient asker, string path) => asker.GetStringAsync(new Uri(path, UriKind.Relative));
}
