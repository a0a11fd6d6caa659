using System.Text;
using Agent.Recorders;

namespace Agent.Probing.Digests;

/// <summary>The password itself, legible to whoever listens (RFC 7617). Only for recorders for which the admin allowed it.</summary>
internal static class BasicAnswer
{
    /// <summary>Value of the <c>Authorization</c> header.</summary>
    public static string Authorization(RecorderLogin login) =>
        $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.Username}:{login.RevealPassword()}"))}";
}
