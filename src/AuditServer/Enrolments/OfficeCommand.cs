using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using Agent.Evidence.Statements;
using AuditServer.Databases;
using AuditServer.Hosting;
using AuditServer.Polling;
using AuditServer.Sites;

namespace AuditServer.Enrolments;

/// <summary><c>issue-code</c>, <c>list-codes</c>, <c>revoke</c>, <c>poll-at</c> and <c>poll-not</c>: what an officer does on the server's host, also while the server runs.</summary>
static class OfficeCommand
{
    public const string Usage =
        """
               retention-audit-server issue-code --data DIR --site SITE [--days DAYS]
               retention-audit-server list-codes --data DIR
               retention-audit-server revoke --data DIR (--agent AGENT | --kid KEY)
               retention-audit-server poll-at --data DIR --agent AGENT --url URL --fingerprint SHA256 (--bearer-file FILE | --client-certificate FILE)
               retention-audit-server poll-not --data DIR --agent AGENT
          --site SITE           the site whose agent may be enrolled with the code, once
          --days DAYS           how long the code is valid, 1 to 30; default 30
          --agent, --kid        takes back every key of an agent, or one key; what they signed before stays
          --url, --fingerprint  where the agent's poll API is, and SHA-256 of its certificate as the agent's status shows it
          --bearer-file FILE    the key to show, from a file: every user of the machine can read a command line
          --client-certificate FILE  or a certificate with its key to show, PEM; it stays where it is
          With --database, --database-file or --agents as the server has them, and as the server's account.
        """;

    const int MostDays = 30;
    const int MostNameLength = 128;

    /// <summary>The first words that belong here.</summary>
    public static readonly string[] Verbs = ["issue-code", "list-codes", "revoke", "poll-at", "poll-not"];

    static readonly string[] OwnOptions = ["--site", "--days", "--agent", "--kid", "--url", "--fingerprint", "--bearer-file", "--client-certificate"];

