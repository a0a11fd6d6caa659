using System.Globalization;

namespace Agent.Tests.Probing.Files.Layouts;

/// <summary>
/// Paths as recorders write them, made from the facts about each recorder and not from the templates under test.
/// </summary>
static class WrittenNames
{
    internal delegate string Name(string camera, DateTime clock, DateTimeOffset instant, int number);

    /// <summary>By the layout that must read them; paths with extension.</summary>
    internal static readonly IReadOnlyDictionary<string, Name> Of = new Dictionary<string, Name>
    {
        ["frigate"] = (camera, _, instant, _) => $"{T(instant.UtcDateTime, "yyyy-MM-dd/HH")}/{camera}/{T(instant.UtcDateTime, "mm.ss")}.mp4",
        ["mediamtx"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyy-MM-dd_HH-mm-ss-ffffff")}.mp4",
        ["motion"] = (camera, clock, _, number) => $"{camera}/{number:00}-{T(clock, "yyyyMMddHHmmss")}.mkv",
        ["zoneminder-deep"] = (camera, clock, _, number) => $"{camera}/{T(clock, "yy/MM/dd/HH/mm/ss")}/{number}-video.mp4",
        ["zoneminder-medium"] = (camera, clock, _, number) => $"{camera}/{T(clock, "yyyy-MM-dd")}/{number}/{number}-video.h264.mp4",
        ["zoneminder-shallow"] = (camera, _, _, number) => $"{camera}/{number}/{number}-video.mp4",
        ["dahua"] = (camera, clock, _, number) => $"{T(clock, "yyyy-MM-dd")}/{camera}/dav/{T(clock, "HH")}/{T(clock, "HH.mm.ss")}-{T(clock.AddMinutes(7), "HH.mm.ss")}[{(number % 2 == 0 ? 'R' : 'M')}][0@0][0].dav",
        ["blueiris"] = (camera, clock, _, _) => $"New/{camera}.{T(clock, "yyyyMMdd_HHmmss")}.mp4",
        ["agentdvr"] = (camera, clock, _, number) => $"video/{camera}/3_{T(clock, "yyyy-MM-dd_HH-mm-ss")}{(number % 2 == 0 ? "" : T(clock, "_fff"))}.mkv",
        ["unifi"] = (camera, _, instant, _) => $"video/{T(instant.UtcDateTime, "yyyy/MM/dd")}/{camera}_0_rotating_{instant.ToUnixTimeMilliseconds()}.ubv",
        ["shinobi"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyy-MM-dd'T'HH-mm-ss")}.mp4",
        ["viseron"] = (camera, _, instant, _) => $"segments/{camera}/{instant.ToUnixTimeSeconds()}.m4s",
        ["kerberos"] = (camera, _, instant, number) => $"recordings/{instant.ToUnixTimeSeconds()}_{instant.Millisecond.ToString(CultureInfo.InvariantCulture).Length}-{instant.Millisecond}_{camera}_0-12-640-480_{number}_30000.mp4",
        ["%Y-%m-%d_%H-%M-%S"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyy-MM-dd_HH-mm-ss")}.mp4",
        ["%Y%m%d_%H%M%S"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyyMMdd_HHmmss")}.mkv",
        ["%Y%m%d-%H%M%S"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyyMMdd-HHmmss")}.mp4",
        ["%Y%m%d%H%M%S"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyyMMddHHmmss")}.mp4",
        ["%Y-%m-%d/%H-%M-%S"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyy-MM-dd/HH-mm-ss")}.mp4",
        ["%Y-%m-%d/%H/%M-%S"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyy-MM-dd/HH/mm-ss")}.mp4",
        ["%Y/%m/%d/%H-%M-%S"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyy/MM/dd/HH-mm-ss")}.mp4",
        ["%Y/%m/%d/%H%M%S"] = (camera, clock, _, _) => $"{camera}/{T(clock, "yyyy/MM/dd/HHmmss")}.mp4",
        ["{camera}_%Y-%m-%d_%H-%M-%S"] = (camera, clock, _, _) => $"{camera}_{T(clock, "yyyy-MM-dd_HH-mm-ss")}.mp4",
        ["{camera}-%Y-%m-%d_%H-%M-%S"] = (camera, clock, _, _) => $"all/{camera}-{T(clock, "yyyy-MM-dd_HH-mm-ss")}.mp4",
        ["{camera}_%Y%m%d_%H%M%S"] = (camera, clock, _, _) => $"{camera}_{T(clock, "yyyyMMdd_HHmmss")}.mp4",
        ["{camera}-%Y%m%d-%H%M%S"] = (camera, clock, _, _) => $"{camera}-{T(clock, "yyyyMMdd-HHmmss")}.mp4",
        ["{camera}_%Y%m%d%H%M%S"] = (camera, clock, _, _) => $"{camera}_{T(clock, "yyyyMMddHHmmss")}.mp4",
        ["{camera}-%Y%m%d%H%M%S"] = (camera, clock, _, _) => $"{camera}-{T(clock, "yyyyMMddHHmmss")}.mp4",
    };

    static string T(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
