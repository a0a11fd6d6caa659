using System.Security.Cryptography;
using System.Text;

namespace AuditServer.Keys;

/// <summary>A P-256 private key as PKCS#8 PEM that only the server's account can read.</summary>
static class PrivateKeyFile
{
    /// <summary>The PEM; of a new key when there is no file.</summary>
    public static string ReadOrMake(string file)
    {
        if (!File.Exists(file))
            Make(file);

        return File.ReadAllText(file);
    }

    // Written whole under another name, flushed, then moved: after a power cut there is either no key or a sound one.
    static void Make(string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var draft = $"{file}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        using (var stream = new FileStream(draft, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(draft, file, overwrite: false);
        }
        finally
        {
            File.Delete(draft);
        }
    }
}
