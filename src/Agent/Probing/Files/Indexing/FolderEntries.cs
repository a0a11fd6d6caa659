using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Agent.Probing.Files.Indexing;

/// <summary>The entries of an open folder, as Linux gives them: read once, some hundred at a time, none of them made an object before it is wanted.</summary>
/// <param name="descriptor">The folder, just opened.</param>
/// <param name="rules">Which entries are looked at.</param>
internal readonly unsafe ref struct FolderEntries(int descriptor, TreeRules rules)
{
    const int BufferLength = 64 * 1024;
    const int LengthOffset = 16, KindOffset = 18, NameOffset = 19; // in struct linux_dirent64
    const byte Unknown = 0, Folder = 4, Regular = 8, Link = 10;
    const int MostOfName = 256; // NAME_MAX, and one

    /// <summary>Footage files by their extension, folders, links; the error of the listing, zero when it went to its end.</summary>
    public int List(FolderContent content)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            fixed (byte* entries = buffer)
            {
                nint length;
                while ((length = PosixCalls.GetEntries(descriptor, entries, (nuint)buffer.Length)) > 0)
                    for (nint at = 0; at < length; at += *(ushort*)(entries + at + LengthOffset))
                        Take(content, NameOf(entries + at), *(entries + at + KindOffset));
                return length < 0 ? Marshal.GetLastPInvokeError() : 0;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The same and every file's stamp in sixteen bytes; null when that is not to be had, because something cannot be spelled or went away.</summary>
    public UInt128? Fingerprint()
    {
        var print = default(FolderFingerprint);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            fixed (byte* entries = buffer)
            {
                nint length;
                while ((length = PosixCalls.GetEntries(descriptor, entries, (nuint)buffer.Length)) > 0)
                    for (nint at = 0; at < length; at += *(ushort*)(entries + at + LengthOffset))
                        if (!Add(ref print, NameOf(entries + at), *(entries + at + KindOffset)))
                            return null;
                return length == 0 ? print.Sum : null;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void Take(FolderContent content, ReadOnlySpan<byte> name, byte kind)
    {
        if (IsDots(name))
            return;
        var text = Encoding.UTF8.GetString(name);
        var speakable = Utf8.IsValid(name);
        if (kind == Unknown)
            kind = speakable ? KindOf(name) : Regular;
        if (kind == Link)
            content.Links++;
        else if (kind == Folder && !speakable)
            content.UnspeakableBelow.Add(text);
        else if (kind == Folder && TreeRules.IsOfRecorder(text))
            content.Below.Add(text);
        else if (kind != Folder && rules.IsFootage(text))
        {
            content.Files.Add(text);
            if (!speakable)
                content.Unspeakable.Add(text);
        }
    }

    bool Add(ref FolderFingerprint print, ReadOnlySpan<byte> name, byte kind)
    {
        if (IsDots(name))
            return true;
        Span<char> text = stackalloc char[MostOfName];
        if (Utf8.ToUtf16(name, text, out _, out var length, replaceInvalidSequences: false) != OperationStatus.Done)
            return false;
        if (kind == Unknown)
            kind = KindOf(name);
        if (kind == Link)
            print.AddLink();
        else if (kind == Folder && TreeRules.IsOfRecorder(text[..length].ToString()))
            print.AddFolder(name);
        else if (kind != Folder && rules.IsFootage(text[..length]))
        {
            var status = stackalloc byte[PosixCalls.StatusBytes];
            if (!TryStat(name, status))
                return false;
            print.AddFile(name, FileStamp.Of(status, out _, out _));
        }

        return true;
    }

    // Some file systems do not say in the listing what an entry is.
    byte KindOf(ReadOnlySpan<byte> name)
    {
        var status = stackalloc byte[PosixCalls.StatusBytes];
        return TryStat(name, status) ? (byte)(*(ushort*)(status + 28) >> 12) : Regular;
    }

    bool TryStat(ReadOnlySpan<byte> name, byte* status)
    {
        fixed (byte* text = name) // its terminator stands behind it in the buffer of entries
            return PosixCalls.StatX(descriptor, text, PosixCalls.NotFollowed, PosixCalls.BasicFields, status) == 0;
    }

    static ReadOnlySpan<byte> NameOf(byte* entry) => MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset);

    static bool IsDots(ReadOnlySpan<byte> name) => name is [(byte)'.'] or [(byte)'.', (byte)'.'];
}
