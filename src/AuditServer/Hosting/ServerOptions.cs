namespace AuditServer.Hosting;

/// <summary>What the command line says. Unknown options are refused: a misspelt one must not be silently without effect.</summary>
sealed record ServerOptions
{
    public const string Usage =
        """
        Usage: retention-audit-server --data DIR [--urls URL[;URL]] [--agents DIR] [--name NAME]
          --data DIR    evidence, receipts and the receipt key (created when missing)
          --urls URL    where to listen; default http://127.0.0.1:5080
          --agents DIR  pinned agent keys, one *.jwk.json each; default DATA/agents; read again whenever it changes
          --name NAME   this server's name in receipts; default audit-server
        """;

    const int MaxNameLength = 200;

    public required string Data { get; init; }

    public required string Agents { get; init; }

    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>Stands in every receipt as <c>server</c>.</summary>
    public string Name { get; init; } = "audit-server";

    public string Database => Path.Combine(Data, "evidence.db");

    public string KeyFile => Path.Combine(Data, "receipt-key.pem");

    /// <exception cref="FormatException">An option is unknown, repeated, without a value, or missing.</exception>
    public static ServerOptions Parse(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (arguments[i] is not ("--data" or "--agents" or "--urls" or "--name"))
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
        return options with { Urls = given.GetValueOrDefault("--urls", options.Urls), Name = name ?? options.Name };
    }
}
