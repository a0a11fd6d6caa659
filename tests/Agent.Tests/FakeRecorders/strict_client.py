"""Asks a recorder everything a retention agent could, and holds each answer against the official schemas.

python3 strict_client.py ADDRESS WSDL_FOLDER none|digest|token|told-token [USER]      the password comes on standard input

A told-token is made for what the recorder tells for UTC; a token for the time there is.

Two judges: zeep in strict mode parses every answer, and libxml2 validates the body of the same bytes against the schemas of the service
descriptions. A line for each answer: operation, a tab, "ok" or what is wrong with it. The exit code is 0 whatever they say.
"""

import copy
import datetime
import os
import sys
import warnings

warnings.simplefilter("ignore")

import requests
import requests.auth
import zeep
import zeep.exceptions
import zeep.wsse.username
from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
SERVICES = {"device": "devicemgmt", "media": "media", "recording": "recording", "search": "search", "replay": "replay"}


def schema_of(folder):
    """One schema of everything that the service descriptions hold."""
    wrapper = etree.Element(XS + "schema", nsmap={"xs": XS[1:-1]})
    resolver = {}
    for name in SERVICES.values():
        found = etree.parse(os.path.join(folder, name + ".wsdl")).find(".//" + XS + "schema")
        # Its prefixes are declared further up.
        inner = etree.Element(XS + "schema", dict(found.attrib), nsmap=found.nsmap)
        inner.extend(copy.deepcopy(child) for child in found)
        target = inner.get("targetNamespace")
        resolver["mem:" + name] = etree.tostring(inner)
        etree.SubElement(wrapper, XS + "import", namespace=target, schemaLocation="mem:" + name)
    for location, target in (("onvif.xsd", "http://www.onvif.org/ver10/schema"), ("b-2.xsd", "http://docs.oasis-open.org/wsn/b-2")):
        etree.SubElement(wrapper, XS + "import", namespace=target, schemaLocation=os.path.join(folder, location))

    class InMemory(etree.Resolver):
        def resolve(self, url, public_id, context):
            if url in resolver:
                return self.resolve_string(resolver[url], context, base_url=os.path.join(folder, "inline.xsd"))
            return None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(InMemory())
    return etree.XMLSchema(etree.fromstring(etree.tostring(wrapper), parser))


class Kept(zeep.Plugin):
    """Keeps the envelope of the last answer as it came."""

    last = None

    def ingress(self, envelope, http_headers, operation):
        self.last = etree.fromstring(etree.tostring(envelope))
        return envelope, http_headers

    def egress(self, envelope, http_headers, operation, binding_options):
        return envelope, http_headers


class Recorder:
    def __init__(self, address, folder, login, user, password):
        self.address, self.folder, self.login, self.user, self.password = address, folder, login, user, password
        self.schema = schema_of(folder)
        self.clients, self.xaddrs, self.skew = {}, {"device": address}, datetime.timedelta()

    def client(self, service):
        if service not in self.clients:
            session = requests.Session()
            session.trust_env = False
            if self.login == "digest":
                session.auth = requests.auth.HTTPDigestAuth(self.user, self.password)
            kept = Kept()
            client = zeep.Client(os.path.join(self.folder, SERVICES[service] + ".wsdl"),
                                 transport=zeep.Transport(session=session, timeout=20), settings=zeep.Settings(strict=True), plugins=[kept])
            binding = next(name for name in client.wsdl.bindings)
            self.clients[service] = (client, client.create_service(binding, self.xaddrs[service]), kept)
        return self.clients[service]

    def ask(self, service, operation, **arguments):
        """The answer, or None where there was none that holds; tells which on standard output."""
        client, proxy, kept = self.client(service)
        if self.login in ("token", "told-token"):
            created = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + self.skew
            client.wsse = zeep.wsse.username.UsernameToken(self.user, self.password, use_digest=True, created=created)
        kept.last = None
        try:
            answer = getattr(proxy, operation)(**arguments)
        except (zeep.exceptions.Error, requests.RequestException, etree.LxmlError, ValueError, TypeError) as error:
            self.tell(operation, f"{type(error).__name__}: {error}")
            return None
        body = kept.last.find(SOAP + "Body")
        if len(body) != 1:
            self.tell(operation, f"{len(body)} elements in the body")
        elif not self.schema.validate(etree.ElementTree(copy.deepcopy(body[0]))):
            self.tell(operation, str(self.schema.error_log.last_error.message))
        else:
            self.tell(operation, "ok")
        return answer

    @staticmethod
    def tell(operation, what):
        print(operation, " ".join(what.split()), sep="\t", flush=True)

    def type(self, service, name):
        return self.client(service)[0].get_type(name)


