using System.Text.Json;
using Agent.Evidence.Chain;
using AuditServer.Challenging;
using AuditServer.Intake;
using AuditServer.Sites;

namespace AuditServer.Fleet;

/// <summary><c>GET /v1/sites/{id}</c>: what one site said and what was thought of it, newest first.</summary>
sealed class SiteHistory(BelievedKeys keys, EvidenceStore evidence)
{
    const int UsualPage = 50;
    const int LargestPage = 500;
    const int MostFindings = 200;
    const int MostChallenges = 200;

    public static void Map(WebApplication server) => server.MapGet("/v1/sites/{id}", (string id, string? before, int? count, SiteHistory history) => history.Read(id, before, count));

    IResult Read(string site, string? before, int? count)
    {
        var place = before is null ? null : HistoryPlace.Parse(before);
        if ((before is not null && place is null) || count is < 1 or > LargestPage)
            return Results.Problem($"\"before\" is what stood in \"next\" of another page, and \"count\" is 1 to {LargestPage}.", statusCode: StatusCodes.Status400BadRequest);

        var most = count ?? UsualPage;
        var statements = evidence.History(site, place, most);
        if (statements.Count == 0 && place is null && keys.All().All(pin => pin.Site != site))
            return Results.Problem("This site is not known here.", statusCode: StatusCodes.Status404NotFound);

        return Results.Json(new
        {
            site,
            findings = place is null ? evidence.Findings(site, MostFindings) : [],
            challenges = place is null ? evidence.Read(sql => CommitmentRows.AskedOf(sql, site, MostChallenges)) : [],
            statements = statements.Select(s => Shown(s.Statement)),
            next = statements.Count < most ? null : statements[^1].Place.ToString(),
        });
    }

    static object Shown(StoredStatement statement)
    {
        var entry = EntryCodec.Decode(statement.EntryBytes);
        return new
        {
            agent = entry.Agent,
            epoch = entry.Epoch,
            seq = entry.Seq,
            kind = entry.Type,
            time = entry.Time,
            receivedAt = statement.ReceivedAt,
            statement = JsonElement.Parse(entry.Body.Span),
            verdicts = statement.Verdicts,
            receipt = FleetView.PayloadOf(statement.Receipt),
            receiptJws = statement.Receipt,
        };
    }
}
