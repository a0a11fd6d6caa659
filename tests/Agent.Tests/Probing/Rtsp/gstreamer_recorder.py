"""A recorder made of GStreamer's RTSP server: code that is not ours, for our client to be held against.

usage: gstreamer_recorder.py SPECIFICATION
It is JSON: {"user", "password", "live": {NAME: {"codec": "h264"|"h265", "width", "height", "fps"}},
"archive": {NAME: {"clip": FILE.h264, "packets": [[pts, isKey], ...] in nanoseconds and the order of decoding, "seconds": length of the clip,
"pieces": [unix seconds at which the clip was recorded, ...]}}}. It prints its port, and ends when its standard input does.
"""
import json
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

NTP_EPOCH = 2208988800  # of Unix time
SECOND = 1_000_000_000


class Archive:
    """Pictures in the order of decoding, each with the time it was taken, in nanoseconds since 1900."""

    def __init__(self, described):
        units = access_units(open(described["clip"], "rb").read())
        packets = described["packets"]
        assert len(units) == len(packets), (len(units), len(packets))
        self.pictures = []
        for piece in described["pieces"]:
            begin = int((piece + NTP_EPOCH) * SECOND)
            for number, (unit, (pts, key)) in enumerate(zip(units, packets)):
                self.pictures.append((begin + pts, bool(key), number == 0, unit))


def access_units(stream):
    """Cut at the access unit delimiters that the clip was written with."""
    starts, at = [], stream.find(b"\x00\x00\x00\x01\x09")
    while at >= 0:
        starts.append(at)
        at = stream.find(b"\x00\x00\x00\x01\x09", at + 1)
    return [stream[a:b] for a, b in zip(starts, starts[1:] + [len(stream)])]


class Player:
    """Feeds one client's pipeline from the archive."""

    def __init__(self, archive, source):
        self.archive, self.source = archive, source
        self.next, self.since, self.keys_only, self.discontinuous = 0, 0, False, True
        source.get_static_pad("src").add_probe(Gst.PadProbeType.EVENT_UPSTREAM, self.on_event)
        source.connect("seek-data", self.on_seek)
        source.connect("need-data", self.on_need)

    def on_event(self, _pad, info):
        event = info.get_event()
        if event.type == Gst.EventType.SEEK:
            flags = event.parse_seek()[2]
            self.keys_only = bool(flags & Gst.SeekFlags.TRICKMODE_KEY_UNITS)
        return Gst.PadProbeReturn.OK

    def on_seek(self, _source, time):
        # Begins with the very picture that is asked for: rtponviftimestamp ends the stream at one before it.
        self.next, self.since, self.discontinuous = 0, time, True
        return True

    def on_need(self, source, _length):
        while self.next < len(self.archive.pictures):
            taken, key, first, unit = self.archive.pictures[self.next]
            self.next += 1
            if taken < self.since or self.keys_only and not key:
                continue
            buffer = Gst.Buffer.new_wrapped(unit)
            buffer.pts = taken
            if first or self.discontinuous:
                buffer.set_flags(Gst.BufferFlags.DISCONT)
                self.discontinuous = False
            if not key:
                buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
            source.emit("push-buffer", buffer)
            return
        source.emit("end-of-stream")


def replay_factory(described):
    archive = Archive(described)
    factory = GstRtspServer.RTSPOnvifMediaFactory()
    factory.set_launch(
        "( appsrc name=source format=time stream-type=seekable max-bytes=200000 caps=video/x-h264,stream-format=byte-stream,alignment=au"
        " ! h264parse ! rtph264pay name=pay mtu=1200 ! rtponviftimestamp name=pay0 ntp-offset=0 set-e-bit=true set-t-bit=true drop-out-of-segment=false )")
    factory.set_media_gtype(GstRtspServer.RTSPOnvifMedia.__gtype__)
    GstRtspServer.RTSPOnvifMediaFactory.set_replay_support(factory, True)
    factory.set_shared(False)
    factory.connect("media-configure", lambda _f, media: setattr(media, "player", Player(archive, media.get_element().get_by_name("source"))))
    return factory


def live_factory(described):
    encoder = {
        "h264": "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph264pay name=pay0 config-interval=1",
        "h265": "x265enc tune=zerolatency speed-preset=ultrafast key-int-max=15 ! rtph265pay name=pay0 config-interval=1",
    }[described["codec"]]
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        "( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width={width},height={height},framerate={fps}/1 ! ".format(**described)
        + encoder + " )")
    return factory


def main():
    Gst.init(None)
    specification = json.load(open(sys.argv[1]))
    server = GstRtspServer.RTSPServer() if not specification.get("archive") else GstRtspServer.RTSPOnvifServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    if specification.get("user"):
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(2)  # GST_RTSP_AUTH_DIGEST
        token = GstRtspServer.RTSPToken()
        token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "viewer")
        auth.add_digest(specification["user"], specification["password"], token)
        server.set_auth(auth)
    mounts = server.get_mount_points()
    for kind, make in (("live", live_factory), ("archive", replay_factory)):
        for name, described in specification.get(kind, {}).items():
            factory = make(described)
            if specification.get("user"):
                permissions = GstRtspServer.RTSPPermissions()
                permissions.add_permission_for_role("viewer", GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
                permissions.add_permission_for_role("viewer", GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
                factory.set_permissions(permissions)
            mounts.add_factory("/" + name, factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


main()
