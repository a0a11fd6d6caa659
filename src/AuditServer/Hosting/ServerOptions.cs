using System.Data.Common;
using System.Globalization;
using AuditServer.Challenging;
using AuditServer.Intake;
using AuditServer.Polling;
using AuditServer.Receipts;
using AuditServer.Silence;

namespace AuditServer.Hosting;

/// <summary>What the command line says. Unknown options are refused: a misspelt one must not be silently without effect.</summary>
sealed record ServerOptions
{
    public const string Usage =
        """
        Usage: retention-audit-server --data DIR [--urls URL[;URL]] [--agents DIR] [--name NAME]
                                      [--database CONNECTION | --database-file FILE] [--policy FILE]
                                      [--tick MINUTES] [--evidence MINUTES] [--grace MINUTES] [--heartbeat MINUTES]
                                      [--poll MINUTES] [--challenge-after SECONDS]
          --data DIR            the receipt key, and the evidence unless --database says otherwise (created when missing)
          --urls URL            where to listen; default http://127.0.0.1:5080
          --agents DIR          pinned agent keys, one *.jwk.json each; default DATA/agents; read again whenever it changes
          --name NAME           this server's name in receipts; default audit-server
          --database CONNECTION evidence in PostgreSQL: "Host=…;Database=…;Username=…". Every user of the machine can read a command
                                line, so a password does not stand here but in --database-file, PGPASSFILE or PGPASSWORD
          --policy FILE         what this server asks of cameras, as JSON (see the runbook); default: what each agent says binds it
          --tick MINUTES        how often an agent says something, at least; default 5
          --evidence MINUTES    how often it sends a heartbeat with all evidence, at least; default 60
          --grace MINUTES       how much longer is waited before it is missed; default 15
          --heartbeat MINUTES   ask agents for a heartbeat with all evidence this often, beside those they make anyway; default: do not
          --poll MINUTES        how often agents with an address (poll-at) are asked; default 15
          --challenge-after SECONDS  ask for footage as young as this, at once and often, to try it out; default: shortly before the
                                required age, once a day of each camera
          --database-file FILE  the same, read from a file that only this server's account can read
        """;

    const int MaxNameLength = 200;
    const int MostMinutes = 7 * 24 * 60;

    static readonly string[] PasswordKeys = ["Password", "PSW", "PWD"];

    public required string Data { get; init; }

    public required string Agents { get; init; }

    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Stands in every receipt as <c>server</c>.</summary>
    public string Name { get; init; } = "audit-server";

    /// <summary>Where the evidence lies when <see cref="Database"/> is null.</summary>
    public string EvidenceFile => Path.Combine(Data, "evidence.db");

    /// <summary>How to reach PostgreSQL; null for the file.</summary>
    public string? Database { get; init; }

    /// <summary>To which agents seal what only this server may open.</summary>
    public string EncryptionKeyFile => Path.Combine(Data, "encryption-key.pem");

    public string KeyFile => Path.Combine(Data, "receipt-key.pem");

    /// <summary>What this server asks of cameras.</summary>
    public OwnPolicy Policy { get; init; } = new();

    /// <summary>When agents are asked for bytes they committed to.</summary>
    public ChallengePlan Challenges { get; init; } = ChallengePlan.Usual;

    /// <summary>Which agents can be asked, and with what.</summary>
    public string PollFolder => Path.Combine(Data, "polls");

    /// <summary>When agents are asked.</summary>
    public PollPlan Polls { get; init; } = PollPlan.Usual;

    /// <summary>How often all evidence is asked for.</summary>
    public HeartbeatCadence Cadence { get; init; } = new(Every: null);

    /// <summary>When an agent is missed.</summary>
    public SilenceLimits Silence { get; init; } = new(TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), TimeSpan.FromMinutes(15));

    /// <exception cref="FormatException">An option is unknown, repeated, without a value, or missing.</exception>
    public static ServerOptions Parse(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (arguments[i] is not ("--data" or "--agents" or "--urls" or "--name" or "--database" or "--database-file" or "--policy" or "--tick" or "--evidence" or "--grace" or "--heartbeat" or "--poll" or "--challenge-after"))
                throw new FormatException($"Unknown option {arguments[i]}.");
            if (i + 1 == arguments.Count || arguments[i + 1].Length == 0)
                throw new FormatException($"{arguments[i]} needs a value.");
            if (!given.TryAdd(arguments[i], arguments[i + 1]))
                throw new FormatException($"{arguments[i]} is given twice.");
        }

        if (!given.TryGetValue("--data", out var data))
            throw new FormatException("--data is missing.");
        if (given.TryGetValue("--name", out var name) && name.Length > MaxNameLength)
            throw new FormatException($"--name is longer than {MaxNameLength} characters.");

        data = Path.GetFullPath(data);
        var options = new ServerOptions
        {
            Data = data,
            Agents = given.TryGetValue("--agents", out var agents) ? Path.GetFullPath(agents) : Path.Combine(data, "agents"),
        };
        return options with
        {
            Urls = given.GetValueOrDefault("--urls", options.Urls),
            Name = name ?? options.Name,
            Database = DatabaseOf(given),
            Silence = new SilenceLimits(Minutes("--tick", options.Silence.Tick), Minutes("--evidence", options.Silence.Evidence), Minutes("--grace", options.Silence.Grace)),
            Cadence = new HeartbeatCadence(given.ContainsKey("--heartbeat") ? Whole("--heartbeat", minutes => TimeSpan.FromMinutes(minutes)) : null),
            Polls = options.Polls with { Every = Minutes("--poll", options.Polls.Every) },
            Challenges = given.ContainsKey("--challenge-after")
                ? new ChallengePlan(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), ChallengePlan.Usual.Patience, Whole("--challenge-after", TimeSpan.FromSeconds))
                : options.Challenges,
            Policy = given.TryGetValue("--policy", out var policy) ? OwnPolicy.Read(policy) : options.Policy,
        };

        TimeSpan Minutes(string option, TimeSpan usual) => given.ContainsKey(option) ? Whole(option, minutes => TimeSpan.FromMinutes(minutes)) : usual;

        TimeSpan Whole(string option, Func<long, TimeSpan> unit) =>
            int.TryParse(given[option], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostMinutes
                ? unit(number)
                : throw new FormatException($"{option} is a whole number from 1 to {MostMinutes}.");
    }

    static string? DatabaseOf(Dictionary<string, string> given)
    {
        if (!given.TryGetValue("--database-file", out var file))
            return given.TryGetValue("--database", out var connection) ? WithoutPassword(connection) : null;
        if (given.ContainsKey("--database"))
            throw new FormatException("--database and --database-file are two answers to one question.");

        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"--database-file cannot be read: {e.Message}", e);
        }
    }

    static string WithoutPassword(string connection)
    {
        try
        {
            var said = new DbConnectionStringBuilder { ConnectionString = connection };
            return PasswordKeys.Any(said.ContainsKey)
                ? throw new FormatException("--database holds a password, and every user of the machine can read a command line. Put it into --database-file.")
                : connection;
        }
        catch (ArgumentException e)
        {
            throw new FormatException("--database is no connection string, such as \"Host=…;Database=…;Username=…\".", e);
        }
    }
}
