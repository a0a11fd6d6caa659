using System.Globalization;
using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Demo;

/// <summary>Prints what the audit server knows: a table of cameras, and who signed what. Plain text when piped.</summary>
internal sealed class AnswerText
{
    // Whoever pipes the output reads it without a terminal's edge.
    const int PipedWidth = 150;

    const int RoomForReasons = 110;

    static readonly int[] Days = [7, 15, 30];

    readonly IAnsiConsole _console = AnsiConsole.Console;

    public AnswerText()
    {
        if (Console.IsOutputRedirected)
            _console.Profile.Width = PipedWidth;
    }

    /// <summary>The verdicts of every camera and the reasons for them: beside each other where there is room, else below.</summary>
    public void Write(SiteAnswer answer)
    {
        var isWide = _console.Profile.Width >= RoomForReasons;
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded, ShowRowSeparators = isWide };
        table.AddColumn(Whole("camera")).AddColumn(Whole("unbroken for"));
        foreach (var days in Days)
            table.AddColumn(Whole(days == answer.Heartbeat.Cameras[0].Policy.RequiredDays ? $"{days} d, required" : $"{days} d"));
        if (isWide)
            table.AddColumn("why");
        foreach (var camera in MadeUpCamera.All)
            table.AddRow(RowOf(camera, answer.Of(camera), isWide));

        _console.WriteLine();
        _console.Write(table);
        if (!isWide)
            foreach (var camera in MadeUpCamera.All)
                _console.WriteLine($"{camera.Name} ({camera.Story}): {Because(answer.Of(camera))}.");
        _console.WriteLine("Nobody has said when the first three cameras were installed, so for 30 d the agent does not guess.");
        _console.WriteLine($"Times are those of {SiteConfiguration.Zone.Id}. A technical measurement, not a finding of violation.");
    }

    /// <summary>Who signed what, and whether the other side came to the same.</summary>
    /// <param name="answer">What the audit server shows.</param>
    /// <param name="agentKey">Thumbprint of the agent's key.</param>
    public void WriteProof(SiteAnswer answer, string agentKey)
    {
        _console.WriteLine();
        Add("heartbeat", $"number {answer.Seq.ToString(CultureInfo.InvariantCulture)} of the ledger of {answer.Receipt.Agent}, as of {Time(answer.Heartbeat.AsOf)}");
        Add("signed by", $"the agent, key {agentKey}");
        Add("receipt", $"{Time(answer.Receipt.ReceivedAt)}, {Findings(answer.Receipt)}");
        Add("signed by", $"{answer.Receipt.Server}, key {answer.ReceiptKey}");
        Add("judged again", $"recomputed by the audit server from the evidence: {Words(answer.Receipt.Judged)}");

        static void Add(string name, string value) => Console.Out.WriteLine($"{name,-12}  {value}");
    }

    static TableColumn Whole(string header) => new TableColumn(header).NoWrap();

    static IEnumerable<IRenderable> RowOf(MadeUpCamera camera, CameraStatement? stated, bool isWide)
    {
        var name = new Paragraph(camera.Name, new Style(decoration: Decoration.Bold));
        yield return isWide ? name.Append($"\n{camera.Story}") : name;
        yield return new Text(stated?.Claimed.ContinuousAge is { } age ? PlainWords.Span(age) : "not seen");
        foreach (var days in Days)
            yield return stated?.Claimed.Thresholds.FirstOrDefault(t => t.Days == days) is { } threshold ? Coloured(threshold.Verdict) : new Text("-");
        if (isWide)
            yield return new Text(Because(stated));
    }

    static string Because(CameraStatement? stated) => stated is null ? "the heartbeat is silent about it" : PlainWords.Why(stated, stated.Policy.RequiredDays);

    static Text Coloured(Verdict verdict) => new(verdict.ToString(), new Style(verdict switch
    {
        Verdict.Met => Color.Green,
        Verdict.Maturing => Color.Aqua,
        Verdict.Interrupted => Color.Yellow,
        Verdict.Breached => Color.Red,
        _ => Color.Grey,
    }));

    static string Findings(Receipt receipt) => receipt.Findings.IsEmpty
        ? "signature and chain hold, nothing else noticed"
        : $"signature and chain hold; noticed: {string.Join(", ", receipt.Findings.Select(f => f.Code))}";

    /// <summary>The word for what judging again came to.</summary>
    public static string Words(ServerJudgement judged) => judged switch
    {
        ServerJudgement.Agrees => "agrees",
        ServerJudgement.Differs => "differs",
        _ => "not judged",
    };

    static string Time(DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, SiteConfiguration.Zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
