namespace FakeRecorder;

/// <summary>What is wrong with a recorder, or what it does to whoever asks it.</summary>
public enum Fault
{
    // The connection.
    /// <summary>Reads the request and never answers.</summary>
    Stall,
    StallInHeaders,
    StallInBody,

    /// <summary>One byte a second, for ever.</summary>
    Trickle,
    ClosesAtOnce,

    /// <summary>Half of what Content-Length promised, then the end.</summary>
    HalfReply,

    /// <summary>From the operation on the port is closed.</summary>
    RefusesConnections,

    // What comes over it.
    EndlessBody,
    EndlessHeaders,

    /// <summary>A well-formed answer of 64 MB.</summary>
    HugeBody,
    EmptyBody,
    NotXml,
    NotHttp,

    /// <summary>The right answer, called a picture.</summary>
    WrongContentType,
    DtdBomb,

    /// <summary>An entity that would read a file.</summary>
    ExternalEntity,

    /// <summary>Elements a hundred thousand deep.</summary>
    DeepNesting,

    /// <summary>A good answer to another question.</summary>
    WrongAnswer,

    /// <summary>Every required part of the answer is missing.</summary>
    HollowAnswer,
    SoapFault,

    // Logging in.
    /// <summary>401 with a page of HTML and no challenge.</summary>
    LoginPage,
    AsksForBasic,

    /// <summary>Every login is wrong, whatever is sent.</summary>
    RefusesLogin,

    // Other hosts.
    RedirectsElsewhere,
    XAddrsElsewhere,

    /// <summary>The addresses of streams and of replay are those of another host.</summary>
    StreamsElsewhere,

    // What it says of its footage.
    /// <summary>The oldest footage is a month older than what is there.</summary>
    LyingDataFrom,
    DataFrom1970,
    NoEvents,
    NeverCompletes,

    /// <summary>After the first 64 results it calls the search completed, whatever else there is.</summary>
    KeepsBackResults,

    /// <summary>Every page holds the same results, and none is the last.</summary>
    EndlessPages,
    DuplicatedPages,
    OutOfOrder,
    TooManySessions,

    /// <summary>Every second session is forgotten after its first page.</summary>
    ForgetsSessions,

    /// <summary>Instants such as the 31st of February.</summary>
    NonsenseTimes,

    /// <summary>The same, and only of what began and ended two or three days ago.</summary>
    SomeNonsenseTimes,

    /// <summary>Footage that ends a year from now.</summary>
    FutureFootage,

    /// <summary>Events of recordings that nobody listed come in between.</summary>
    ForeignEvents,

    // Discovery.
    WrongRelatesTo,
}
