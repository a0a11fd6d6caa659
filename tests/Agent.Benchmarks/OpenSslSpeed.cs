using System.Diagnostics;
using System.Globalization;

namespace Agent.Benchmarks;

/// <summary>What this machine needs for one P-256 signature and one verification, by OpenSSL's own measure.</summary>
internal static class OpenSslSpeed
{
    public static async Task<TimeSpan> SignAndVerifyAsync()
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl", ["speed", "-seconds", "3", "-mr", "ecdsap256"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = openssl.StandardError.ReadToEndAsync();
        var output = await openssl.StandardOutput.ReadToEndAsync();
        await errors;
        await openssl.WaitForExitAsync();
        // +F4:3:256:40350.0:12971.0 are bits, signatures a second, verifications a second.
        var fields = output.Split('\n').Single(line => line.StartsWith("+F4:", StringComparison.Ordinal)).Split(':');
        return TimeSpan.FromSeconds(fields[^2..].Sum(field => 1 / double.Parse(field, CultureInfo.InvariantCulture)));
    }
}
