using System.Globalization;
using System.Text;
using LedgerDriver;

using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
switch (args)
{
    case ["write", var directory, var times]:
        return new LedgerWriting(directory, output).Run(int.Parse(times, CultureInfo.InvariantCulture));
    case ["look", .. var directories]:
        foreach (var each in directories)
            LedgerLook.Tell(each, output);
        return 0;
    default:
        await Console.Error.WriteLineAsync("Usage: LedgerDriver write DIRECTORY TIMES | look DIRECTORY...");
        return 64;
}
