using System.CommandLine;
using Agent.Delivery;
using Agent.Evidence.Chain;
using Agent.Evidence.Statements;
using Agent.Hosting;
using Agent.Keys;
using Agent.Ledger;
using Agent.Probing.Files.Volumes;
using Agent.Recorders;

namespace Agent.Cli;

/// <summary><c>enrol</c>: has an audit server take this agent in, also while the service runs.</summary>
internal sealed class EnrolCommand(TimeProvider time)
{
    const string FromInput = "-";

    readonly Option<string> _url = new("--url") { HelpName = "URL", Required = true, Description = "The audit server, such as https://audit.example" };
    readonly Option<string> _code = new("--code") { HelpName = "CODE", Required = true, Description = "The code from the authority; - reads it from standard input, so that nobody sees it in the list of processes" };
    readonly Option<string> _config = new("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };

    public static Command Build(TimeProvider time)
    {
        var enrol = new EnrolCommand(time);
        var command = new Command("enrol", "Have an audit server take this agent in") { enrol._url, enrol._code, enrol._config };
        command.SetAction(enrol.RunAsync);
        return command;
    }

    async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var url = parsed.GetValue(_url)!;
        if (UpstreamOptionsValidator.UrlMistake(url) is { } mistake)
        {
            await Console.Error.WriteLineAsync($"--url: it {mistake}");
            return ExitCodes.Usage;
        }

        try
        {
            return await EnrolAsync(AgentConfiguration.Read(parsed.GetValue(_config)!), new Uri(url), await CodeAsync(parsed.GetValue(_code)!, cancel), cancel);
        }
        catch (Exception e) when (e is ConfigurationException or KeyFileException or LedgerRefusedException or LedgerDamagedException or LedgerWriteException
            or FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }
    }

    async Task<int> EnrolAsync(AgentConfiguration configuration, Uri server, EnrolmentCode code, CancellationToken cancel)
    {
        var directory = configuration.Options.DataDirectory;
        RefuseLentKey(directory);
        using var identity = AgentIdentity.Open(directory, configuration.Options.Site.Id);
        if (identity.HasUnsettledRotation)
            throw new KeyFileException(Path.Combine(directory, SigningKey.FileName), "the key is just being changed, or a change was interrupted; start the service or run 'key rotate', then enrol");

        // Beside a service that runs, the ledger is the service's to mend.
        using var alone = SingleInstance.TakeIfFree(configuration);
        using var ledger = LedgerStore.Open(directory, identity, time, mend: alone is not null);
        var reply = await EnrolmentClient.AskAsync(server, RequestOf(configuration, identity, ledger, code), code, (bytes, type) => identity.Key.Sign(bytes, type), cancel);
        if (reply.Answer is not { } answer)
        {
            await Console.Error.WriteLineAsync(reply.Reason);
            return ExitCodes.Failed;
        }

        EnrolledServer.Keep(directory, reply.Bytes);
        ledger.Append(EntryTypes.Enrol, EntryBodies.Enrol(answer));
        await TellAsync(configuration, server, answer);
        return ExitCodes.Success;
    }

    static Enrolment RequestOf(AgentConfiguration configuration, AgentIdentity identity, LedgerStore ledger, EnrolmentCode code)
    {
        var codes = CameraCodes.Open(configuration.Options.DataDirectory);
        var labels = new CameraLabels(codes, configuration.Recorders);
        var head = ledger.Read.Head;
        return new Enrolment
        {
            Code = code.Id,
            Site = identity.Site,
            Agent = identity.Agent,
            Epoch = head.Epoch,
            Seq = head.Seq,
            Key = identity.Key.Public,
            Recorders = [.. configuration.Recorders.Select(r => new EnrolledRecorder(
                labels.CodeOf(r.Id), r.HasFolder && StorageIdentity.Of(r.Path) is { } storage ? codes.ForStorage(storage) : null))],
        };
    }

    static async Task TellAsync(AgentConfiguration configuration, Uri server, EnrolmentAnswer answer)
    {
        await Console.Out.WriteLineAsync($"Agent {answer.Agent} of site {answer.Site} is enrolled by {answer.Server}.");
        foreach (var key in answer.Keys)
            await Console.Out.WriteLineAsync($"Its receipts are signed with key {key.Thumbprint}.");

        var upstream = configuration.Options.Upstream;
        if (upstream.Url is null)
            await Console.Error.WriteLineAsync($"Nothing is sent yet: write \"upstream\": {{ \"url\": \"{server.AbsoluteUri.TrimEnd('/')}\" }} into {configuration.File} and start the service again.");
        else if (!string.IsNullOrEmpty(upstream.ReceiptKeys))
            await Console.Error.WriteLineAsync($"The configuration names a file with the audit server's keys (upstream.receiptKeys), and that one counts. Remove the setting to use the keys just enrolled with.");
        else
            await Console.Error.WriteLineAsync("A running service uses them within a minute.");
    }

    // A service that gets its key from its manager keeps none here, and opening the identity would make one.
    static void RefuseLentKey(string directory)
    {
        var key = Path.Combine(directory, SigningKey.FileName);
        if (File.Exists(Path.Combine(directory, AgentIdentity.PinFile)) && SecretProtection.OfThisMachine.Read(key) is null)
            throw new KeyFileException(key, "the agent's key is not here. If the service manager lends it (LoadCredential=), run this command with the same credential; if it is lost, start the service once, which makes a new one, then enrol");
    }

    static async Task<EnrolmentCode> CodeAsync(string given, CancellationToken cancel)
    {
        if (given == FromInput && !Console.IsInputRedirected)
            await Console.Error.WriteAsync("Code: ");
        try
        {
            return EnrolmentCode.Parse(given == FromInput ? (await Console.In.ReadLineAsync(cancel) ?? "").Trim() : given);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{e.Message} Nothing was sent.", e);
        }
    }
}
