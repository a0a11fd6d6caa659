using System.CommandLine;
using Agent.Evidence.Statements;
using Agent.Hosting;
using Agent.Keys;
using Agent.Ledger;

namespace Agent.Cli;

/// <summary><c>key show</c> and <c>key rotate</c>: the agent's signing key, also while the agent runs.</summary>
internal sealed class KeyCommand(TimeProvider time)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly Option<string> _config = new("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };

    public static Command Build(TimeProvider time)
    {
        var key = new KeyCommand(time);
        var show = new Command("show", "Print the public key and the retired ones") { key._config };
        show.SetAction((parsed, cancel) => key.AnswerAsync(parsed, ShowAsync, cancel));
        var rotate = new Command("rotate", "Change the signing key: the old one signs the new one and is destroyed") { key._config };
        rotate.SetAction((parsed, cancel) => key.AnswerAsync(parsed, key.RotateAsync, cancel));
        return new Command("key", "The agent's signing key") { show, rotate };
    }

    async Task<int> AnswerAsync(ParseResult parsed, Func<AgentConfiguration, CancellationToken, Task<int>> answer, CancellationToken cancel)
    {
        try
        {
            return await answer(AgentConfiguration.Read(parsed.GetValue(_config)!), cancel);
        }
        catch (Exception e) when (e is ConfigurationException or KeyFileException or LedgerRefusedException or LedgerDamagedException or LedgerWriteException
            or FormatException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCodes.Failed;
        }
    }

    static async Task<int> ShowAsync(AgentConfiguration configuration, CancellationToken cancel)
    {
        var directory = configuration.Options.DataDirectory;
        var current = await CurrentAsync(directory, cancel);
        await Console.Out.WriteLineAsync($"current  {current.Thumbprint}");
        await Console.Out.WriteLineAsync($"  {current.ToJson()}");
        foreach (var retired in RetiredKeys.Read(directory))
        {
            await Console.Out.WriteLineAsync($"retired  {retired.Key.Thumbprint}  {retired.Retired:yyyy-MM-dd HH:mm:ss'Z'}, by entry {retired.Seq} of epoch {retired.Epoch}");
            await Console.Out.WriteLineAsync($"  {retired.Key.ToJson()}");
        }

        return ExitCodes.Success;
    }

    async Task<int> RotateAsync(AgentConfiguration configuration, CancellationToken cancel)
    {
        var directory = configuration.Options.DataDirectory;
        var old = await CurrentAsync(directory, cancel);
        using (var alone = SingleInstance.TakeIfFree(configuration))
        {
            if (alone is not null)
                Rotate(configuration);
            else if (!await RotatedByServiceAsync(directory, cancel))
                return ExitCodes.Failed;
        }

        await Console.Out.WriteLineAsync($"The signing key {old.Thumbprint} was changed for {(await CurrentAsync(directory, cancel)).Thumbprint}.");
        return ExitCodes.Success;
    }

    void Rotate(AgentConfiguration configuration)
    {
        var directory = configuration.Options.DataDirectory;
        // A service that gets its key from its manager keeps none here, and opening the identity would make one.
        if (new KeyHandover(directory, protection: null).Obstacle is { } obstacle)
            throw new KeyFileException(Path.Combine(directory, SigningKey.FileName), $"the key cannot be changed: {obstacle}");

        using var identity = AgentIdentity.Open(directory, configuration.Options.Site.Id);
        using var ledger = LedgerStore.Open(directory, identity, time);
        if (!AgentHost.IsKnown(directory, ledger))
            throw new KeyFileException(Path.Combine(directory, SigningKey.FileName), $"the key cannot be changed: {KeyRotationRound.Unknown}");
        ledger.AppendKeyRotation();
        RotationRequest.Clear(directory); // of a command that was given up while a service ran
    }

    async Task<bool> RotatedByServiceAsync(string directory, CancellationToken cancel)
    {
        await Console.Error.WriteLineAsync("The service runs; it is asked to change its key.");
        var id = RotationRequest.Leave(directory);
        var asked = time.GetTimestamp();
        while (time.GetElapsedTime(asked) < Patience)
        {
            if (RotationRequest.Answered(directory, id) is (true, var refusal))
            {
                if (refusal is not null)
                    await Console.Error.WriteLineAsync($"The key was not changed: {refusal}.");
                return refusal is null;
            }

            await Task.Delay(Pause, time, cancel);
        }

        RotationRequest.Clear(directory);
        await Console.Error.WriteLineAsync($"The service did not answer within {Patience.TotalSeconds:0} s. The key may still be changed; 'key show' tells.");
        return false;
    }

    static async Task<Jwk> CurrentAsync(string directory, CancellationToken cancel)
    {
        var pin = Path.Combine(directory, AgentIdentity.PinFile);
        return File.Exists(pin)
            ? (await PinnedKeys.ReadAsync(pin, cancel)).First
            : throw new FormatException($"{pin} is not there: no agent has run on this data directory yet.");
    }
}
