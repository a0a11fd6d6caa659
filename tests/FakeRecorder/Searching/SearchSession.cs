using System.Xml.Linq;

namespace FakeRecorder.Searching;

/// <summary>One search that somebody is being told the results of.</summary>
internal sealed class SearchSession(string token, int number, IReadOnlyList<XElement> results, int pageSize, TimeSpan keepAlive)
{
    int _told;

    public string Token => token;

    /// <summary>Counts the searches from 1.</summary>
    public int Number => number;

    public TimeSpan KeepAlive => keepAlive;

    public DateTimeOffset LastAsked { get; set; }

    public int Polls { get; set; }

    public bool HasToldEverything => _told >= results.Count;

    /// <summary>The next results, which are never told again.</summary>
    public IReadOnlyList<XElement> Next(int? most)
    {
        var page = FirstPage(most, _told);
        _told += page.Count;
        return page;
    }

    public IReadOnlyList<XElement> FirstPage(int? most, int from = 0) => [.. results.Skip(from).Take(Math.Min(pageSize, most ?? pageSize))];
}
