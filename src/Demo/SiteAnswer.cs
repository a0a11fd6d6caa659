using Agent.Evidence.Statements;
using Agent.Evidence.Verdicts;

namespace Demo;

/// <summary>What the audit server knows of the site: the newest heartbeat, and the receipt for it, whose signature was checked.</summary>
/// <param name="Seq">Number of the heartbeat's entry in the agent's ledger.</param>
/// <param name="Heartbeat">What the agent signed.</param>
/// <param name="Receipt">What the server signed.</param>
/// <param name="ReceiptKey">Thumbprint of the key it signed with.</param>
internal sealed record SiteAnswer(long Seq, Heartbeat Heartbeat, Receipt Receipt, string ReceiptKey)
{
    /// <summary>What is stated of a camera; null when the heartbeat is silent about it.</summary>
    public CameraStatement? Of(MadeUpCamera camera) => Heartbeat.Cameras.FirstOrDefault(c => c.Label.Camera == camera.Code);

    /// <summary>Its verdict for the required days.</summary>
    public Verdict? VerdictOf(MadeUpCamera camera) => Of(camera) is { } stated
        ? stated.Claimed.Thresholds.First(t => t.Days == stated.Policy.RequiredDays).Verdict
        : null;
}
