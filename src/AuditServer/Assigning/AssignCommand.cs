using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Intake;

namespace AuditServer.Assigning;

/// <summary><c>assign</c>, <c>list-assignments</c> and <c>ask-heartbeat</c>: what an officer has agents do, on the server's host, also while the server runs.</summary>
static class AssignCommand
{
    public const string Usage =
        """
               retention-audit-server assign --data DIR --site SITE --camera CODE --days DAYS
               retention-audit-server list-assignments --data DIR --site SITE
               retention-audit-server ask-heartbeat --data DIR --agent AGENT --due TIME
          --camera, --days      the days that bind this camera from now on, 1 to 400; its agent is told with its next receipt
          --due TIME            when the agent makes a heartbeat, such as 2026-11-23T10:00:00Z; it is told with its next receipt
          With --database or --database-file as the server has them, and as the server's account.
        """;

    const int MostDays = 400;
    const int MostNameLength = 128;

    /// <summary>The first words that belong here.</summary>
    public static readonly string[] Verbs = ["assign", "list-assignments", "ask-heartbeat"];

    static readonly string[] OwnOptions = ["--site", "--camera", "--days", "--agent", "--due"];

    public static int Run(IReadOnlyList<string> arguments, TimeProvider time, TextWriter output, TextWriter errors)
    {
        try
        {
            var own = OwnArguments.Split(arguments, OwnOptions, out var rest);
            var options = ServerOptions.Parse(rest);
            Folders.CreatePrivate(options.Data);
            using var database = AuditServerHost.Database(options);
            database.Prepare();
            var evidence = new EvidenceStore(database, time, Serilog.Core.Logger.None);
            return arguments[0] switch
            {
                "assign" => Assign(evidence, own, time, output, errors),
                "list-assignments" => List(evidence, own, output),
                _ => AskHeartbeat(evidence, own, time, output, errors),
            };
        }
        catch (FormatException e)
        {
            errors.WriteLine($"{e.Message}\n{Usage}");
            return 64;
        }
        catch (Exception e) when (e is DbException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(e.Message);
            return 1;
        }
    }

    static int Assign(EvidenceStore evidence, OwnArguments own, TimeProvider time, TextWriter output, TextWriter errors)
    {
        own.Only("--site", "--camera", "--days");
        var (site, camera) = (Token(own, "--site"), Token(own, "--camera"));
        if (!int.TryParse(own.Required("--days"), NumberStyles.None, CultureInfo.InvariantCulture, out var days) || days is < 1 or > MostDays)
            throw new FormatException($"--days is a whole number from 1 to {MostDays}.");

        var assignment = evidence.Write($"site {site}", sql => AssignmentRows.Assign(sql, site, camera, days, time.GetUtcNow()));
        using var watch = new AssignmentWatch(evidence, time, Serilog.Core.Logger.None);
        var told = evidence.Read(sql => AssignmentRows.AgentsOf(sql, site)).Sum(agent => evidence.Write(agent, sql => watch.Bring(sql, agent, site)));
        output.WriteLine($"{days} days bind camera {camera} of site {site}, assigned {StoredText.Of(assignment.AssignedAt)}.");
        if (told == 0)
            errors.WriteLine("No agent has to be told now: the camera is in no newest heartbeat of this site, or its agent follows already or was told.");
        return 0;
    }

    static int List(EvidenceStore evidence, OwnArguments own, TextWriter output)
    {
        own.Only("--site");
        var site = Token(own, "--site");
        foreach (var assignment in evidence.Read(sql => AssignmentRows.InForce(sql, site)))
            output.WriteLine($"{assignment.Camera}  {assignment.Days} days  assigned {StoredText.Of(assignment.AssignedAt)}");
        return 0;
    }

    static int AskHeartbeat(EvidenceStore evidence, OwnArguments own, TimeProvider time, TextWriter output, TextWriter errors)
    {
        own.Only("--agent", "--due");
        var agent = Token(own, "--agent");
        if (!DateTimeOffset.TryParseExact(own.Required("--due"), "yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var due)
            || !own.Required("--due").EndsWith('Z') || due < time.GetUtcNow())
            throw new FormatException("--due is a time that is still to come, such as 2026-11-23T10:00:00Z.");
        if (evidence.Read(sql => sql.Scalar("SELECT count(*) FROM agents WHERE agent = @agent", ("@agent", agent))) is 0L)
        {
            errors.WriteLine($"No agent {agent} was ever heard of.");
            return 1;
        }

        evidence.Ask(agent, new NextAsk($"n-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}", due));
        output.WriteLine($"Agent {agent} is asked for a heartbeat at {StoredText.Of(due)}.");
        return 0;
    }

    static string Token(OwnArguments own, string option)
    {
        var value = own.Required(option);
        return value.Length <= MostNameLength && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '@' or '-')
            ? value
            : throw new FormatException($"{option} is 1 to {MostNameLength} characters of A-Z a-z 0-9 . _ : @ -");
    }
}
