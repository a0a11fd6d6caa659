namespace Agent.Probing;

/// <summary>What can go wrong while looking. Each has an anchor in deploy/RUNBOOK.md.</summary>
internal enum ProblemCode
{
    /// <summary>The recorder's folder does not exist or is not a folder.</summary>
    MissingFolder,

    /// <summary>Nothing in the folder looks like footage.</summary>
    NoFootage,

    /// <summary>There are video files, but no layout explains their names.</summary>
    UnrecognisedLayout,

    /// <summary>A folder could not be listed; what it may hold is unknown.</summary>
    UnreadableFolder,

    /// <summary>A recorder's own index could not be taken; what it lists is unknown, of whichever camera.</summary>
    UnreadableIndex,

    /// <summary>A file could not be opened or read; its time is unknown.</summary>
    UnreadableFile,

    /// <summary>A file is not a container we can read; its time is unknown.</summary>
    UnreadableContainer,

    /// <summary>A file has no bytes: looked, and there is no footage in it.</summary>
    EmptyFile,

    /// <summary>A file holds less than its header promises; the rest is not there.</summary>
    TruncatedFile,

    /// <summary>A video file whose name does not fit the layout; it counts for no camera.</summary>
    UnrecognisedName,

    /// <summary>A segment that cannot be true (from the future, or before recorders existed); it is not evidence.</summary>
    ImplausibleTime,

    /// <summary>Links were found and not followed.</summary>
    LinksNotFollowed,

    /// <summary>ffprobe could not be asked for a second opinion.</summary>
    NoSecondOpinion,

    /// <summary>The volume is not mounted; its mount point is there, and what lies in it lies elsewhere. What the volume holds is unknown.</summary>
    VolumeMissing,

    /// <summary>Another volume is mounted where the known one was; what that one holds is unknown.</summary>
    VolumeReplaced,

    /// <summary>The volume does not answer, or a look at it does not get on; everything on it is unknown.</summary>
    VolumeStale,

    /// <summary>The file system takes no writes.</summary>
    VolumeReadOnly,

    /// <summary>The volume has no room left.</summary>
    VolumeFull,

    /// <summary>A file changed after nobody had written to it for a while; it was read again.</summary>
    ChangedInPlace,

    /// <summary>The directory index was damaged, or contradicted the files; what was, was made anew.</summary>
    IndexDamaged,

    /// <summary>The directory index could not be written; the next start looks at everything anew.</summary>
    IndexNotKept,

    /// <summary>A recorder on the network cannot be reached; everything about it is unknown.</summary>
    RecorderUnreachable,

    /// <summary>A recorder did not answer in time; what it had not answered is unknown.</summary>
    RecorderTimedOut,

    /// <summary>A recorder lets nobody in with the configured login, or wants one where none is configured.</summary>
    LoginRefused,

    /// <summary>A recorder wants the password itself, legible to whoever listens; it is not given.</summary>
    WantsBasic,

    /// <summary>A recorder sends us to another address; nobody goes there.</summary>
    RecorderRedirects,

    /// <summary>A recorder's certificate is not trusted on this machine.</summary>
    UntrustedCertificate,

    /// <summary>What answers at a recorder's address does not speak ONVIF.</summary>
    NotOnvif,

    /// <summary>A recorder's answer cannot be read.</summary>
    MalformedReply,

    /// <summary>A recorder's times can be read in two ways, hours apart; all of them are unknown.</summary>
    ClockUnclear,

    /// <summary>A recorder's answer is larger than any honest one.</summary>
    ReplyTooLarge,

    /// <summary>A recorder refuses what it is asked.</summary>
    RecorderFault,

    /// <summary>A recorder cannot be asked over ONVIF what it has recorded.</summary>
    NoRecordingSearch,

    /// <summary>A recorder's search does not come to an end, or contradicts itself; what it did not tell is unknown.</summary>
    SearchUnfinished,

    /// <summary>Of a camera the recorder states only the oldest and the newest footage; whether there are holes between is unknown.</summary>
    OnlyClaimed,

    /// <summary>A recorder tells of single instants, and what lies between some of them is unknown.</summary>
    OnlyInstants,
}
