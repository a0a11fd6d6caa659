namespace Agent.Tests.Repository;

/// <summary>Who may use whom. An area is a folder of <c>src/Agent</c> or <c>src/Agent.Evidence</c>, or a whole other project.</summary>
internal static class ImportTable
{
    public static readonly string[] Evidence =
        ["Evidence.Timelines", "Evidence.Verdicts", "Evidence.Chain", "Evidence.Statements"];

    static readonly string[] EveryFeature =
        ["Keys", "Recorders", "Probing", "Ledger", "Rounds", "Delivery", "Status", "Auditing", .. Evidence];

    public static readonly IReadOnlyDictionary<string, string[]> Allowed = new Dictionary<string, string[]>
    {
        ["Evidence.Timelines"] = [],
        ["Evidence.Verdicts"] = ["Evidence.Timelines"],
        ["Evidence.Chain"] = [],
        ["Evidence.Statements"] = ["Evidence.Timelines", "Evidence.Verdicts", "Evidence.Chain"],
        ["Keys"] = Evidence,
        ["Recorders"] = ["Keys", .. Evidence],
        ["Probing"] = ["Recorders", .. Evidence],
        ["Ledger"] = ["Keys", .. Evidence],
        ["Rounds"] = ["Recorders", "Probing", "Ledger", .. Evidence],
        ["Delivery"] = ["Keys", "Ledger", .. Evidence],
        ["Status"] = ["Recorders", "Rounds", "Ledger", "Delivery", .. Evidence],
        ["Auditing"] = ["Keys", "Ledger", "Recorders", "Probing", "Status", .. Evidence],
        ["Hosting"] = EveryFeature,
        ["Cli"] = ["Hosting", .. EveryFeature],
        ["Program.cs"] = ["Cli", "Hosting", .. EveryFeature],
        ["AuditServer"] = Evidence,
        ["Demo"] = Evidence,
    };

    public static IEnumerable<string> Violations(CodeModel code) =>
        code.Files.SelectMany(MisplacedFile).Concat(code.Uses.SelectMany(ForbiddenUse)).Distinct();

    static IEnumerable<string> MisplacedFile(SourceFile file)
    {
        if (!Allowed.ContainsKey(AreaOf(file)))
            yield return $"{file.Path} is in '{AreaOf(file)}', which is not in the table of who may use whom";
    }

    static IEnumerable<string> ForbiddenUse(CodeModel.Use use)
    {
        var from = AreaOf(use.File);
        if (AreaOf(use.Namespace) is not { } to || to == from || !Allowed.TryGetValue(from, out var allowed))
            yield break;
        if (!allowed.Contains(to))
            yield return $"{use}: {from} may not use {to}";
    }

    static string AreaOf(SourceFile file) => file.Path.Split('/') switch
    {
        ["src", "Agent.Evidence", var folder, ..] => "Evidence." + folder,
        ["src", "Agent", var folderOrFile, ..] => folderOrFile,
        ["src", var project, ..] => project,
        _ => file.Path,
    };

    /// <summary>The area a namespace belongs to; null for other people's and for the roots, which hold nothing to use.</summary>
    static string? AreaOf(string name) => name.Split('.') switch
    {
        ["Agent", "Evidence", var folder, ..] => "Evidence." + folder,
        ["Agent", "Evidence"] => null,
        ["Agent", var folder, ..] => folder,
        ["AuditServer" or "Demo", ..] => name.Split('.')[0],
        _ => null,
    };
}
