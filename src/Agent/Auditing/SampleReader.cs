using System.Security.Cryptography;
using Agent.Evidence.Statements;
using Agent.Probing.Files;
using Microsoft.Win32.SafeHandles;

namespace Agent.Auditing;

/// <summary>Reads the parts of a sample and digests them: SHA-256(salt ‖ parts). Slowly, because the recorder comes first.</summary>
internal sealed class SampleReader(ChallengeOptions options, TimeProvider time)
{
    const int Step = SegmentSample.FewestBytes;

    /// <summary>The digest, lower-case hex; null when the file holds less than the parts ask for.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public async Task<string?> DigestAsync(string path, SegmentSample sample, CancellationToken cancel, Action? beat = null)
    {
        using var file = QuietFile.Open(path);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(sample.Salt.AsSpan());
        var buffer = new byte[Step];
        foreach (var (offset, length) in sample.Parts)
        {
            beat?.Invoke();
            if (!await AppendAsync(digest, file, offset, length, buffer, cancel))
                return null;
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    async Task<bool> AppendAsync(IncrementalHash digest, SafeFileHandle file, long offset, int length, byte[] buffer, CancellationToken cancel)
    {
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, Math.Min(Step, length - done)), offset + done);
            if (read == 0)
                return false;

            digest.AppendData(buffer, 0, read);
            done += read;
            await Task.Delay(TimeSpan.FromSeconds((double)read / options.BytesPerSecond), time, cancel);
        }

        return true;
    }
}
