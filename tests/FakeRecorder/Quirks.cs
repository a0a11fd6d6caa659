using FakeRecorder.Answers;
using FakeRecorder.Logins;
using FakeRecorder.Searching;

namespace FakeRecorder;

/// <summary>The manners of a recorder: everything in which two that follow the specification, more or less, differ.</summary>
public sealed record Quirks
{
    // How it writes.
    /// <summary>The prefix of a namespace where it is not the usual one; "" makes it the default.</summary>
    public IReadOnlyDictionary<string, string> Prefixes { get; init; } = new Dictionary<string, string>();

    /// <summary>Namespaces stand at every element instead of at the top.</summary>
    public bool DeclaresLocally { get; init; }
    public bool Indents { get; init; }

    /// <summary>Space and line breaks round the text of topics.</summary>
    public bool PadsTopics { get; init; }
    public bool ValueBeforeName { get; init; }
    public bool ByteOrderMark { get; init; }
    public bool Chunks { get; init; }

    /// <summary>The end of the connection is the end of the answer.</summary>
    public bool OmitsLength { get; init; }
    public string ContentType { get; init; } = "application/soap+xml; charset=utf-8";

    // Who may ask.
    public LoginMode Login { get; init; } = LoginMode.DigestMd5;

    /// <summary>Even the time is told only to who logged in.</summary>
    public bool ClockNeedsLogin { get; init; }

    /// <summary>How old or new a token may be by the recorder's clock.</summary>
    public TimeSpan TokenWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Tokens are measured by what the recorder tells for UTC, right or wrong, and not by the UTC that it has inside.</summary>
    public bool TokensByToldClock { get; init; }

    /// <summary>A nonce of the recorder is good for one request.</summary>
    public bool OneShotNonces { get; init; }

    /// <summary>A nonce that was given for one path is refused on another.</summary>
    public bool NoncesBelongToPaths { get; init; }

    /// <summary>After so many wrong logins nobody is let in again.</summary>
    public int? LocksAfter { get; init; }

    /// <summary>A refusal is a page of HTML.</summary>
    public bool RefusesInHtml { get; init; }

    // What time it is.
    public ClockTelling Clock { get; init; }

    /// <summary>The POSIX string it tells for its zone.</summary>
    public string ZoneText { get; init; } = "UTC0";
    public string Zone { get; init; } = "UTC";
    public TimeForm TimeForm { get; init; } = TimeForm.Milliseconds;

    // What it can do.
    /// <summary>Recording, search and replay stand in GetServices alone.</summary>
    public bool HidesProfileGFromCapabilities { get; init; }
    public bool LacksGetServices { get; init; }

    /// <summary>Every service at the same path.</summary>
    public bool OnePath { get; init; }

    /// <summary>About how long the list of profiles is.</summary>
    public int ProfileBytes { get; init; }
    public bool LacksJobs { get; init; }
    public bool ShoutsRtsp { get; init; }

    /// <summary>Every replay address is that of the first camera.</summary>
    public bool ReplaysChannelOne { get; init; }
    public bool FindsEvents { get; init; } = true;
    public MediaAttributesForm MediaAttributes { get; init; }

    /// <summary>Beside the video there are audio and metadata, with footage of their own.</summary>
    public bool RecordsSound { get; init; }
    public string Retention { get; init; } = "PT0S";
    public string RecordingToken { get; init; } = "recording-{0}";
    public string VideoTrack { get; init; } = "VIDEO001";

    // How it searches.
    public SearchStatePlace SearchState { get; init; }

    /// <summary>How many times it says Queued before it begins.</summary>
    public int QueuedPolls { get; init; }

    /// <summary>How many times it says Searching without a result.</summary>
    public int EmptyPolls { get; init; }
    public int PageSize { get; init; } = 100;
    public int Sessions { get; init; } = 8;

    /// <summary>A session that has told everything is gone before EndSearch.</summary>
    public bool DropsCompletedSessions { get; init; }

    /// <summary>A search must say which recordings or sources it means.</summary>
    public bool NeedsSources { get; init; }
    public bool IgnoresFilter { get; init; }
    public bool RefusesFilter { get; init; }

    /// <summary>Other topics come along, whatever the filter says.</summary>
    public bool MixesTopics { get; init; }

    /// <summary>Every file has its end and its beginning, also where they touch.</summary>
    public bool TellsFiles { get; init; }

    /// <summary>Where files touch, the new one begins before the old one ends.</summary>
    public bool BeginsBeforeItEnds { get; init; }
    public bool OmitsStartState { get; init; }
    public string Dialect { get; init; } = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet";

    /// <summary>Operations whose answers are not what the schemas say, each with what is wrong with it.</summary>
    public IReadOnlyDictionary<string, string> Deviations { get; init; } = new Dictionary<string, string>();
}
