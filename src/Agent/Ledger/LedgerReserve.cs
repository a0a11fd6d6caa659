using System.Security.Cryptography;

namespace Agent.Ledger;

/// <summary>Room on the disk that is given up when there is no other, so that the ledger can still say that it was full.</summary>
sealed class LedgerReserve(string path)
{
    const int Size = 1 << 20;

    // It is not made again from the last room there is.
    const long LeastFree = 4L * Size;

    /// <summary>Bytes the disk has left for this process; 0 when that cannot be asked.</summary>
    public long Free
    {
        get
        {
            try
            {
                return new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return 0;
            }
        }
    }

    /// <summary>Frees the room.</summary>
    /// <returns>False when it had been given up before.</returns>
    public bool GiveUp()
    {
        try
        {
            if (!File.Exists(path))
                return false;
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Takes the room again when there is plenty.</summary>
    public void Renew()
    {
        if (File.Exists(path) || Free < LeastFree)
            return;
        try
        {
            // Written, with what no file system can compress or leave out: a sparse file would reserve nothing.
            using (var file = new FileStream(path + ".next", FileMode.Create, FileAccess.Write))
            {
                file.Write(RandomNumberGenerator.GetBytes(Size));
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ".next", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(path + ".next");
        }
    }
}
