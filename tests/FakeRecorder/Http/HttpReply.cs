namespace FakeRecorder.Http;

/// <summary>An answer before it is written.</summary>
internal sealed record HttpReply(int Status, string ContentType, byte[] Body)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public string Reason => Status switch
    {
        200 => "OK",
        302 => "Found",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "Internal Server Error",
    };

    public static HttpReply Soap(int status, byte[] body, Quirks quirks) => new(status, quirks.ContentType, body);
}
