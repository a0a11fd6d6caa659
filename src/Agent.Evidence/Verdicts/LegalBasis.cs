namespace Agent.Evidence.Verdicts;

/// <summary>Which rule asks for a number of days.</summary>
/// <param name="Instrument">Short English name of the instrument.</param>
/// <param name="Article">The article.</param>
/// <param name="Days">Days it requires, each 86,400 s.</param>
/// <param name="Text">The clause as published.</param>
public sealed record LegalBasis(string Instrument, string Article, int Days, string Text)
{
    /// <summary>Every site with a security system in Hangzhou.</summary>
    public static LegalBasis HangzhouGeneral { get; } = new(
        "Hangzhou", "Art. 19", 7,
        "技防系统所记录的图像信息资料及其他相关记录资料，留存时间不得少于7日");

    /// <summary>Key places and parts named by the police in Hangzhou.</summary>
    public static LegalBasis HangzhouKeyPlaces { get; } = new(
        "Hangzhou", "Art. 19", 15,
        "公安机关确定的重点场所和部位的图像信息资料及其他相关记录资料，留存时间不得少于15日");

    /// <summary>Public security video systems of the sites in Art. 7 of State Council Order 799, since 2025-04-01.</summary>
    public static LegalBasis Order799 { get; } = new(
        "Order 799", "Art. 17", 30,
        "公共安全视频系统收集的视频图像信息应当保存不少于30日");

    /// <summary>The rules every camera is measured against, shortest first.</summary>
    public static IReadOnlyList<LegalBasis> Measured { get; } = [HangzhouGeneral, HangzhouKeyPlaces, Order799];

    /// <summary>The rule that asks for exactly <paramref name="days"/>; null when none of ours does.</summary>
    public static LegalBasis? For(int days) => Measured.FirstOrDefault(b => b.Days == days);

    /// <summary>"Hangzhou Art. 19, 15 d".</summary>
    public override string ToString() => $"{Instrument} {Article}, {Days} d";
}
