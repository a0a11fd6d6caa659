using System.Globalization;

namespace Agent.EndToEnd;

/// <summary>How far a test goes that could go on for ever: a little for every change, far when somebody asks with the environment.</summary>
internal static class Campaign
{
    public static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : usual;
}
