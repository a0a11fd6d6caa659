namespace Agent.Evidence.Timelines;

/// <summary>What a track records; Art. 3 of the Hangzhou measures names the systems.</summary>
public enum TrackKind
{
    /// <summary>Video (图像信息).</summary>
    Video,

    /// <summary>Intrusion alarm records (入侵报警).</summary>
    Alarm,

    /// <summary>Access control records (出入口控制).</summary>
    Access,

    /// <summary>Security inspection records (防爆安全检查).</summary>
    Inspection,
}