TT = "{http://www.onvif.org/ver10/schema}"


def ask_everything(recorder):
    told = recorder.ask("device", "GetSystemDateAndTime")
    utc = told and (told.UTCDateTime or None)
    if utc and recorder.login == "told-token":
        then = datetime.datetime(utc.Date.Year, utc.Date.Month, utc.Date.Day, utc.Time.Hour, utc.Time.Minute, utc.Time.Second)
        recorder.skew = then - datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    services = recorder.ask("device", "GetServices", IncludeCapability=True)
    capabilities = recorder.ask("device", "GetCapabilities", Category="All")
    for each in services or []:
        for name in SERVICES:
            if f"/{name}/wsdl" in each.Namespace:
                recorder.xaddrs[name] = each.XAddr
    if not services and capabilities is not None:
        # zeep takes the first wildcard of the extension for everything in it, so these are read from the bytes.
        for name in ("media", "recording", "search", "replay"):
            recorder.xaddrs[name] = recorder.client("device")[2].last.findtext(f".//{TT}{name.capitalize()}/{TT}XAddr")
    recorder.ask("device", "GetDeviceInformation")
    recorder.ask("device", "GetScopes")
    recorder.ask("device", "GetHostname")
    for service in SERVICES:
        recorder.ask(service, "GetServiceCapabilities")
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    recorder.ask("media", "GetVideoSources")
    for profile in recorder.ask("media", "GetProfiles") or []:
        recorder.ask("media", "GetStreamUri", StreamSetup=setup, ProfileToken=profile.token)
    recordings = recorder.ask("recording", "GetRecordings") or []
    for job in recorder.ask("recording", "GetRecordingJobs") or []:
        recorder.ask("recording", "GetRecordingJobState", JobToken=job.JobToken)
    recorder.ask("search", "GetRecordingSummary")
    for recording in recordings:
        token = recording.RecordingToken
        recorder.ask("recording", "GetRecordingConfiguration", RecordingToken=token)
        information = recorder.ask("search", "GetRecordingInformation", RecordingToken=token)
        recorder.ask("replay", "GetReplayUri", StreamSetup=setup, RecordingToken=token)
        middle = information.EarliestRecording + datetime.timedelta(minutes=10)
        recorder.ask("search", "GetMediaAttributes", RecordingTokens=[token], Time=middle)
        search(recorder, "GetRecordingSearchResults", recorder.ask(
            "search", "FindRecordings", Scope={"IncludedRecordings": [token]}, KeepAliveTime=datetime.timedelta(seconds=60)))
        search(recorder, "GetEventSearchResults", recorder.ask(
            "search", "FindEvents", StartPoint=information.EarliestRecording, EndPoint=information.LatestRecording, Scope={"IncludedRecordings": [token]},
            SearchFilter={}, IncludeStartState=True, KeepAliveTime=datetime.timedelta(seconds=60)))


def search(recorder, results, token):
    if token is None:
        return
    for _ in range(200):
        page = recorder.ask("search", results, SearchToken=token, MinResults=1, MaxResults=50, WaitTime=datetime.timedelta(seconds=1))
        if page is None or page.SearchState not in ("Queued", "Searching"):
            break
    else:
        recorder.tell(results, "never completed")
    if page is not None:
        recorder.ask("search", "EndSearch", SearchToken=token)


def main():
    address, folder, login = sys.argv[1:4]
    user = sys.argv[4] if len(sys.argv) > 4 else None
    ask_everything(Recorder(address, folder, login, user, sys.stdin.readline().rstrip("\n") if user else None))


if __name__ == "__main__":
    main()
