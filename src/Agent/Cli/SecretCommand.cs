using System.CommandLine;
using System.Text;
using Agent.Hosting;
using Agent.Keys;

namespace Agent.Cli;

/// <summary><c>secret set|list|remove</c>: the passwords of recorders. Set before the configuration that names them is whole.</summary>
internal sealed class SecretCommand
{
    readonly Option<string> _config = new("--config") { HelpName = "FILE", Required = true, Description = "The configuration" };
    readonly Argument<string> _name = new("NAME") { Description = "What the configuration calls it: secret:NAME" };

    public static Command Build()
    {
        var secret = new SecretCommand();
        var set = new Command("set", "Store a password, read from standard input or asked for, never from the command line") { secret._name, secret._config };
        set.SetAction(parsed => secret.Answer(parsed, kept => Set(kept, parsed.GetValue(secret._name)!)));
        var list = new Command("list", "Print the names of the stored passwords") { secret._config };
        list.SetAction(parsed => secret.Answer(parsed, List));
        var remove = new Command("remove", "Forget a password") { secret._name, secret._config };
        remove.SetAction(parsed => secret.Answer(parsed, kept => Remove(kept, parsed.GetValue(secret._name)!)));
        return new Command("secret", "The stored passwords of recorders") { set, list, remove };
    }

    int Answer(ParseResult parsed, Func<KeptSecrets, int> answer)
    {
        try
        {
            return answer(KeptSecrets.Open(AgentConfiguration.DataDirectoryOf(parsed.GetValue(_config)!)));
        }
        catch (Exception e) when (e is ConfigurationException or KeyFileException or FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCodes.Failed;
        }
    }

    static int Set(KeptSecrets kept, string name)
    {
        if (!KeptSecrets.IsName(name))
            throw new FormatException("A secret's name is 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit.");

        var value = Console.IsInputRedirected ? Console.In.ReadToEnd().TrimEnd('\r', '\n') : Ask(name);
        kept.Set(name, new Secret(value));
        Console.Error.WriteLine($"The secret '{name}' is stored. A running service uses it after its next start.");
        return ExitCodes.Success;
    }

    static int List(KeptSecrets kept)
    {
        foreach (var name in kept.Names)
            Console.Out.WriteLine(name);
        return ExitCodes.Success;
    }

    static int Remove(KeptSecrets kept, string name)
    {
        if (!kept.Remove(name))
        {
            Console.Error.WriteLine($"There is no secret '{name}'.");
            return ExitCodes.Failed;
        }

        Console.Error.WriteLine($"The secret '{name}' is removed.");
        return ExitCodes.Success;
    }

    static string Ask(string name)
    {
        Console.Error.Write($"Password for '{name}' (not shown): ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != '\0')
                typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
