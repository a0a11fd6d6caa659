using System.ComponentModel.DataAnnotations;
using Agent.Auditing;
using Agent.Delivery;
using Agent.Keys;
using Agent.Probing.Files;
using Agent.Probing.Files.Volumes;
using Agent.Probing.Onvif;
using Agent.Recorders;
using Agent.Rounds;

namespace Agent.Hosting;

/// <summary>The whole configuration file: a section for each feature folder. This is its reference.</summary>
internal sealed class AgentOptions
{
    /// <summary>The regulated premises.</summary>
    [Required]
    public SiteOptions Site { get; set; } = new();

    /// <summary>Where ledger, keys and logs are kept. Nothing is written anywhere else.</summary>
    [Required]
    [RegularExpression(@"^[^\x00]*$")]
    public string DataDirectory { get; set; } = "";

    /// <summary>What is asked of every camera.</summary>
    public PolicyOptions Policy { get; set; } = new();

    /// <summary>How often recorders are looked at.</summary>
    public RoundOptions Rounds { get; set; } = new();

    /// <summary>The recorders of the site.</summary>
    [MinLength(1, ErrorMessage = "At least one is needed.")]
    public IList<RecorderOptions> Recorders { get; set; } = [];

    /// <summary>How patiently and how politely volumes are read.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>How patiently recorders are asked over the network.</summary>
    public OnvifOptions Onvif { get; set; } = new();

    /// <summary>How far ffprobe confirms what we read.</summary>
    public SecondOpinionOptions SecondOpinion { get; set; } = new();

    /// <summary>How long the agent signs with the same key.</summary>
    public KeyOptions Keys { get; set; } = new();

    /// <summary>How far the agent commits to footage, so that the audit server can ask for it later.</summary>
    public ChallengeOptions Challenge { get; set; } = new();

    /// <summary>The audit server; without it the agent measures and keeps its ledger only.</summary>
    public UpstreamOptions Upstream { get; set; } = new();

    /// <summary>Where the audit server may ask the agent; nowhere unless configured.</summary>
    public PollOptions Poll { get; set; } = new();
}
