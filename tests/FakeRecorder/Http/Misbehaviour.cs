using System.Text;
using System.Xml.Linq;
using FakeRecorder.Answers;
using FakeRecorder.Soap;

namespace FakeRecorder.Http;

/// <summary>The faults of the connection and of what comes over it.</summary>
internal static class Misbehaviour
{
    const int Huge = 64 * 1024 * 1024;
    const int Block = 8192;
    const int Deep = 100_000;

    static readonly byte[] Opening = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>"u8.ToArray();
    static readonly byte[] Closing = "</s:Body></s:Envelope>"u8.ToArray();

    /// <summary>Misbehaves instead of answering.</summary>
    /// <returns>False where this fault leaves the answer to others.</returns>
    public static async Task<bool> TakesOverAsync(Fault? fault, Stream stream, HttpReply reply, TimeProvider clock, CancellationToken stopping)
    {
        switch (fault)
        {
            case Fault.Stall:
                await ForeverAsync(clock, stopping);
                return true;
            case Fault.StallInHeaders:
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Ty"u8.ToArray(), stopping);
                await ForeverAsync(clock, stopping);
                return true;
            case Fault.StallInBody:
                await WriteAsync(stream, reply, Length(reply), reply.Body.AsMemory(0, reply.Body.Length / 2), stopping);
                await ForeverAsync(clock, stopping);
                return true;
            case Fault.Trickle:
                await stream.WriteAsync(ReplyWriter.Head(reply, Length(reply)), stopping);
                foreach (var each in reply.Body)
                {
                    await stream.WriteAsync(new[] { each }, stopping);
                    await Task.Delay(TimeSpan.FromSeconds(1), clock, stopping);
                }

                return true;
            case Fault.ClosesAtOnce:
                return true;
            case Fault.HalfReply:
                await WriteAsync(stream, reply, Length(reply), reply.Body.AsMemory(0, reply.Body.Length / 2), stopping);
                return true;
            case Fault.EndlessBody:
                await stream.WriteAsync(ReplyWriter.Head(reply, "Transfer-Encoding: chunked\r\n"), stopping);
                await ReplyWriter.WriteChunkAsync(stream, Opening, stopping);
                while (!stopping.IsCancellationRequested)
                    await ReplyWriter.WriteChunkAsync(stream, Encoding.ASCII.GetBytes(new string(' ', Block)), stopping);
                return true;
            case Fault.HugeBody:
                await stream.WriteAsync(ReplyWriter.Head(reply, $"Content-Length: {Opening.Length + Huge + Closing.Length}\r\n"), stopping);
                await stream.WriteAsync(Opening, stopping);
                var spaces = Encoding.ASCII.GetBytes(new string(' ', Block));
                for (var written = 0; written < Huge; written += Block)
                    await stream.WriteAsync(spaces, stopping);
                await stream.WriteAsync(Closing, stopping);
                return true;
            case Fault.EndlessHeaders:
                await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stopping);
                while (!stopping.IsCancellationRequested)
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-More: {new string('x', 4000)}\r\n"), stopping);
                return true;
            case Fault.NotHttp:
                await stream.WriteAsync("SSH-2.0-dropbear\r\n"u8.ToArray(), stopping);
                return true;
            default:
                return false;
        }
    }

    /// <summary>What comes instead of the answer.</summary>
    public static HttpReply Instead(Fault? fault, HttpReply reply, Recorder recorder)
    {
        var quirks = recorder.Quirks;
        HttpReply Soap(string body) => HttpReply.Soap(200, Encoding.UTF8.GetBytes(body), quirks);
        switch (fault)
        {
            case Fault.RedirectsElsewhere:
                return new(307, "text/html", []) { Headers = [KeyValuePair.Create("Location", recorder.Script.Elsewhere.ToString())] };
            case Fault.EmptyBody:
                return HttpReply.Soap(200, [], quirks);
            case Fault.NotXml:
                return Soap("{\"error\": \"this is no XML\"}");
            case Fault.WrongContentType:
                return reply with { ContentType = "image/jpeg" };
            case Fault.DtdBomb:
                return Soap("""
                    <?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
                    <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">]>
                    <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&f;</s:Body></s:Envelope>
                    """);
            case Fault.ExternalEntity:
                return Soap("""
                    <?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>
                    <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&a;</s:Body></s:Envelope>
                    """);
            case Fault.DeepNesting:
                return Soap($"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>{string.Concat(Enumerable.Repeat("<a>", Deep))}{string.Concat(Enumerable.Repeat("</a>", Deep))}</s:Body></s:Envelope>");
            case Fault.WrongAnswer:
                return HttpReply.Soap(200, recorder.Writer.Write(new XElement(Namespaces.Device + "GetHostnameResponse", new XElement(Namespaces.Device + "HostnameInformation"))), quirks);
            default:
                return reply;
        }
    }

    static string Length(HttpReply reply) => $"Content-Length: {reply.Body.Length}\r\n";

    static async Task WriteAsync(Stream stream, HttpReply reply, string headers, ReadOnlyMemory<byte> body, CancellationToken stopping)
    {
        await stream.WriteAsync(ReplyWriter.Head(reply, headers), stopping);
        await stream.WriteAsync(body, stopping);
        await stream.FlushAsync(stopping);
    }

    static Task ForeverAsync(TimeProvider clock, CancellationToken stopping) => Task.Delay(Timeout.InfiniteTimeSpan, clock, stopping);
}
