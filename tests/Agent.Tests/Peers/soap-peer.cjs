// A recorder made of the official ONVIF service descriptions by npm's "soap": what it sends is put together by other people's code, from
// the descriptions. node soap-peer.cjs WSDL-FOLDER; on standard input one line of JSON, { offsetSeconds, pageSize, recordings: [{ token, name, ranges: [[from, to], ...] }] },
// times in milliseconds since 1970, a range without an end is still being written. Prints its port, and ends when its input does.
'use strict';
const fs = require('fs');
const http = require('http');
const path = require('path');
const soap = require(path.join(process.env.NODE_PATH, 'soap'));

const folder = process.argv[2];
const topics = 'http://www.onvif.org/ver10/topics';
let script;

const now = () => Date.now() + script.offsetSeconds * 1000;
const told = ms => new Date(ms + script.offsetSeconds * 1000).toISOString();
const address = (request, name) => `http://10.99.99.99:1/${name}`; // behind NAT: nobody can be reached there
const source = recording => ({ SourceId: `id-${recording.token}`, Name: recording.name, Location: '', Description: '', Address: '' });
const sessions = new Map();
let lastToken = 0;

function device() {
    const date = d => ({
        Time: { Hour: d.getUTCHours(), Minute: d.getUTCMinutes(), Second: d.getUTCSeconds() },
        Date: { Year: d.getUTCFullYear(), Month: d.getUTCMonth() + 1, Day: d.getUTCDate() },
    });
    const service = (name, space) => ({ Namespace: `http://www.onvif.org/ver10/${space}/wsdl`, XAddr: address(null, name), Version: { Major: 2, Minor: 6 } });
    return {
        GetSystemDateAndTime: () => ({ SystemDateAndTime: { DateTimeType: 'NTP', DaylightSavings: false, TimeZone: { TZ: 'CST-8' }, UTCDateTime: date(new Date(now())), LocalDateTime: date(new Date(now() + 8 * 3600e3)) } }),
        GetServices: () => ({ Service: [service('device', 'device'), service('recording', 'recording'), service('search', 'search')] }),
        GetCapabilities: () => ({ Capabilities: { Device: { XAddr: address(null, 'device') } } }),
        GetDeviceInformation: () => ({ Manufacturer: 'npm soap', Model: 'peer', FirmwareVersion: '1', SerialNumber: '1', HardwareId: '1' }),
    };
}

function recording() {
    return {
        GetRecordings: () => ({
            RecordingItem: script.recordings.map(r => ({
                RecordingToken: r.token,
                Configuration: { Source: source(r), Content: 'made up', MaximumRetentionTime: 'PT0S' },
                Tracks: { Track: [{ TrackToken: 'VIDEO001', Configuration: { TrackType: 'Video', Description: '' } }, { TrackToken: 'AUDIO001', Configuration: { TrackType: 'Audio', Description: '' } }] },
            })),
        }),
        GetRecordingJobs: () => ({
            JobItem: script.recordings.map(r => ({
                JobToken: `job-${r.token}`,
                JobConfiguration: { RecordingToken: r.token, Mode: 'Active', Priority: 1, Source: [{ SourceToken: { attributes: { Type: 'http://www.onvif.org/ver10/schema/Profile' }, Token: `profile-${r.token}` } }] },
            })),
        }),
    };
}

