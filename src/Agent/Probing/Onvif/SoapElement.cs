namespace Agent.Probing.Onvif;

/// <summary>
/// One element of a reply. Known by its local name alone, its text trimmed: real recorders differ in prefixes, in the namespaces of
/// what stands inside, in the order of attributes and in white space.
/// </summary>
internal sealed class SoapElement(string name, int depth)
{
    readonly List<SoapElement> _children = [];

    Dictionary<string, string>? _attributes;

    string _text = "";

    public string Name => name;

    /// <summary>How many elements it stands in.</summary>
    public int Depth => depth;

    public string Text => _text.Trim();

    public IReadOnlyList<SoapElement> Children => _children;

    /// <summary>The first child of a name; null when there is none.</summary>
    public SoapElement? this[string child] => _children.Find(c => c.Name == child);

    public IEnumerable<SoapElement> All(string child) => _children.Where(c => c.Name == child);

    /// <summary>The first element down a path of names; null when it breaks off.</summary>
    public SoapElement? At(params ReadOnlySpan<string> path)
    {
        SoapElement? at = this;
        foreach (var step in path)
            at = at?[step];
        return at;
    }

    /// <summary>The text at the end of a path; null when nothing, or nothing but white space, stands there.</summary>
    public string? TextAt(params ReadOnlySpan<string> path) => At(path) is { Text.Length: > 0 } found ? found.Text : null;

    /// <summary>An attribute's text, trimmed; null when it is not there.</summary>
    public string? Attribute(string attribute) => _attributes?.GetValueOrDefault(attribute);

    /// <summary>This and everything inside, in the order in which it stands.</summary>
    public IEnumerable<SoapElement> Everything() => _children.SelectMany(c => c.Everything()).Prepend(this);

    public void Add(SoapElement child) => _children.Add(child);

    public void Add(string attribute, string text) => (_attributes ??= new(StringComparer.Ordinal)).TryAdd(attribute, text.Trim());

    public void AddText(string text) => _text = _text.Length == 0 ? text : _text + text;
}
