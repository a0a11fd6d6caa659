using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Agent.Keys;

/// <summary>What .NET does not offer for the folder that keys lie in: making a rename durable, and whose it is.</summary>
[SupportedOSPlatform("linux")]
static partial class UnixFolder
{
    const int ReadOnlyCloseOnExec = 0x80000;
    const int CurrentFolder = -100;
    const int DoNotFollow = 0x100;
    const int Exists = 17;
    const uint OwnerAndGroup = 0x8 | 0x10;
    const int StatxBytes = 256;
    const int OwnerAt = 20;
    const int GroupAt = 24;

    /// <summary>Makes what was renamed and made in a folder outlive a power cut. A file system that cannot is left as it is.</summary>
    public static void Sync(string folder)
    {
        using var handle = new SafeFileHandle(OpenFile(folder, ReadOnlyCloseOnExec), ownsHandle: true);
        if (!handle.IsInvalid)
            _ = SyncFile(handle);
    }

    /// <summary>Gives a file a second name, unless something has that name: the one way to be first that no other process can share.</summary>
    /// <returns>False where the file system has no second names.</returns>
    /// <exception cref="IOException">Something has that name.</exception>
    public static bool Link(string file, string name)
    {
        if (MakeLink(file, name) == 0)
            return true;
        return Marshal.GetLastPInvokeError() == Exists ? throw new IOException($"{name} exists.") : false;
    }

    /// <summary>
    /// Gives a file to the owner of its folder when an administrator made it: the service must be able to read what was set for it with
    /// <c>sudo</c>. Anybody else's file stays theirs.
    /// </summary>
    public static void GiveToOwnerOf(string folder, string file)
    {
        var found = new byte[StatxBytes];
        if (EffectiveUser() != 0 || Stat(CurrentFolder, folder, 0, OwnerAndGroup, found) != 0)
            return;

        var owner = MemoryMarshal.Read<uint>(found.AsSpan(OwnerAt));
        if (owner != 0 && ChangeOwner(CurrentFolder, file, owner, MemoryMarshal.Read<uint>(found.AsSpan(GroupAt)), DoNotFollow) != 0)
            throw new IOException($"{file} could not be given to the owner of its folder (error {Marshal.GetLastPInvokeError()}).");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFile(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeLink(string file, string name);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();

    // statx and not stat: its layout is the same on every processor.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Stat(int folder, string path, int flags, uint mask, byte[] found);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(int folder, string path, uint owner, uint group, int flags);
}