function search() {
    const begin = results => {
        const token = `search-${++lastToken}`;
        sessions.set(token, results);
        return { SearchToken: token };
    };
    const page = (args, name) => {
        const rest = sessions.get(args.SearchToken);
        if (!rest)
            throw { Fault: { Code: { Value: 'soap:Sender', Subcode: { value: 'ter:InvalidToken' } }, Reason: { Text: 'no such search' } } };
        const results = rest.splice(0, Math.min(script.pageSize, Number(args.MaxResults)));
        return { ResultList: { SearchState: rest.length > 0 ? 'Searching' : 'Completed', [name]: results } };
    };
    const event = (recording, time, present, isStart) => ({
        RecordingToken: recording.token,
        TrackToken: 'VIDEO001',
        Time: time,
        Event: {
            Topic: { attributes: { Dialect: 'http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet', 'xmlns:tns1': topics }, $value: 'tns1:RecordingHistory/Track/State' },
            Message: {
                'tt:Message': {
                    attributes: { UtcTime: time, PropertyOperation: isStart ? 'Initialized' : 'Changed', 'xmlns:tt': 'http://www.onvif.org/ver10/schema' },
                    'tt:Source': { 'tt:SimpleItem': [{ attributes: { Name: 'RecordingToken', Value: recording.token } }, { attributes: { Name: 'Track', Value: 'VIDEO001' } }] },
                    'tt:Data': { 'tt:SimpleItem': [{ attributes: { Name: 'IsDataPresent', Value: String(present) } }] },
                },
            },
        },
        StartStateEvent: isStart,
    });
    const events = (r, from, to, withStart) => {
        const inside = r.ranges.flatMap(([begin, end]) => [[begin, true], ...(end === null ? [] : [[end, false]])])
            .map(([ms, present]) => [ms + script.offsetSeconds * 1000, present]).filter(([ms]) => ms >= from && ms <= to);
        const state = r.ranges.some(([begin, end]) => begin + script.offsetSeconds * 1000 < from && (end === null || end + script.offsetSeconds * 1000 >= from));
        return [...(withStart ? [event(r, new Date(from).toISOString(), state, true)] : []), ...inside.map(([ms, present]) => event(r, new Date(ms).toISOString(), present, false))];
    };
    return {
        FindRecordings: () => begin(script.recordings.map(r => ({
            RecordingToken: r.token, Source: source(r),
            EarliestRecording: '1970-01-01T00:03:15Z', LatestRecording: told(Date.now()), Content: 'made up',
            Track: [{ TrackToken: 'VIDEO001', TrackType: 'Video', Description: '', DataFrom: '1970-01-01T00:03:15Z', DataTo: told(Date.now()) }, { TrackToken: 'AUDIO001', TrackType: 'Audio', Description: '', DataFrom: '1970-01-01T00:03:15Z', DataTo: told(Date.now()) }],
            RecordingStatus: 'Recording',
        }))),
        GetRecordingSearchResults: args => page(args, 'RecordingInformation'),
        FindEvents: args => {
            const wanted = [].concat(args.Scope && args.Scope.IncludedRecordings || []);
            const chosen = script.recordings.filter(r => wanted.length === 0 || wanted.includes(r.token));
            return begin(chosen.flatMap(r => events(r, new Date(args.StartPoint).getTime(), args.EndPoint ? new Date(args.EndPoint).getTime() : now(), String(args.IncludeStartState) === 'true')));
        },
        GetEventSearchResults: args => page(args, 'Result'),
        EndSearch: args => {
            sessions.delete(args.SearchToken);
            return { Endpoint: told(Date.now()) };
        },
    };
}

function listen(server, name, description, operations) {
    // The descriptions name a binding and no service of their own in some cases; the service is added, nothing else changed.
    const file = path.join(folder, description);
    const xml = fs.readFileSync(file, 'utf8');
    const found = /<wsdl:service name="([^"]+)">\s*<wsdl:port name="([^"]+)"/.exec(xml);
    const services = { [found[1]]: { [found[2]]: operations } };
    return new Promise((resolve, reject) => soap.listen(server, { path: `/${name}`, services, xml, uri: file, forceSoap12Headers: true, callback: error => error ? reject(error) : resolve() }));
}

async function main(line) {
    script = JSON.parse(line);
    const server = http.createServer((request, response) => response.writeHead(404).end());
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    await listen(server, 'device', 'devicemgmt.wsdl', device());
    await listen(server, 'recording', 'recording.wsdl', recording());
    await listen(server, 'search', 'search.wsdl', search());
    console.log(server.address().port);
}

let input = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', text => {
    const before = input.includes('\n');
    input += text;
    if (!before && input.includes('\n'))
        main(input.split('\n')[0]).catch(error => { console.error(error); process.exit(1); });
});
process.stdin.on('end', () => process.exit(0));
