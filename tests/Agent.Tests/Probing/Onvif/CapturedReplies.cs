using System.Text;
using Agent.Probing.Onvif;
using Agent.Tests.Repository;
using NUnit.Framework;

namespace Agent.Tests.Probing.Onvif;

/// <summary>Replies of real devices, which lie beside the repository and are no part of it. Tests that need them skip without.</summary>
internal static class CapturedReplies
{
    static readonly string Folder = Path.GetFullPath(RepositoryTree.PathOf("..", "shared", "fixtures", "onvif"));

    /// <summary>Every reply, by its path below the folder; one that says that there are none, since no case would be no test.</summary>
    public static IEnumerable<string> All() => Directory.Exists(Folder)
        ? ((string[])["hammeraj", "agsh-v0.x"]).SelectMany(f => Directory.EnumerateFiles(Path.Combine(Folder, f))).Where(f => !f.EndsWith("LICENSE", StringComparison.Ordinal))
            .Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal)
        : ["none"];

    public static byte[] Bytes(string name)
    {
        Require();
        return File.ReadAllBytes(Path.Combine(Folder, name));
    }

    /// <summary>The element inside the body of a reply that is one.</summary>
    public static SoapElement Answer(string name)
    {
        var reply = SoapReader.Read(Bytes(name));
        Assert.That(reply.Failure, Is.Null);
        return reply.Answer!;
    }

    /// <summary>Where the official service descriptions lie.</summary>
    public static string Descriptions()
    {
        Require();
        return Path.Combine(Folder, "wsdl");
    }

    public static SoapReply Read(string text) => SoapReader.Read(Encoding.UTF8.GetBytes(text));

    static void Require()
    {
        if (!Directory.Exists(Folder))
            Assert.Ignore("the captured replies (../shared/fixtures/onvif) are needed");
    }
}