    public static int Run(IReadOnlyList<string> arguments, TimeProvider time, TextWriter output, TextWriter errors)
    {
        try
        {
            var own = OwnArguments.Split(arguments, OwnOptions, out var rest);
            var options = ServerOptions.Parse(rest);
            Folders.CreatePrivate(options.Data);
            Folders.CreatePrivate(options.Agents);
            if (arguments[0] is "poll-at" or "poll-not")
                return arguments[0] == "poll-at" ? PollAt(options, own, output) : PollNot(options, own, output, errors);

            using var database = AuditServerHost.Database(options);
            database.Prepare();
            return arguments[0] switch
            {
                "issue-code" => Issue(database, own, time.GetUtcNow(), output),
                "list-codes" => List(database, own, time.GetUtcNow(), output),
                _ => Revoke(database, options, own, time, output, errors),
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

    static int Issue(IEvidenceDatabase database, OwnArguments own, DateTimeOffset now, TextWriter output)
    {
        own.Only("--site", "--days");
        var site = own.Required("--site");
        if (site.Length > MostNameLength || !site.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '@' or '-'))
            throw new FormatException($"--site is 1 to {MostNameLength} characters of A-Z a-z 0-9 . _ : @ -");
        var days = MostDays;
        if (own.Of("--days") is { } text && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) && days is >= 1 and <= MostDays))
            throw new FormatException($"--days is a whole number from 1 to {MostDays}.");

        var code = EnrolmentCode.FromRandom(RandomNumberGenerator.GetBytes(EnrolmentCode.RandomBytes));
        using (var sql = new SqlSession(database.Open()))
            EnrolmentRows.Issue(sql, new IssuedCode(code.Id, site, code.ProofKey(), now, now.AddDays(days), Wrong: 0, Spent: null));
        output.WriteLine(code.Reveal());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"For one agent of site {site}, until {now.AddDays(days):yyyy-MM-dd HH:mm}Z. It is shown this once; whoever holds it can enrol."));
        return 0;
    }

    static int List(IEvidenceDatabase database, OwnArguments own, DateTimeOffset now, TextWriter output)
    {
        own.Only();
        using var sql = new SqlSession(database.Open());
        foreach (var (code, agent) in EnrolmentRows.List(sql))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{code.Code}  {code.Site}  issued {code.Issued:yyyy-MM-dd HH:mm}Z  valid until {code.Expires:yyyy-MM-dd HH:mm}Z  {StateOf(code, agent, now)}"));
        return 0;
    }

    static string StateOf(IssuedCode code, string? agent, DateTimeOffset now) => code switch
    {
        { Spent: { } spent } => string.Create(CultureInfo.InvariantCulture, $"used {spent:yyyy-MM-dd HH:mm}Z by {agent}"),
        { IsVoid: true } => "void after too many wrong proofs",
        _ when now >= code.Expires => "expired",
        { Wrong: > 0 } => string.Create(CultureInfo.InvariantCulture, $"open, {code.Wrong} wrong proof(s)"),
        _ => "open",
    };

    static int Revoke(IEvidenceDatabase database, ServerOptions options, OwnArguments own, TimeProvider time, TextWriter output, TextWriter errors)
    {
        own.Only("--agent", "--kid");
        if (own.Count != 1)
            throw new FormatException("revoke needs --agent or --kid.");

        var pinned = new PinnedAgents(options.Agents, Serilog.Core.Logger.None);
        var keys = new BelievedKeys(pinned, new KeyEndings(database, time), database);
        using var sql = new SqlSession(database.Open());
        var kid = own.Of("--kid");
        var agent = own.Of("--agent") ?? keys.Find(kid!)?.Agent;
        if (agent is null)
            return NotKnown();

        List<string> found = kid is not null
            ? [kid]
            : [.. EnrolmentRows.KeysOf(sql, agent).Concat(pinned.All().Where(pin => pin.Agent == agent).Select(pin => pin.Key.Thumbprint)).Distinct(StringComparer.Ordinal)];
        if (found.Count == 0)
            return NotKnown();

        foreach (var key in found)
            output.WriteLine($"Key {key} of agent {agent} {(EnrolmentRows.Revoke(sql, key, agent, time.GetUtcNow()) ? "is" : "was already")} revoked.");
        return 0;

        int NotKnown()
        {
            errors.WriteLine($"No {(kid is null ? "agent" : "key")} {kid ?? agent} is known.");
            return 1;
        }
    }

    static int PollAt(ServerOptions options, OwnArguments own, TextWriter output)
    {
        own.Only("--agent", "--url", "--fingerprint", "--bearer-file", "--client-certificate");
        var bearer = own.Of("--bearer-file") is { } file ? File.ReadAllText(file).Trim() : null;
        var certificate = own.Of("--client-certificate") is { } pem ? Path.GetFullPath(pem) : null;
        PollTarget target;
        try
        {
            target = PollTarget.Of(Given("--agent"), Given("--url"), Given("--fingerprint"), bearer, certificate);
        }
        catch (FormatException e)
        {
            throw new FormatException($"This cannot be asked: {e.Message}.", e);
        }

        new PollTargets(options.PollFolder, Serilog.Core.Logger.None).Set(target);
        output.WriteLine($"Agent {target.Agent} is asked at {target.Url} from the next round on.");
        return 0;

        string Given(string option) => own.Of(option) ?? throw new FormatException($"{option} is missing");
    }

    static int PollNot(ServerOptions options, OwnArguments own, TextWriter output, TextWriter errors)
    {
        own.Only("--agent");
        var agent = own.Required("--agent");
        if (!new PollTargets(options.PollFolder, Serilog.Core.Logger.None).Remove(agent))
        {
            errors.WriteLine($"Agent {agent} was not asked anywhere.");
            return 1;
        }

        output.WriteLine($"Agent {agent} is not asked any longer.");
        return 0;
    }
}
