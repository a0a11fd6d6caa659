using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Agent.Auditing;
using NUnit.Framework;

namespace Agent.Tests.Auditing;

/// <summary>The document that is served describes what is served.</summary>
internal sealed class OpenApiTests
{
    [Test]
    public async Task The_document_has_exactly_the_paths_that_are_answered()
    {
        await using var poll = await PollFixture.StartAsync();
        var document = await DocumentAsync(poll);

        Assert.That(
            document.GetProperty("paths").EnumerateObject().Select(p => p.Name), Is.EquivalentTo(poll.Listener.Paths()));
        Assert.That(
            document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("code").GetProperty("enum")
                .EnumerateArray().Select(c => c.GetString()), Is.EqualTo(Enum.GetNames<PollRefusal>()));
    }

    [TestCase("/v1/attestation", "?nonce=0123456789abcdef012345", 200)]
    [TestCase("/v1/attestation", "?nonce=0", 400)]
    [TestCase("/v1/heartbeats", "?after=0", 200)]
    [TestCase("/v1/heartbeats", "", 400)]
    [TestCase("/v1/heartbeats", "?after=9999", 409)]
    [TestCase("/v1/ledger", "?after=0", 200)]
    [TestCase("/v1/ledger", "?after=0&epoch=00000000-0000-0000-0000-000000000001", 404)]
    [TestCase("/v1/cameras/{code}/timeline", "", 200)]
    [TestCase("/.well-known/jwks.json", "", 200)]
    [TestCase("/openapi.json", "", 200)]
    public async Task An_answer_is_what_the_document_says_of_it(string path, string query, int status)
    {
        await using var poll = await PollFixture.StartAsync();
        PollAnswersTests.Fill(poll.Agent);
        var document = await DocumentAsync(poll);

        using var answer = await poll.Asker().AskAsync(path.Replace("{code}", PollFixture.Camera, StringComparison.Ordinal) + query);

        Assert.That((int)answer.StatusCode, Is.EqualTo(status));
        var response = document.GetProperty("paths").GetProperty(path).GetProperty("get").GetProperty("responses").GetProperty(status.ToString(CultureInfo.InvariantCulture));
        var content = response.GetProperty("content").EnumerateObject().Single();
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo(content.Name));
        var text = await answer.Content.ReadAsStringAsync();
        var values = content.Name == "application/jsonl" ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [text];
        Assert.That(values, Is.Not.Empty);
        Assert.That(values.SelectMany(v => Faults(document, content.Value.GetProperty("schema"), JsonDocument.Parse(v).RootElement, "")), Is.Empty);
    }

    [TestCase("""{"title":"t","status":"400","code":"BadNonce"}""", "/status is not integer")]
    [TestCase("""{"title":"t","status":400}""", " lacks code")]
    [TestCase("""{"title":"t","status":400,"code":"Odd"}""", "/code is none of its values")]
    [TestCase("""{"title":"t","status":400,"code":"BadNonce","detail":""}""", " has an unknown detail")]
    public async Task A_departure_from_the_document_would_be_found(string json, string fault)
    {
        await using var poll = await PollFixture.StartAsync();
        var document = await DocumentAsync(poll);
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem");

        Assert.That(Faults(document, schema, JsonDocument.Parse(json).RootElement, ""), Is.EqualTo(new[] { fault }));
    }

    static async Task<JsonElement> DocumentAsync(PollFixture poll) => JsonDocument.Parse(await poll.Asker(key: null).ReadAsync("/openapi.json")).RootElement;

    /// <summary>What of a value is not as a schema says; as much of JSON Schema as the document uses.</summary>
    static IEnumerable<string> Faults(JsonElement document, JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Faults(document, reference.GetString()!.Split('/')[1..].Aggregate(document, (e, name) => e.GetProperty(name)), value, at);

        var faults = new List<string>();
        if (schema.TryGetProperty("type", out var type) && !(type.ValueKind == JsonValueKind.Array ? type.EnumerateArray() : Enumerable.Repeat(type, 1)).Any(t => HasType(t.GetString()!, value)))
            faults.Add($"{at} is not {type}");
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)))
            faults.Add($"{at} is none of its values");
        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(value.GetString()!, pattern.GetString()!))
            faults.Add($"{at} does not fit its pattern");
        if (value.ValueKind == JsonValueKind.String && schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" && !value.TryGetDateTimeOffset(out _))
            faults.Add($"{at} is no time");
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            faults.AddRange(value.EnumerateArray().SelectMany((item, i) => Faults(document, items, item, $"{at}/{i}")));
        if (value.ValueKind == JsonValueKind.Object)
            faults.AddRange(FaultsOfObject(document, schema, value, at));
        return faults;
    }

    static IEnumerable<string> FaultsOfObject(JsonElement document, JsonElement schema, JsonElement value, string at)
    {
        var known = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToDictionary(p => p.Name, p => p.Value) : [];
        foreach (var name in schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(r => r.GetString()!) : [])
            if (!value.TryGetProperty(name, out _))
                yield return $"{at} lacks {name}";
        foreach (var member in value.EnumerateObject())
            if (known.TryGetValue(member.Name, out var inner))
                foreach (var fault in Faults(document, inner, member.Value, $"{at}/{member.Name}"))
                    yield return fault;
            else if (schema.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False)
                yield return $"{at} has an unknown {member.Name}";
    }

    static bool HasType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new ArgumentException($"The document uses {type}, which this check does not know."),
    };
}
