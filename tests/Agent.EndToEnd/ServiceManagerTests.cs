using System.Net.Sockets;
using System.Text;
using NUnit.Framework;

namespace Agent.EndToEnd;

/// <summary>What the service tells systemd, which is played by a shell of that name and a socket.</summary>
internal sealed class ServiceManagerTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Test]
    public async Task It_says_that_it_is_ready_and_then_again_and_again_that_all_is_well()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("systemd is Linux's");
        using var site = new TestSite();
        site.Configure(upstream: null);
        var address = site.InFolder("notify");
        using var notify = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notify.Bind(new UnixDomainSocketEndPoint(address));

        await using var agent = site.StartAgentUnderSystemd(address);

        Assert.That(await HearAsync(notify), Does.Contain("READY=1"));
        Assert.That(await HearAsync(notify), Is.EqualTo("WATCHDOG=1"));
        Assert.That(await HearAsync(notify), Is.EqualTo("WATCHDOG=1"));
    }

    static async Task<string> HearAsync(Socket notify)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var heard = new byte[4096];
        return Encoding.UTF8.GetString(heard, 0, await notify.ReceiveAsync(heard, deadline.Token));
    }
}
