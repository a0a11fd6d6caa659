using System.Buffers;
using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Agent.Evidence.Timelines;
using Microsoft.AspNetCore.Http;

namespace Agent.Auditing;

/// <summary>
/// <c>GET /v1/cameras/{code}/timeline?from=&amp;to=</c>: what was seen of a camera at the last look, stretch by stretch. Time before or after
/// what was looked at is left out; <c>from</c> and <c>to</c> of the answer say what it speaks of.
/// </summary>
internal sealed class TimelineAnswer(FindCamera find)
{
    public const int MostSpans = 5000;

    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public Task GetAsync(HttpContext context)
    {
        if (!TryInstant(context.Request.Query, "from", out var from) || !TryInstant(context.Request.Query, "to", out var to) || from >= to)
            return PollAnswer.RefuseAsync(context, PollRefusal.BadParameter);
        if (find(context.Request.RouteValues["code"] as string ?? "") is not { } camera)
            return PollAnswer.RefuseAsync(context, PollRefusal.UnknownCamera);

        context.Response.ContentType = MediaTypeNames.Application.Json;
        var window = camera.Timeline.Window.Intersect(new TimeRange(from ?? DateTimeOffset.MinValue, to ?? DateTimeOffset.MaxValue));
        return context.Response.BodyWriter.WriteAsync(Json(camera, window), context.RequestAborted).AsTask();
    }

    static ReadOnlyMemory<byte> Json(MeasuredCamera camera, TimeRange window)
    {
        var spans = camera.Timeline.Spans.Select(s => s with { Range = s.Range.Intersect(window) }).Where(s => !s.Range.IsEmpty).Take(MostSpans + 1).ToList();
        var ends = spans.Count > MostSpans ? spans[MostSpans].Range.From : window.To;
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("camera", camera.Code);
        json.WriteString("kind", Word(camera.Kind.ToString()));
        json.WriteString("lookedAt", Text(camera.LookedAt));
        json.WriteString("from", Text(window.From));
        json.WriteString("to", Text(ends));
        json.WriteStartArray("spans");
        foreach (var span in spans.Take(MostSpans))
        {
            json.WriteStartObject();
            json.WriteString("state", Word(span.State.ToString()));
            json.WriteString("from", Text(span.Range.From));
            json.WriteString("to", Text(span.Range.To));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("next", spans.Count > MostSpans ? Text(ends) : null);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    // Absent is fine; an instant without its offset is not, nor one that no clock will show.
    static bool TryInstant(IQueryCollection query, string name, out DateTimeOffset? instant)
    {
        instant = null;
        if (query[name].Count == 0)
            return true;
        if (query[name] is not [{ } text] || !DateTimeOffset.TryParseExact(
                text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var found)
            || text[^1] is not 'Z' && text[^6] is not ('+' or '-'))
            return false;

        instant = found;
        return true;
    }

    static string Word(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
