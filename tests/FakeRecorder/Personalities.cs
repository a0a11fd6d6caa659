using FakeRecorder.Answers;
using FakeRecorder.Logins;
using FakeRecorder.Searching;

namespace FakeRecorder;

/// <summary>The manners of each personality.</summary>
public static class Personalities
{
    const string China = "Asia/Shanghai";

    public static Quirks Of(Personality personality) => personality switch
    {
        Personality.Plain => new(),
        Personality.Axis => new()
        {
            Prefixes = new Dictionary<string, string> { ["http://www.w3.org/2003/05/soap-envelope"] = "SOAP-ENV" },
            Login = LoginMode.DigestBoth, OneShotNonces = true, Chunks = true, Indents = true,
            RecordingToken = "SD_DISK_20260101_12350{0}_A2388AB{0}", RecordsSound = true, Retention = "PT1H", MixesTopics = true, PageSize = 25,
            Zone = "America/Sao_Paulo", ZoneText = "BRT3",
        },
        Personality.Hikvision => new()
        {
            Prefixes = new Dictionary<string, string> { ["http://www.w3.org/2003/05/soap-envelope"] = "env" },
            NoncesBelongToPaths = true, LocksAfter = 3, RefusesInHtml = true, TimeForm = TimeForm.Seconds, Zone = China, ZoneText = "CST-8:00:00",
            RecordingToken = "OnvifRecordingToken_{0}", VideoTrack = "videotracktoken_1", TellsFiles = true, PageSize = 40, Sessions = 2,
            Login = LoginMode.DigestOrToken,
        },
        Personality.HikvisionOld => new()
        {
            Prefixes = new Dictionary<string, string> { ["http://www.w3.org/2003/05/soap-envelope"] = "env" },
            Login = LoginMode.Token, TokenWindow = TimeSpan.FromSeconds(20), TokensByToldClock = true, Clock = ClockTelling.LocalEverywhere, TimeForm = TimeForm.Seconds,
            Zone = China, ZoneText = "CST-8:00:00", RefusesFilter = true, TellsFiles = true, BeginsBeforeItEnds = true, PageSize = 40, Sessions = 1,
        },
        Personality.Dahua => new()
        {
            Login = LoginMode.DigestQuotedQop, LocksAfter = 3, ProfileBytes = 200_000, Indents = true, Chunks = true, FindsEvents = false,
            MediaAttributes = MediaAttributesForm.Files, TimeForm = TimeForm.Seconds, Zone = China, ZoneText = "CST-8", ClockNeedsLogin = true,
        },
        Personality.GeoVision => new()
        {
            Prefixes = new Dictionary<string, string> { ["http://www.w3.org/2003/05/soap-envelope"] = "SOAP-ENV" },
            HidesProfileGFromCapabilities = true, QueuedPolls = 2, EmptyPolls = 1, Login = LoginMode.Token, Clock = ClockTelling.LocalAsUtc, Zone = "Asia/Taipei", ZoneText = "CST-8",
            TimeForm = TimeForm.Seconds, PageSize = 20, MediaAttributes = MediaAttributesForm.None, DropsCompletedSessions = true,
        },
        Personality.Hanwha => new()
        {
            Prefixes = new Dictionary<string, string>
            {
                ["http://www.w3.org/2003/05/soap-envelope"] = "SOAP-ENV", ["http://www.onvif.org/ver10/search/wsdl"] = "tse2", ["http://www.onvif.org/ver10/topics"] = "tns2",
            },
            ValueBeforeName = true, PadsTopics = true, ByteOrderMark = true, ContentType = "text/xml; charset=utf-8", Indents = true, MixesTopics = true, Zone = "Asia/Seoul", ZoneText = "KST-9",
            DropsCompletedSessions = true, PageSize = 10,
        },
        Personality.Uniview => new()
        {
            Login = LoginMode.DigestQuotedQop, OmitsLength = true, Clock = ClockTelling.LocalOnly, TimeForm = TimeForm.Offset, Zone = China, ZoneText = "CST-8",
            RefusesInHtml = true, EmptyPolls = 1,
        },
        Personality.Milestone => new()
        {
            OnePath = true, NeedsSources = true, Sessions = 1, LacksJobs = true, Zone = "Europe/Copenhagen", ZoneText = "CET-1CEST,M3.5.0,M10.5.0/3",
            RecordingToken = "8a3f6c9e-0000-4000-8000-00000000000{0}", Login = LoginMode.DigestMd5WithoutQop, ContentType = "text/xml; charset=utf-8",
        },
        Personality.Happytime => new()
        {
            SearchState = SearchStatePlace.BesideResultList, Dialect = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSe", IgnoresFilter = true, PageSize = 7, EmptyPolls = 2,
            Deviations = new Dictionary<string, string>
            {
                ["GetRecordingSearchResults"] = "SearchState stands beside ResultList", ["GetEventSearchResults"] = "SearchState stands beside ResultList",
            },
        },
        Personality.Tiandy => new()
        {
            LacksGetServices = true, FindsEvents = false, MediaAttributes = MediaAttributesForm.None, ShoutsRtsp = true, ReplaysChannelOne = true, Zone = China, ZoneText = "CST-8",
            TimeForm = TimeForm.Seconds,
        },
        Personality.Unusual => new()
        {
            DeclaresLocally = true, Login = LoginMode.DigestSha256, OneShotNonces = true, MediaAttributes = MediaAttributesForm.Points, OmitsStartState = true, TimeForm = TimeForm.Bare,
            Zone = "Europe/Berlin", ZoneText = "MEZ-1MESZ", SearchState = SearchStatePlace.AsAttribute, ProfileBytes = 900_000, RecordsSound = true,
            Deviations = new Dictionary<string, string>
            {
                ["GetRecordingSearchResults"] = "SearchState is an attribute", ["GetEventSearchResults"] = "SearchState is an attribute",
            },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(personality)),
    };
}
