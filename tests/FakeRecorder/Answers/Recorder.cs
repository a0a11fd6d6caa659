using System.Xml.Linq;
using FakeRecorder.Searching;
using FakeRecorder.Soap;

namespace FakeRecorder.Answers;

/// <summary>What the answers of all services are made from.</summary>
internal sealed class Recorder
{
    public Recorder(RecorderScript script, Uri address)
    {
        Script = script;
        Address = address;
        Quirks = script.Quirks;
        Clock = new(script);
        Writer = new(Quirks);
        Sessions = new(this);
    }

    public RecorderScript Script { get; }

    /// <summary>Of the device service.</summary>
    public Uri Address { get; }

    public Quirks Quirks { get; }

    public RecorderClock Clock { get; }

    public SoapWriter Writer { get; }

    public SearchSessions Sessions { get; }

    /// <summary>Every camera, also one of which no recording is listed.</summary>
    public IReadOnlyList<RecordedCamera> Cameras
    {
        get
        {
            var now = Clock.TrueNow;
            return [.. Script.Cameras.Keys.Select((name, index) => new RecordedCamera(Script, name, index + 1, now))];
        }
    }

    public IEnumerable<RecordedCamera> Listed => Cameras.Where(camera => camera.IsListed);

    public RecordedCamera OfRecording(string token) =>
        Listed.FirstOrDefault(camera => camera.Recording == token) ?? throw SoapFaultException.NoRecording(token);

    /// <summary>The fault of the script, where it strikes at this operation.</summary>
    public Fault? FaultAt(string operation) => Script.FaultAt is null || Script.FaultAt == operation ? Script.Fault : null;

    public bool Has(Fault fault, string operation) => FaultAt(operation) == fault;

    public Uri AddressOf(XNamespace service)
    {
        var host = Has(Fault.XAddrsElsewhere, "GetServices") || Has(Fault.XAddrsElsewhere, "GetCapabilities") ? Script.Elsewhere : Address;
        return new(host, PathOf(service));
    }

    public string PathOf(XNamespace service) => Quirks.OnePath ? Address.AbsolutePath : "/onvif/" + Namespaces.Paths[service];

    public string RtspHost(string operation)
    {
        var host = Has(Fault.StreamsElsewhere, operation) ? Script.Elsewhere.Authority : $"{Address.Host}:{Script.RtspPort ?? 554}";
        return $"{(Quirks.ShoutsRtsp ? "RTSP" : "rtsp")}://{host}";
    }

    /// <summary>Answers what was asked, or throws the fault.</summary>
    public XElement Answer(SoapRequest request) => Answerer(request)?.Invoke() ?? throw SoapFaultException.NotSupported(request.Name);

    Func<XElement>? Answerer(SoapRequest request) =>
        request.Service == Namespaces.Device ? DeviceAnswers.To(this, request)
        : request.Service == Namespaces.Media ? MediaAnswers.To(this, request)
        : request.Service == Namespaces.Recording ? RecordingAnswers.To(this, request)
        : request.Service == Namespaces.Search ? SearchAnswers.To(this, request)
        : request.Service == Namespaces.Replay ? ReplayAnswers.To(this, request)
        : null;
}
